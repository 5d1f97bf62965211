"""Rows are divided by what the portfolio declares, and what was found can be read back."""

import json
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from tests_support import own_store
from typer.testing import CliRunner

from data.portfolios import Column, Portfolio
from model import compare_command, compare_rows, compared
from model.__main__ import app
from model.compare_rows import divided, labelled
from model.population import Population
from model.train import NotEnoughData

COUNT = 2_000
BASE = {"id": "made_up", "target": "y", "costs": {"false_negative": 1, "false_positive": 1}}
SPLIT = {"split": {"column": "year", "test": [2021], "group": "who"}}
SEGMENTS = {"segments": {"column": "age", "edges": [30]}}
SOURCE = SimpleNamespace(fingerprint="f", synthetic=True)


def column(name: str, kind: str, role: str) -> Column:
    return Column(
        name, kind, role, "application", "application", "theme", "", 0, None, None, 0, 0, None, None, None,
        name, name, name,
    )  # fmt: skip


def portfolio(tmp_path, *more: dict) -> Portfolio:
    kinds = {"age": ("number", "input"), "kind": ("category", "input"), "year": ("number", "note")}
    columns = {name: column(name, *about) for name, about in kinds.items()}
    columns["who"] = column("who", "number", "note")
    settings = dict(BASE)
    for one in more:
        settings |= one
    return Portfolio(tmp_path, settings, columns)


