import numpy as np
import pytest
from typer.testing import CliRunner

from data import portfolios
from data.bank import open_bank
from model import offers_compared, offers_told
from model.__main__ import app
from model.fitting import slices
from model.offers_training import Sample, gather
from model.train import learnable
from model.validation import FOLDS

run = CliRunner().invoke
FEW = 300


@pytest.fixture
def found(prospects):
    """What there is to learn from the demo's accepted proposals, in the model's own folds."""
    portfolio, frame = portfolios.load("prospects"), open_bank("prospects").frame()
    population, encoding, data = learnable(portfolio, frame)
    fold = slices(data.outcome, FOLDS, 11, data.group)
    return gather(portfolio, population, encoding, fold, frame)


@pytest.fixture
def quick(monkeypatch):
    """Compare two rivals only: the others take most of the time and are tried one by one."""
    few = {name: offers_compared.RIVALS[name] for name in (offers_told.SERVED, "logistic")}
    monkeypatch.setattr(offers_compared, "RIVALS", few)


def test_the_report_s_six_ways_are_all_there():
    ways = {"lightgbm", "histogram", "forest", "logistic", "svm", "neighbours", "network"}
    assert set(offers_compared.RIVALS) == ways


@pytest.mark.parametrize("name", offers_compared.RIVALS)
def test_every_way_answers_rows_that_it_never_saw_with_a_score_for_every_class(found, name):
    few = offers_compared._fewer(found, FEW, 1)
    raw = offers_compared.RIVALS[name](few, few.learnt, 1)(few.test.matrix[:20])
    assert raw.shape == (20, len(found.classes))
    assert np.isfinite(raw).all()


def test_a_class_without_an_example_still_has_a_score(found):
    rows = found.learnt.take(np.flatnonzero(found.learnt.taken < 2)[:FEW])
    raw = offers_compared.RIVALS["logistic"](found, rows, 1)(found.test.matrix[:5])
    assert (raw[:, 2:].max(axis=1) <= raw[:, :2].min(axis=1)).all()


def test_so_many_rows_at_most_are_the_same_for_all(found):
    first, again = (offers_compared._fewer(found, FEW, 1) for _ in range(2))
    assert len(first.learnt.taken) == len(first.test.taken) == FEW
    assert (first.learnt.matrix == again.learnt.matrix)[~np.isnan(first.learnt.matrix)].all()


def test_a_group_keeps_to_one_fold(found):
    # Folds are those of training: proposals of one prospect are never parted there.
    assert set(np.unique(found.learnt.fold)) == set(range(FOLDS))
    assert (found.test.fold == -1).all()


def test_the_command_prints_a_table_and_keeps_it(prospects, quick):
    result = run(app, ["compare-offers", "prospects", "--rows", str(FEW)])
    assert result.exit_code == 0, result.output
    kept = offers_told.kept("prospects")
    assert [one["name"] for one in kept["rivals"]] == ["lightgbm", "logistic", "most_frequent"]
    assert kept["learnt"]["rows"] == kept["judged"]["rows"] == FEW
    assert kept["judged"]["values"] == portfolios.load("prospects").settings["split"]["test"]
    for one in kept["rivals"]:
        assert one["test"]["top_1"]["value"] <= one["test"]["top_3"]["value"] <= one["test"]["top_4"]["value"]
        assert f"{one['test']['top_1']['value']:.4f}" in result.output


def test_a_portfolio_without_offers_is_refused_in_a_line(store):
    result = run(app, ["compare-offers", "home_credit"])
    assert result.exit_code == 2
    assert "[offers]" in result.output


def test_nothing_that_can_be_read_is_no_comparison(prospects, tmp_path, monkeypatch):
    monkeypatch.setattr(offers_told, "path", lambda portfolio: tmp_path / "none.json")
    assert offers_told.kept("prospects") is None
    (tmp_path / "none.json").write_text("{")
    assert offers_told.kept("prospects") is None


def test_a_sample_keeps_its_parts_together():
    rows = Sample(np.arange(6.0).reshape(3, 2), np.arange(3), np.array(["a", "b", "c"]), np.zeros(3))
    part = rows.take(np.array([2]))
    assert (part.matrix.tolist(), part.taken.tolist(), part.group.tolist()) == ([[4.0, 5.0]], [2], ["c"])
