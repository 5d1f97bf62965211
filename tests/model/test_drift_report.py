"""Evidently says of each column what our verdict says. Importing it takes seconds, so by request."""

import gzip
import re
from dataclasses import replace

import numpy as np
import pytest

from data import portfolios
from data.bank import open_bank
from model import drift, drift_sides
from model.artifact import champion

PORTFOLIO = "home_credit"

pytestmark = [
    pytest.mark.slow,
    # Evidently's own, about its dependencies.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def training(store):
    return drift_sides.training(portfolios.load(PORTFOLIO), champion(PORTFOLIO))


def shifted(side):
    """Return a side in which some columns moved, each in its own way, some of them by little."""
    values, rng = side.values.copy(), np.random.default_rng(1)

    def of(name):
        return values[side.inputs.index(name)]

    of("EXT_SOURCE_2")[:] -= 0.06
    of("EXT_SOURCE_3")[rng.random(side.rows) < 0.09] = np.nan
    of("AMT_CREDIT")[:] *= 1.3
    of("NAME_CONTRACT_TYPE")[:] = 0
    unknown = len(side.categories["NAME_INCOME_TYPE"])
    of("NAME_INCOME_TYPE")[rng.random(side.rows) < 0.02] = unknown
    of("FLAG_OWN_CAR")[rng.random(side.rows) < 0.1] = 0
    return replace(side, values=values, points=side.points - 6)


@pytest.fixture(scope="module", params=["as it is", "shifted"])
def judged(request, training, store):
    portfolio, model = portfolios.load(PORTFOLIO), champion(PORTFOLIO)
    after = drift_sides.batch(portfolio, model, open_bank(PORTFOLIO).frame(labelled=False))
    after = shifted(after) if request.param == "shifted" else after
    about = drift.About("20261121-070000-0abc", "", "file", "2026-11-20", "2026-11-21T07:00:00+00:00")
    return drift.judge(portfolio, model, training, after, about), after


def made(verdict, before, after):
    from model import drift_report

    return drift_report.make(portfolios.load(PORTFOLIO).columns, verdict, before, after)


@pytest.fixture(scope="module")
def report(judged, training):
    verdict, after = judged
    return verdict, made(verdict, training, after)


def test_every_column_has_the_state_that_we_give_it(report):
    verdict, found = report
    said = {one["column"]: one["drifted"] for one in found.content["columns"]}
    ours = {one.name: one.state in ("watch", "act") for one in verdict.columns if one.psi is not None}
    assert {name: said[name] for name in ours} == ours
    assert found.about.agreed == found.about.compared == len(ours)


def test_every_index_is_ours_to_the_last_digit_when_nothing_is_thinned(report):
    verdict, found = report
    assert not found.about.thinned
    theirs = {one["column"]: one for one in found.content["columns"]}
    for column in verdict.columns:
        if column.psi is not None:
            assert theirs[column.name]["psi"] == pytest.approx(column.psi, abs=1e-9), column.name
            assert theirs[column.name]["missing"] == pytest.approx(column.missing_after, abs=1e-9)
    assert theirs["points"]["psi"] == pytest.approx(verdict.score.psi, abs=1e-9)


def test_thinned_columns_keep_their_state(judged, training, monkeypatch):
    from model import drift_report

    verdict, after = judged
    monkeypatch.setattr(drift_report, "VALUES", 400)
    found = made(verdict, training, after)
    assert found.about.thinned
    assert found.about.agreed >= found.about.compared - 1


def test_evidentlys_first_line_keeps_its_own_limit_whatever_our_verdict(report):
    found = report[1]
    (share,) = {
        metric["config"]["drift_share"]
        for metric in found.content["evidently"]["metrics"]
        if metric["config"]["type"].endswith(":DriftedColumnsCount")
    }
    assert share == 0.5


def test_the_page_asks_no_other_host_for_anything(report):
    page = gzip.decompress(report[1].html).decode()
    assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?//""", page)
    assert report[1].about.size == len(report[1].html)


def test_a_thinned_column_keeps_its_shares():
    from model.drift_report import thinned

    column = np.concatenate([np.zeros(600), np.arange(300), np.full(100, np.nan)])
    kept = thinned(np.random.default_rng(0).permutation(column), 100)
    assert (kept == 0).sum() == 60
    assert np.isnan(kept).sum() == 10
