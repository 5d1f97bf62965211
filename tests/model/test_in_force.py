"""An approved threshold decides: whatever depends on it follows, and a silent ledger changes nothing."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from ledgers import own_ledger

import config
from data.bank import open_bank
from data.ledger import approvals, proposals, store
from data.ledger.errors import LedgerUnavailable
from model import artifact, in_force
from model.artifact import champion
from model.assess import assess
from model.desk import desk

COSTS = {"false_negative": 12, "false_positive": 1}


@pytest.fixture(autouse=True)
def own(store, tmp_path, monkeypatch):
    """A store of one's own: the shared one must not learn of an approval."""
    for name in ("banks", "models"):
        shutil.copytree(store / name, tmp_path / name)
    with own_ledger("sqlite", tmp_path):
        forget()
        yield
    forget()


def forget() -> None:
    artifact._cache.clear()
    in_force._models.clear()
    in_force.forget()


def approve(mark: int, version: str | None = None) -> approvals.Answer:
    model = champion("home_credit")
    made = proposals.add(
        "home_credit", version or model.version, model.scale.probability(mark), model.threshold, COSTS,
        "Fewer losses", "demo-manager",
    )  # fmt: skip
    answer = approvals.answer(made.id, "demo-reviewer", True, "Agreed")
    in_force.forget()
    return answer


def test_without_an_approval_the_threshold_of_training_decides():
    model = champion("home_credit")
    assert model.approved is None
    assert model.threshold == model.card["threshold"]["in_force"]
    assert model.trained_mark == model.pass_mark
    assert model.just_accepted == (model.card["reference"]["low"], model.card["reference"]["high"])


def test_asking_makes_no_ledger(tmp_path):
    champion("home_credit")
    assert not (tmp_path / "ledger.sqlite").exists()


def test_an_approved_one_decides_everywhere():
    trained = champion("home_credit")
    answer = approve(612)
    model = champion("home_credit")
    assert round(model.pass_mark) == 612
    assert model.trained_mark == trained.pass_mark
    assert model.approved.version == answer.id
    client = open_bank("home_credit").search("", limit=1)[0][0]
    told = assess("home_credit", client)
    assert (told.threshold, told.pass_mark) == (model.threshold, model.pass_mark)
    assert told.grey_low == pytest.approx(602)
    assert desk(model).in_force == 612
    assert model.just_accepted == pytest.approx((612, 622))
    assert model.stages is trained.stages


def test_what_is_counted_at_the_mark_is_counted_there_anew():
    trained = champion("home_credit")
    approve(612)
    card = champion("home_credit").card
    assert sum(card["per_1000"].values()) == pytest.approx(1000)
    flagged = [
        one["true_positive"] + one["false_positive"] for one in (trained.card["per_1000"], card["per_1000"])
    ]
    assert flagged[1] > flagged[0]
    assert card["metrics"]["refused_share"]["value"] == pytest.approx(flagged[1] / 1000)
    cost = card["metrics"]["cost_per_file"]
    assert cost["low"] < cost["value"] < cost["high"]
    assert cost["value"] == pytest.approx(
        (10 * card["per_1000"]["false_negative"] + card["per_1000"]["false_positive"]) / 1000
    )
    assert card["metrics"]["auc"] == trained.card["metrics"]["auc"]


def test_counting_anew_at_the_mark_of_training_changes_no_figure():
    model = champion("home_credit")
    card = in_force.at(model, model.threshold)
    assert card["per_1000"] == pytest.approx(model.card["per_1000"])
    for name in ("cost_per_file", "refused_share"):
        assert card["metrics"][name]["value"] == pytest.approx(model.card["metrics"][name]["value"])
        # Drawn from counts rather than from rows: the same interval, to the noise of the draws.
        for end in ("low", "high"):
            assert card["metrics"][name][end] == pytest.approx(model.card["metrics"][name][end], rel=0.06)


def test_one_approved_for_another_version_decides_nothing():
    approve(612, version="7")
    assert champion("home_credit").approved is None


def test_a_ledger_that_falls_silent_leaves_the_last_one_known(monkeypatch):
    approve(612)
    champion("home_credit")
    monkeypatch.setattr(in_force, "REMEMBERED", 0)
    past = {place: (0.0, found) for place, (_, found) in in_force._known.items()}
    monkeypatch.setattr(in_force, "_known", past)
    monkeypatch.setattr(approvals, "in_force", lambda *_: (_ for _ in ()).throw(LedgerUnavailable("away")))
    assert round(champion("home_credit").pass_mark) == 612


def test_a_ledger_that_never_spoke_leaves_the_one_of_training(monkeypatch):
    store.engine()
    monkeypatch.setattr(approvals, "in_force", lambda *_: (_ for _ in ()).throw(LedgerUnavailable("away")))
    assert champion("home_credit").approved is None


def test_nobody_waits_while_one_asks(monkeypatch):
    store.engine()
    asked, go = Event(), Event()

    def slow(*_):
        asked.set()
        assert go.wait(20)

    monkeypatch.setattr(approvals, "in_force", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(champion, "home_credit")
        assert asked.wait(20)
        assert champion("home_credit").approved is None
        go.set()
        assert first.result(20).approved is None


def test_it_is_asked_again_after_a_moment(monkeypatch):
    champion("home_credit")
    approve(612)
    monkeypatch.setattr(in_force, "REMEMBERED", 0)
    in_force.forget()
    assert round(champion("home_credit").pass_mark) == 612
    approve(606)
    assert round(champion("home_credit").pass_mark) == 606
    assert config.settings().database_url.get_secret_value() == ""
