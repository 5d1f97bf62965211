"""A bank encrypted at rest: unreadable without its key, and the faults said in one line."""

import duckdb
import pytest

from data.bank import Bank, BankLocked

KEY = 'la clé du coffre n\'est pas \\ "ici"'


@pytest.fixture
def locked(load, place):
    load(key=KEY)
    return place


def test_reads_with_its_key_as_if_in_clear(locked, portfolio):
    bank = Bank(portfolio, locked, KEY)
    assert bank.record("2")["town"] == "Saint-Malo, Bretagne"
    assert bank.frame().height == 5


def test_holds_nothing_in_clear(locked, load, place):
    secrets = (b"Saint-Malo", b"Bretagne", b"client_id", b"days_employed")
    content = locked.read_bytes()
    assert not [secret for secret in secrets if secret in content]
    load()
    assert all(secret in place.read_bytes() for secret in secrets)


def test_opens_with_nothing_but_limpide_only_given_the_key(locked):
    with pytest.raises(duckdb.Error, match="without a key"):
        duckdb.connect(str(locked), read_only=True)


@pytest.mark.parametrize(
    ("key", "words"),
    [("another", "BANK_KEY is not the key"), ("", "this bank is encrypted; set BANK_KEY")],
)
def test_with_the_wrong_key_or_none_says_one_clear_thing(locked, portfolio, key, words):
    with pytest.raises(BankLocked, match=words) as caught:
        Bank(portfolio, locked, key)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_key_for_a_bank_in_clear_is_refused(load, place, portfolio):
    load()
    with pytest.raises(BankLocked, match="BANK_KEY is set but this bank is not encrypted"):
        Bank(portfolio, place, KEY)


def test_a_load_with_a_key_leaves_nothing_in_clear_beside_it(locked):
    assert list(locked.parent.iterdir()) == [locked]
