"""Accounts and tokens from the command line."""

import pytest
from ledgers import own_ledger
from typer.testing import CliRunner

from data.access_commands import app
from data.ledger import accounts, events, tokens

GOOD = "a good long password"


@pytest.fixture
def run(tmp_path):
    def call(*words: str, typed: str = ""):
        return CliRunner().invoke(app, list(words), input=typed)

    with own_ledger("sqlite", tmp_path):
        yield call


def test_an_account_is_opened_with_a_password_that_is_read(run):
    told = run("add-user", "conseil", "--role", "advisor", "--role", "manager", typed=f"{GOOD}\n")
    assert told.exit_code == 0
    assert GOOD not in told.output
    assert accounts.check("conseil", GOOD).roles == {"advisor", "manager"}
    assert "conseil\tadvisor,manager\tpassword" in run("list-users").output


def test_one_of_the_provider_needs_none(run):
    assert run("add-user", "conseil", "--role", "advisor", "--subject", "s-1").exit_code == 0
    assert accounts.of_subject("s-1").has_password is False


def test_its_password_is_never_an_argument(run):
    assert run("add-user", "conseil", GOOD, "--role", "advisor").exit_code == 2
    assert run("set-password", "conseil", GOOD).exit_code == 2


def test_it_can_be_changed_closed_and_opened(run):
    run("add-user", "conseil", "--role", "advisor", typed=f"{GOOD}\n")
    assert run("set-password", "conseil", typed="another good password\n").exit_code == 0
    assert accounts.check("conseil", "another good password")
    assert run("set-roles", "conseil", "--role", "admin").exit_code == 0
    assert accounts.get("conseil").roles == {"admin"}
    assert run("disable-user", "conseil").exit_code == 0
    assert "closed" in run("list-users").output
    assert run("enable-user", "conseil").exit_code == 0
    assert accounts.get("conseil").disabled is None


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("add-user", "conseil", "--role", "root"), GOOD),
        (("add-user", "conseil", "--role", "advisor"), "short"),
        (("add-user", "conseil", "--role", "advisor"), ""),
        (("set-password", "nobody"), GOOD),
        (("disable-user", "nobody"), ""),
        (("add-token", "x", "--scope", "root"), ""),
        (("add-token", "x", "--scope", "read", "--owner", "nobody"), ""),
        (("revoke-token", "7"), ""),
    ],
)
def test_what_can_not_be_done_is_one_clear_line(run, words, typed):
    told = run(*words, typed=f"{typed}\n")
    assert told.exit_code == 2
    assert told.stderr.startswith("error: ")
    assert len(told.stderr.splitlines()) == 1


def test_a_token_is_shown_alone_and_once(run):
    told = run("add-token", "scoring", "--scope", "read")
    secret = told.stdout.strip()
    assert tokens.check(secret).name == "scoring"
    listed = run("list-tokens").output
    assert "scoring\tread" in listed
    assert secret not in listed
    assert run("revoke-token", "1").exit_code == 0
    assert tokens.check(secret) is None


def test_who_looked_at_a_file_is_listed(run):
    events.add(events.VIEW, "conseil", "home_credit/1", "a" * 32)
    events.add(events.LOGIN, "conseil")
    told = run("list-events", "--target", "home_credit/1").output.splitlines()
    assert len(told) == 1
    assert "\tview\tconseil\thome_credit/1\t" in told[0]
