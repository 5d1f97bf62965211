"""Segments are told by the value as given, and everything that answers takes the same model for a file."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import portfolios
from model import segments, validation
from model.account import settled
from model.fitting import fit
from model.segments import NOWHERE, SegmentsUnfit
from model.segments_training import Fitting, Way, choose, verdict
from model.table import Table
from tests.model.lab_support import QUICK

PORTFOLIO = portfolios.load("prospects")
COLUMN = PORTFOLIO.settings["segments"]["column"]


def told(**about):
    """Return the portfolio with other segments."""
    return replace(PORTFOLIO, settings=PORTFOLIO.settings | {"segments": about})


class TestRoutes:
    @pytest.mark.parametrize(
        ("value", "name"),
        [(18, "segment_1"), (29, "segment_1"), (29.999, "segment_1"), (30, "segment_2"), (75.0, "segment_2")],
    )
    def test_follow_the_value_as_it_is_given_an_edge_being_above(self, value, name):
        assert segments.route(PORTFOLIO, {COLUMN: value}) == name

    @pytest.mark.parametrize("record", [{}, {COLUMN: None}, {COLUMN: math.nan}])
    def test_lead_to_no_segment_without_the_value(self, record):
        assert segments.route(PORTFOLIO, record) == NOWHERE

    @given(
        values=st.lists(st.none() | st.floats(-5, 130), min_size=1, max_size=50),
        edges=st.lists(st.integers(0, 100), min_size=1, max_size=5, unique=True).map(sorted),
    )
    def test_of_many_rows_are_those_of_each_and_cover_every_row_once(self, values, edges):
        portfolio = told(column=COLUMN, edges=edges)
        frame = pl.DataFrame({COLUMN: pl.Series(values, dtype=pl.Float64)})
        found = segments.masks(portfolio, frame)
        assert (np.sum(list(found.values()), axis=0) == 1).all()
        for row, value in enumerate(values):
            assert found[segments.route(portfolio, {COLUMN: value})][row]

    def test_take_rows_without_the_column_for_rows_without_the_value(self):
        assert segments.masks(PORTFOLIO, pl.DataFrame({"other": [1, 2]}))[NOWHERE].all()

    def test_are_none_where_a_portfolio_declares_none(self):
        plain = portfolios.load("home_credit")
        assert segments.masks(plain, pl.DataFrame({"a": [1]})) == {}
        assert segments.route(plain, {"a": 1}) is None


class TestDeclared:
    @pytest.mark.parametrize(
        ("about", "why"),
        [
            ({"column": "nowhere", "edges": [1]}, "no input given"),
            ({"column": PORTFOLIO.settings["split"]["column"], "edges": [1]}, "no input given"),
            ({"column": "REGION", "edges": [1]}, "no input given"),
            ({"column": "CANAL_ORIGINE", "edges": [1]}, "no number"),
            ({"column": COLUMN, "edges": []}, "rising"),
            ({"column": COLUMN, "edges": [40, 30]}, "rising"),
            ({"column": COLUMN, "edges": [30, 30]}, "rising"),
        ],
    )
    def test_wrongly_are_refused_with_what_is_wrong(self, about, why):
        with pytest.raises(SegmentsUnfit, match=why):
            segments.of(told(**about))

    def test_otherwise_than_a_model_learnt_can_no_longer_be_followed(self):
        learnt = {"column": COLUMN, "edges": [30], "served": "segments"}
        assert segments.agree(PORTFOLIO, learnt)
        assert not segments.agree(told(column=COLUMN, edges=[35]), learnt)
        assert not segments.agree(replace(PORTFOLIO, settings={}), learnt)
        assert segments.agree(told(column=COLUMN, edges=[35]), learnt | {"served": "pooled"})


def table(rows: int, apart: bool, seed: int = 0) -> Table:
    """Rows of two segments whose outcome follows the second input; ``apart``: the other way round below."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([rng.uniform(18, 50, rows), rng.normal(size=rows)])
    sign = np.where(matrix[:, 0] < 30, -1.0, 1.0) if apart else 1.0
    outcome = (rng.random(rows) < 1 / (1 + np.exp(-1.5 * sign * matrix[:, 1]))).astype(float)
    names = ("a", "b")
    # The pooled model is kept from the column that tells the segments apart, or it would learn them.
    return Table(
        matrix, outcome, segments.routes(PORTFOLIO, matrix[:, 0]), {"application": ("b",)}, names,
        frozenset(), {},
    )  # fmt: skip


def chosen(data: Table, asked: str, portfolio=PORTFOLIO):
    """Cross-validate a pooled model and let segments compete with it."""
    result = validation.cross_validate(data, seed=1, threads=1, recipe=QUICK)
    stages, _ = fit(data, seed=1, threads=1, rounds=validation.agreed_rounds(result.rounds), recipe=QUICK)
    pooled = Way(settled(portfolio, data, result), tuple(stages))
    return pooled, choose(asked, Fitting(portfolio, 1, 1, QUICK), data, pooled, None)


class TestChoice:
    def test_takes_segments_that_are_better_by_more_than_the_interval(self):
        pooled, (way, compared) = chosen(table(4_000, apart=True), "auto")
        assert compared["served"] == compared["out_of_fold"]["verdict"] == "segments"
        assert [stage.family for stage in way.stages] == [NOWHERE, "segment_1", "segment_2"]
        everyone, young, _ = compared["out_of_fold"]["populations"]
        assert everyone["gain"]["log_loss"]["high"] < 0 < everyone["gain"]["auc"]["low"]
        assert (young["low"], young["high"], young["verdict"]) == (None, 30.0, "segments")
        assert way.training.result.fold is pooled.training.result.fold

    @pytest.mark.slow
    def test_keeps_one_model_where_segments_bring_nothing(self):
        pooled, (way, compared) = chosen(table(4_000, apart=False), "auto")
        assert way is pooled
        assert compared["served"] == "pooled"
        assert compared["out_of_fold"]["verdict"] != "segments"
        assert compared["test"] is None

    @pytest.mark.slow
    def test_takes_what_was_asked_for(self):
        pooled, (way, compared) = chosen(table(4_000, apart=False), "segments")
        assert (compared["asked"], compared["served"]) == ("segments", "segments")
        assert way is not pooled
        _, (way, compared) = chosen(table(2_500, apart=True), "pooled")
        assert compared is None
        assert [stage.family for stage in way.stages] == ["application"]

    def test_refuses_segments_that_cannot_be_had_and_does_without_them_otherwise(self, caplog):
        few, plain = table(900, apart=True), replace(PORTFOLIO, settings={**PORTFOLIO.settings})
        plain.settings.pop("segments")
        with pytest.raises(SegmentsUnfit, match="segment_1"):
            chosen(few, "segments")
        with pytest.raises(SegmentsUnfit, match="declares no"):
            chosen(few, "segments", plain)
        pooled, (way, compared) = chosen(few, "auto")
        assert way is pooled
        assert compared is None
        assert "one model for all" in caplog.text

    @pytest.mark.parametrize(
        ("low", "high", "said"),
        [
            (-0.2, -0.1, "segments"),
            (0.1, 0.2, "pooled"),
            (-0.1, 0.1, "no difference"),
            (0, 0, "no difference"),
        ],
    )
    def test_is_said_in_plain_words(self, low, high, said):
        assert verdict({"low": low, "high": high}) == said


def test_a_model_of_stages_without_segments_serves_none():
    assert not segments.serve(SimpleNamespace(stages=[SimpleNamespace(family="application")]))
    assert segments.serve(SimpleNamespace(stages=[SimpleNamespace(family="segment_1")]))
