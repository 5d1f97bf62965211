"""What managers conclude in writing: kept once, by managers only, in order."""

import sys

import pytest
from acting import acting

from components.act import Act
from data.ledger import notes, verify
from data.ledger.errors import LedgerUnavailable
from tests.seen import plain
from web.identity import Forbidden

pytestmark = pytest.mark.usefixtures("ledger")


def write(server, words, about="fairness:1", roles=("manager",)):
    with acting(server, "max", *roles):
        return sys.modules["pages._notes"].write(Act("note", "home_credit", about, "fr"), words)


def test_a_conclusion_is_kept_and_shown_on_fairness(server):
    assert write(server, "L'écart vient du revenu.")[0]
    with acting(server, "eve", "manager"):
        shown = sys.modules["pages.fairness"].layout("home_credit", "fr")
    assert "L'écart vient du revenu." in plain(shown)
    assert verify.verify() == []


def test_a_note_sent_twice_is_one(server):
    for _ in range(2):
        write(server, "Vu.")
    write(server, "Revu.")
    assert [one.text for one in notes.of("home_credit", "fairness:1")] == ["Vu.", "Revu."]


@pytest.mark.parametrize("about", ["fairness:1", "x", "", "drift:" + "9" * 40])
@pytest.mark.parametrize("words", ["", " ", None, ["a"], "x" * 3_000])
def test_whatever_is_sent_is_answered(server, words, about):
    hidden, fault, _ = write(server, words, about)
    assert not hidden
    assert fault is not None


def test_is_for_managers_only(server):
    with pytest.raises(Forbidden):
        write(server, "Vu.", roles=("advisor",))


def test_a_silent_ledger_is_told(server, monkeypatch):
    def silent(*_):
        raise LedgerUnavailable("down")

    monkeypatch.setattr(notes, "of", silent)
    with acting(server, "max", "manager"):
        assert "Le registre ne répond pas" in plain(sys.modules["pages.fairness"].layout("home_credit", "fr"))
