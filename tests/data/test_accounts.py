"""Accounts, tokens, events and tries of logging in, on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from ledgers import own_ledger
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from data.ledger import accounts, events, store, throttle, tokens
from data.ledger.accounts import AccountInvalid, UnknownAccount
from data.ledger.errors import LedgerUnavailable
from data.ledger.tables import accounts as accounts_table
from data.ledger.tables import api_tokens, login_failures
from data.ledger.tables import events as events_table

GOOD = "a good long password"


class TestAnAccount:
    def test_is_kept_with_its_roles_and_lets_its_password_in(self, ledger):
        made = accounts.add("Conseil-12", ["manager", "advisor"], GOOD)
        assert made.name == "conseil-12"
        assert made.roles == {"advisor", "manager"}
        assert accounts.check("CONSEIL-12 ", GOOD) == made
        assert accounts.all() == [made]

    @pytest.mark.parametrize("name", ["conseil-12\0", "\ud800", "' OR 1=1 --"])
    def test_is_not_found_by_what_is_no_name(self, ledger, name):
        accounts.add("conseil-12", ["advisor"], GOOD)
        assert accounts.check(name, GOOD) is None

    @pytest.mark.parametrize(
        "password", ["", "a good long passwore", GOOD.upper(), GOOD + " ", "x" * 10_000, "\0"]
    )
    def test_lets_no_other_password_in(self, ledger, password):
        accounts.add("conseil-12", ["advisor"], GOOD)
        assert accounts.check("conseil-12", password) is None

    def test_knows_a_password_however_its_letters_are_composed(self, ledger):
        accounts.add("conseil-12", ["advisor"], "cre\u0301dit a\u0300 la carte")
        assert accounts.check("conseil-12", "cr\u00e9dit \u00e0 la carte")

    def test_keeps_its_password_as_an_argon2_hash_alone(self, ledger):
        accounts.add("conseil-12", ["advisor"], GOOD)
        with store.reading() as connection:
            (row,) = connection.execute(select(accounts_table)).mappings()
        assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert GOOD not in str(row)

    def test_of_weaker_hash_is_hashed_anew_when_it_logs_in(self, ledger):
        from argon2 import PasswordHasher

        accounts.add("conseil-12", ["advisor"], GOOD)
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
        with store.writing() as connection:
            connection.execute(update(accounts_table).values(password_hash=weak))
        assert accounts.check("conseil-12", GOOD).epoch == 1
        with store.reading() as connection:
            assert "m=19456" in connection.execute(select(accounts_table.c.password_hash)).scalar()
        assert accounts.check("conseil-12", GOOD)

    @pytest.mark.parametrize(
        ("name", "roles", "password"),
        [
            ("", ["advisor"], GOOD),
            ("a b", ["advisor"], GOOD),
            ("token:x", ["advisor"], GOOD),
            ("demo-manager", ["advisor"], GOOD),
            ("x" * 65, ["advisor"], GOOD),
            ("é", ["advisor"], GOOD),
            ("conseil", [], GOOD),
            ("conseil", ["root"], GOOD),
            ("conseil", ["advisor"], "short"),
            ("conseil", ["advisor"], "x" * 257),
            ("conseil", ["advisor"], "aaaaaaaaaaaaaaab"),
            ("conseil", ["advisor"], "Conseil-is-my-name"),
            ("conseil", ["advisor"], None),
        ],
    )
    def test_that_is_not_acceptable_is_refused_without_its_password_told(self, ledger, name, roles, password):
        with pytest.raises(AccountInvalid) as told:
            accounts.add(name, roles, password)
        assert not password or password not in str(told.value)
        assert not accounts.all()

    def test_of_a_taken_name_or_subject_is_refused(self, ledger):
        accounts.add("conseil", ["advisor"], GOOD, subject="s-1")
        for name, subject in (("conseil", None), ("other", "s-1")):
            with pytest.raises(AccountInvalid):
                accounts.add(name, ["manager"], GOOD, subject)
        assert accounts.of_subject("s-1").roles == {"advisor"}
        assert accounts.of_subject("s-2") is None

    def test_from_the_provider_has_no_password_to_guess(self, ledger):
        accounts.add("conseil", ["advisor"], subject="s-1")
        assert accounts.check("conseil", "") is None
        assert accounts.check("conseil", "the password of nobody") is None

    def test_ends_its_sessions_with_each_change_of_what_it_may_do(self, ledger):
        accounts.add("conseil", ["advisor"], GOOD)
        seen = {accounts.get("conseil").epoch}
        for change in (
            lambda: accounts.set_password("conseil", "another good password"),
            lambda: accounts.set_roles("conseil", ["manager"]),
            lambda: accounts.disable("conseil"),
            lambda: accounts.enable("conseil"),
        ):
            change()
            seen.add(accounts.get("conseil").epoch)
        assert seen == {1, 2, 3, 4, 5}

    def test_that_is_closed_lets_nobody_in(self, ledger):
        accounts.add("conseil", ["advisor"], GOOD)
        accounts.disable("conseil")
        assert accounts.check("conseil", GOOD) is None
        accounts.enable("conseil")
        assert accounts.check("conseil", GOOD)

    @pytest.mark.parametrize("act", [accounts.get, accounts.disable, accounts.enable])
    def test_that_is_unknown_is_told(self, ledger, act):
        with pytest.raises(UnknownAccount):
            act("nobody")

    def test_unknown_takes_as_long_as_a_wrong_password(self, tmp_path):
        with own_ledger("sqlite", tmp_path):
            accounts.add("conseil", ["advisor"], GOOD)
            accounts.check("nobody", "x")

            def best(name: str) -> float:
                spent = []
                for _ in range(8):
                    began = time.perf_counter()
                    accounts.check(name, "not the password")
                    spent.append(time.perf_counter() - began)
                return min(spent)

            assert best("nobody") == pytest.approx(best("conseil"), rel=0.5)
            assert best("nobody") > 0.005  # a hash was made


class TestAToken:
    def test_is_shown_once_and_kept_as_a_hash(self, ledger):
        made, secret = tokens.create("scoring", ["read", "assess"])
        assert tokens.check(secret) == made
        with store.reading() as connection:
            (row,) = connection.execute(select(api_tokens)).mappings()
        assert secret not in str(dict(row))
        assert tokens.check(secret + "x") is None
        assert tokens.check("") is None

    def test_that_was_revoked_is_refused_for_good(self, ledger):
        made, secret = tokens.create("scoring", ["read"])
        tokens.revoke(made.id)
        first = tokens.all()[0].revoked
        tokens.revoke(made.id)
        assert tokens.check(secret) is None
        assert tokens.all()[0].revoked == first is not None

    def test_ends_with_the_account_that_answers_for_it(self, ledger):
        accounts.add("conseil", ["advisor"], GOOD)
        _, secret = tokens.create("scoring", ["read", "review"], "conseil")
        assert tokens.check(secret).owner_roles == {"advisor"}
        accounts.disable("conseil")
        assert tokens.check(secret) is None

    def test_says_when_it_was_last_used(self, ledger):
        _, secret = tokens.create("scoring", ["read"])
        assert tokens.all()[0].last_used is None
        tokens.check(secret)
        assert datetime.now(UTC) - tokens.all()[0].last_used < timedelta(minutes=1)

    @pytest.mark.parametrize(
        ("name", "scopes"), [("", ["read"]), ("a b", ["read"]), ("x", []), ("x", ["root"])]
    )
    def test_that_is_not_acceptable_is_refused(self, name, scopes):
        with pytest.raises(tokens.TokenInvalid):
            tokens.create(name, scopes)

    def test_needs_an_account_that_exists_and_a_number_that_does(self, ledger):
        with pytest.raises(UnknownAccount):
            tokens.create("x", ["read"], "nobody")
        with pytest.raises(tokens.UnknownToken):
            tokens.revoke(7)


class TestEvents:
    def test_are_told_latest_first_by_what_is_asked(self, ledger):
        for number in range(3):
            events.add(events.VIEW, "conseil", f"home_credit/{number}", "a" * 32)
        events.add(events.LOGIN, "manager")
        assert [one.target for one in events.page(kind=events.VIEW, limit=2)] == [
            "home_credit/2",
            "home_credit/1",
        ]
        assert [one.kind for one in events.page(account="manager")] == ["login"]
        (one,) = events.page(target="home_credit/1")
        assert [found.id < one.id for found in events.page(before=one.id)] == [True]
        assert events.has(events.VIEW, "home_credit/1")
        assert not events.has(events.LOGOUT, "home_credit/1")

    def test_of_an_unknown_kind_are_a_fault(self):
        with pytest.raises(ValueError, match="expected one of"):
            events.add("look", "conseil")

    def test_can_not_be_changed_nor_removed_while_they_are_kept(self, ledger):
        events.add(events.LOGIN, "conseil")
        for act in (update(events_table).values(account="x"), events_table.delete()):
            with pytest.raises((LedgerUnavailable, DBAPIError)), store.writing() as connection:
                connection.execute(act)
        assert [one.account for one in events.page()] == ["conseil"]

    def test_are_removed_when_they_are_old(self, ledger):
        old = {"kind": "login", "account": "conseil", "target": "", "address_hash": ""}
        with store.writing() as connection:
            connection.execute(insert(events_table).values(at=datetime.now(UTC) - timedelta(days=400), **old))
        events.add(events.LOGIN, "manager")
        assert events.purge(24) == 0
        assert events.purge(12) == 1
        assert [one.account for one in events.page()] == ["manager"]


class TestTries:
    def test_are_counted_until_none_is_left(self, ledger):
        assert [throttle.take({"a": 3}) for _ in range(3)] == [2, 1, 0]
        with pytest.raises(throttle.TooManyTries) as told:
            throttle.take({"a": 3})
        assert timedelta(minutes=14) < told.value.wait <= throttle.WAIT
        assert throttle.take({"b": 3}) == 2

    def test_refused_count_against_nothing(self, ledger):
        throttle.take({"a": 1})
        with pytest.raises(throttle.TooManyTries):
            throttle.take({"a": 1, "address": 9})
        assert throttle.take({"b": 9, "address": 9}) == 8

    def test_are_given_back_when_they_succeed(self, ledger):
        throttle.take({"a": 2, "address": 2})
        throttle.give_back("a", whole=True)
        throttle.give_back("address")
        assert throttle.take({"a": 2, "address": 2}) == 1

    def test_lapse_with_time_and_leave_no_row(self, ledger):
        throttle.take({"a": 1})
        with store.writing() as connection:
            connection.execute(update(login_failures).values(until=datetime.now(UTC) - timedelta(seconds=1)))
        assert throttle.take({"b": 1}) == 0
        with store.reading() as connection:
            assert connection.execute(select(login_failures.c.key)).scalars().all() == ["b"]
        assert throttle.take({"a": 1}) == 0

    def test_made_all_at_once_are_no_more_than_in_turn(self, ledger):
        def attempt(_) -> bool:
            try:
                throttle.take({"a": 5})
            except throttle.TooManyTries:
                return False
            return True

        store.engine()
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(attempt, range(24))) == 5