def population(count: int = COUNT, seed: int = 2) -> Population:
    """Return files of three years, one in ten without an age, two to each person, some of unknown outcome."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, count).astype(float)
    age[::10] = np.nan
    frame = pl.DataFrame(
        {
            "age": pl.Series(age, dtype=pl.Float64).fill_nan(None),
            "kind": rng.choice(["a", "b"], count),
            "year": rng.choice([2018, 2019, 2021], count),
            "who": np.arange(count) // 2,
        }
    )
    # What only the last year knows must not become a category.
    frame = frame.with_columns(
        kind=pl.when(pl.col("year") == 2021).then(pl.lit("new")).otherwise(pl.col("kind"))
    )
    outcome = (rng.random(count) < 0.4).astype(float)
    outcome[:5] = np.nan
    return Population([str(number) for number in range(count)], frame, {}, outcome)


@pytest.fixture
def rows(tmp_path):
    return divided(portfolio(tmp_path, SPLIT, SEGMENTS), labelled(population()), SOURCE, 1)


def test_the_year_set_aside_judges_and_nothing_else(rows):
    year = labelled(population()).frame["year"].to_numpy()
    everyone = rows.parts[0]
    assert set(year[everyone.judge]) == {2021}
    assert set(year[everyone.learn]) == set(year[everyone.choose]) == {2018, 2019}
    assert (rows.fold[everyone.judge] == -1).all()
    assert set(rows.fold[everyone.learn]) == {0, 1, 2}
    assert rows.aside == {"column": "year", "values": [2021]}


def test_no_fold_parts_a_group(rows):
    learn = rows.parts[0].learn
    folds = pl.DataFrame({"group": rows.group[learn], "fold": rows.fold[learn]})
    assert folds.group_by("group").agg(pl.col("fold").n_unique())["fold"].max() == 1


def test_segments_go_by_the_value_as_it_is_given(rows):
    age = labelled(population()).frame["age"].to_numpy()
    _, young, older = rows.parts
    for part, inside in ((young, age < 30), (older, age >= 30)):
        for places in (part.learn, part.judge):
            assert inside[places].all()
    assert len(young.judge) + len(older.judge) < len(rows.parts[0].judge)  # nobody guesses an age


def test_categories_are_those_of_the_rows_learnt_from(rows):
    assert np.isnan(rows.table.matrix[rows.parts[0].judge, 1]).all()
    assert not np.isnan(rows.table.matrix[rows.parts[0].learn, 1]).any()


def test_only_so_many_rows_choose(tmp_path, monkeypatch):
    monkeypatch.setattr(compare_rows, "MOST", 500)
    found = divided(portfolio(tmp_path, SPLIT), labelled(population()), SOURCE, 1).parts[0]
    assert len(found.choose) == 500 < len(found.learn)
    assert np.isin(found.choose, found.learn).all()


def test_without_rows_set_aside_only_so_many_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(compare_rows, "MOST", 500)
    found = divided(portfolio(tmp_path), labelled(population()), SOURCE, 1)
    assert found.aside is None
    assert len(found.fold) == 500
    np.testing.assert_array_equal(found.parts[0].learn, found.parts[0].judge)
    assert set(found.fold) == {0, 1, 2, 3, 4}


def test_a_segment_with_too_few_rows_is_left_out_and_named(tmp_path):
    found = divided(portfolio(tmp_path, SPLIT, {"segments": {"column": "age", "edges": [19]}}),
                    labelled(population()), SOURCE, 1)  # fmt: skip
    assert found.left_out == ("segment_1",)
    assert [part.name for part in found.parts] == ["all", "segment_2"]


def test_too_few_rows_are_refused_with_their_numbers(tmp_path):
    with pytest.raises(NotEnoughData, match="at least 60 of"):
        divided(portfolio(tmp_path, SPLIT), labelled(population(150)), SOURCE, 1)


def test_a_bank_without_outcomes_is_refused():
    with pytest.raises(NotEnoughData, match="no outcomes"):
        labelled(Population(["1"], pl.DataFrame({"age": [1.0]}), {}, None))


class TestWhatIsKept:
    def test_is_read_back_and_read_again_once_it_changed(self, tmp_path):
        with own_store(tmp_path):
            assert compared.compared("made_up") is None
            compared.write("made_up", {"format": compared.FORMAT, "metric": "auc"})
            assert compared.compared("made_up")["metric"] == "auc"
            compared.write("made_up", {"format": compared.FORMAT, "metric": "recall"})
            assert compared.compared("made_up")["metric"] == "recall"

    @pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"format": 0})])
    def test_is_nothing_where_it_cannot_be_read(self, tmp_path, text):
        with own_store(tmp_path):
            compared.write("made_up", {})
            compared.path("made_up").write_text(text, encoding="utf-8")
            assert compared.compared("made_up") is None


class TestTheCommand:
    def test_names_a_portfolio_that_is_not_there(self):
        found = CliRunner().invoke(app, ["compare", "nobody", "--no-track"])
        assert found.exit_code == 2
        assert "unknown portfolio 'nobody'" in found.output

    def test_names_an_algorithm_that_is_not_there(self, store):
        found = CliRunner().invoke(app, ["compare", "home_credit", "--only", "oracle", "--no-track"])
        assert found.exit_code == 2
        assert "oracle unknown" in found.output

    def test_compares_on_a_portfolio_without_split_or_segments(self, store):
        asked = ["compare", "home_credit", "--only", "logistic", "--search", "none", "--no-track"]
        found = CliRunner().invoke(app, asked)
        assert found.exit_code == 0, found.output
        assert "judged out of fold" in found.output
        told = compared.compared("home_credit")
        assert told["judged_on"] is None
        assert told["routed"] is None
        assert [one["name"] for one in told["populations"]] == ["all"]
        assert told["mark"] == pytest.approx(1 / 11)

    def test_logs_each_algorithm_of_each_population(self, monkeypatch):
        logged = []

        class Study:
            remark = ""

            def __init__(self, *given, wanted):
                assert wanted

            def trial(self, number, about, figures, *, seconds):
                logged.append((number, about["population"], about["algorithm"], figures["auc"]))

            def end(self, about, figures):
                logged.append((about, figures))

        monkeypatch.setattr(compare_command.track, "Study", Study)
        figure = {"value": 0.7, "low": 0.6, "high": 0.8}
        model = {"name": "tree", "metrics": {"auc": figure}, "seconds": 1.0}
        kept = {"name": "tree", "parameters": {"max_depth": 3}, "metrics": {"auc": figure}}
        parts = [{"name": name, "algorithms": [model], "retained": kept} for name in ("all", "segment_1")]
        found = {"portfolio": "made_up", "created": "now", "populations": parts}
        assert compare_command._logged(found, {}, wanted=True) == ""
        assert logged == [
            (0, "all", "tree", 0.7),
            (1, "segment_1", "tree", 0.7),
            ({"algorithm": "tree", "max_depth": 3}, {"auc": 0.7}),
        ]
