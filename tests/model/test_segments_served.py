"""Where segments speak for files, everything that answers takes the model of the file's segment."""

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests_support import own_store

from data import features, portfolios
from data.bank import open_bank
from model import artifact, campaign_told, crowd, doctor, drift_effects, drift_sides, segments, track
from model.assess import assess, assess_record, assess_records
from model.batch import score_file
from model.calibration import probability
from model.peers import compare
from model.population import prepare, score
from model.recourse import recourse
from model.recourse_search import Trials
from model.results import Lever
from model.segments import NOWHERE
from model.selection import select
from model.train import set_aside
from tests.model.prospects_support import PORTFOLIO, make_bank, trained_in

pytestmark = pytest.mark.slow
COLUMN, EDGE = "AGE", 30


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A store where segments were asked for, and its model."""
    store = tmp_path_factory.mktemp("segments")
    bank = make_bank(tmp_path_factory.mktemp("bank"), tmp_path_factory.mktemp("tables"))
    return store, trained_in(store, bank, "segments")


@pytest.fixture(autouse=True)
def here(own):
    with own_store(own[0]):
        yield


@pytest.fixture(scope="module")
def model(own):
    return own[1]


@pytest.fixture(scope="module")
def frame(own):
    with own_store(own[0]):
        return open_bank(PORTFOLIO).frame()


@pytest.fixture(scope="module")
def around(frame):
    """Ids of files on both sides of the edge, at it and next to it."""
    near = frame.filter(pl.col(COLUMN).is_between(EDGE - 1, EDGE)).head(20)
    far = frame.filter(~pl.col(COLUMN).is_between(EDGE - 1, EDGE)).head(20)
    found = pl.concat([near, far])
    assert {EDGE - 1.0, float(EDGE)} <= set(found[COLUMN].to_list())
    return found["IDPAL"].cast(pl.String).to_list()


def alone(model, family, record):
    """Return the points of the model of one segment for a record, by its booster and nothing else."""
    portfolio = portfolios.load(PORTFOLIO)
    (stage,) = (one for one in model.stages if one.family == family)
    given = pl.DataFrame({name: [value] for name, value in record.items() if value is not None})
    raw = stage.log_odds(model.encoding.encode(features.applicant(portfolio, given)))
    return float(model.scale.points(model.calibration.apply(raw))[0])


class TestAFile:
    def test_is_judged_by_the_model_of_its_segment_on_either_side_of_the_edge(self, model, around):
        for client in around:
            found = assess(PORTFOLIO, client)
            family = "segment_1" if found.record[COLUMN] < EDGE else "segment_2"
            assert found.points == pytest.approx(alone(model, family, found.record), abs=1e-9)
            moved = sum(one.points for one in found.contributions)
            assert found.base_points + moved == pytest.approx(found.points, abs=1e-6)

    def test_starts_from_the_points_of_its_own_segment(self, around):
        base = {}
        for client in around:
            found = assess(PORTFOLIO, client)
            base.setdefault(found.record[COLUMN] < EDGE, set()).add(round(found.base_points, 6))
        assert {len(points) for points in base.values()} == {1}
        assert base[True] != base[False]

    def test_moved_across_the_edge_is_judged_by_the_other_model(self, model, around):
        for client in around[:6]:
            for value, family in ((EDGE - 1, "segment_1"), (EDGE, "segment_2")):
                found = assess(PORTFOLIO, client, {COLUMN: value})
                assert found.points == pytest.approx(alone(model, family, found.record), abs=1e-9)

    def test_without_the_value_is_judged_by_the_pooled_model(self, model, around):
        record = assess(PORTFOLIO, around[0]).record
        for missing in ({COLUMN: None}, {}):
            sent = {name: value for name, value in record.items() if name != COLUMN} | missing
            found = assess_record(PORTFOLIO, sent)
            assert found.points == pytest.approx(alone(model, NOWHERE, sent), abs=1e-9)

    def test_has_no_history_and_none_that_is_missed(self, around):
        for client in around[:6]:
            found = assess(PORTFOLIO, client)
            assert found.families == ()
            assert "not_collected" not in {warning.code for warning in found.warnings}


class TestManyFiles:
    def test_are_scored_as_one_by_one_and_as_in_a_list(self, model, frame, around):
        some = frame.filter(pl.col("IDPAL").cast(pl.String).is_in(around))
        population = prepare(portfolios.load(PORTFOLIO), some)
        p, points = score(model, population)
        each = [assess(PORTFOLIO, client) for client in population.ids]
        np.testing.assert_allclose(points, [one.points for one in each], atol=1e-9)
        np.testing.assert_allclose(p, [one.probability for one in each], atol=1e-12)
        listed = assess_records(PORTFOLIO, [one.record for one in each], population.ids)
        assert [one.points for one in listed] == [one.points for one in each]

    def test_are_written_with_the_same_points(self, frame, around, tmp_path):
        some = frame.filter(pl.col("IDPAL").cast(pl.String).is_in(around))
        some.write_csv(tmp_path / "proposal.csv")
        assert score_file(PORTFOLIO, tmp_path / "proposal.csv", tmp_path / "out.csv") == len(around)
        written = pl.read_csv(tmp_path / "out.csv")
        for client, points in zip(written["IDPAL"].cast(pl.String), written["points"], strict=True):
            assert points == pytest.approx(assess(PORTFOLIO, client).points, abs=0.01)

    def test_are_answered_alike_where_mlflow_serves(self, model, around):
        with track.quiet():
            from web.served import Served

        served = Served()
        served.load_context(SimpleNamespace(artifacts={"artifact": str(model.folder)}))
        each = [assess(PORTFOLIO, client) for client in around]
        sent = [{n: v for n, v in one.record.items() if n != "ACCEPTEE"} for one in each]
        said = served.predict(None, pd.DataFrame(sent))
        np.testing.assert_allclose(said["points"], [one.points for one in each], atol=1e-9)


class TestPages:
    def test_and_api_say_what_the_door_says(self, server, around):
        from tests.portfolios.checks import agrees

        agrees(server, PORTFOLIO, around[::4])


class TestWhatElseReadsTheModel:
    def test_tries_levers_across_the_edge_as_they_would_be_judged(self, model, around):
        portfolio = portfolios.load(PORTFOLIO)
        base = assess(PORTFOLIO, around[0])
        lever = Lever(COLUMN, float(base.record[COLUMN]), 20.0, 45.0, 1.0)
        trials, ages = Trials(portfolio, model, base, [lever]), [20.0, 29.0, 30.0, 45.0]
        ranks = trials.ranks([(age,) for age in ages])
        decided = [assess(PORTFOLIO, around[0], {COLUMN: age}).decision for age in ages]
        assert ranks == [("refuse", "review", "accept").index(one) for one in decided]
        assert recourse(PORTFOLIO, around[0]).decision == base.proposal

    def test_compares_a_file_with_those_learnt_from(self, model, around):
        known = crowd.crowd(model)
        assert known.size == model.card["data"]["rows"]
        base = assess(PORTFOLIO, around[0])
        found = compare(known, base.features, select(known, ()), model.just_accepted)
        assert {name for name, group in found.groups.items() if group.shown}

    def test_explains_the_drift_of_both_segments(self, model, frame):
        portfolio = portfolios.load(PORTFOLIO)
        before = drift_sides.training(portfolio, model)
        after = drift_sides.batch(portfolio, model, frame.head(800))
        found = drift_effects.effects(model, before, after)
        assert all(math.isfinite(points) for points in found.points.values())
        masks = np.array(list(after.covered.values()))
        assert (masks.sum(axis=0) == 1).all()

    def test_finds_the_installation_sound(self):
        assert all(finding.ok for finding in doctor.examine(PORTFOLIO))

    def test_is_what_the_rows_set_aside_judged(self, model, frame):
        rows = set_aside(portfolios.load(PORTFOLIO), frame)
        p, _ = score(model, rows)
        told = json.loads((model.folder / "test.json").read_text("utf-8"))
        assert told["metrics"]["predicted"]["value"] == pytest.approx(p.mean(), abs=1e-9)
        assert told["rows"] == len(p)
        assert sum(map(sum, told["contacts"])) == len(p)
        both = segments.read(model)["test"]["populations"][0]
        assert both["segments"]["auc"]["value"] == pytest.approx(told["metrics"]["auc"]["value"])
        assert 0 < probability(model.calibration.intercept) < 1

    def test_is_told_after_training(self, model):
        lines = "\n".join(campaign_told.lines(model))
        for said in ("set aside, ANNEE = 2021", "segments of AGE at 30", "segments in service", "EUR saved"):
            assert said in lines

    def test_is_not_followed_once_the_edges_are_others(self, model, monkeypatch):
        portfolio = portfolios.load(PORTFOLIO)
        other = replace(
            portfolio, settings=portfolio.settings | {"segments": {"column": COLUMN, "edges": [35]}}
        )
        monkeypatch.setattr(artifact.portfolios, "load", lambda _: other)
        with pytest.raises(artifact.ModelDamaged, match="segments"):
            artifact.load(model.folder)
