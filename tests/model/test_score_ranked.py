import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from data import demo, portfolios
from data.bank import open_bank
from model import ranking
from model.__main__ import app
from model.assess import assess, assess_frame
from model.offers_judged import TOPS
from model.offers_told import lines, served_lines

run = CliRunner().invoke
PLAIN = ["probability", "points", "decision", "reasons"]
RANKING = ["rank", "cumulated_cost", "expected_acceptances", "within_budget", "above_mark"]


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    """A folder of 300 other synthetic proposals, as files."""
    folder = tmp_path_factory.mktemp("crm")
    demo.generate("prospects", folder, clients=300, seed=5)
    return folder


@pytest.fixture
def scored(prospects, crm, tmp_path):
    """Return the rows that ``score`` writes with some options."""

    def rows(*options: str, ending: str = "csv") -> pl.DataFrame:
        target = tmp_path / f"scored.{ending}"
        result = run(app, ["score", "prospects", str(crm), str(target), *options])
        assert result.exit_code == 0, result.output
        return getattr(pl, f"read_{ending}")(target)

    return rows


class TestWithoutBudget:
    def test_offers_come_after_the_columns_there_were(self, scored):
        assert scored().columns == ["IDPAL", *PLAIN, "offers"]

    def test_decisions_are_told_by_the_portfolio_s_codes(self, scored):
        assert set(scored()["decision"]) == {"contact", "leave"}

    def test_offers_are_told_where_contact_is_proposed(self, scored):
        rows = scored(ending="parquet")
        told = dict(zip(rows["decision"], rows["offers"] != "", strict=True))
        assert told == {"contact": True, "leave": False}


class TestUnderABudget:
    def test_the_columns_of_the_ranking_come_last(self, scored):
        assert scored("--budget", "500").columns == ["IDPAL", *PLAIN, "offers", *RANKING]

    @pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
    def test_the_best_come_first_until_the_money_is_gone(self, scored, ending):
        rows = scored("--budget", "500", ending=ending)
        cost = portfolios.load("prospects").settings["campaign"]["contact_cost"]
        assert rows["points"].is_sorted(descending=True)
        assert rows["rank"].to_list() == list(range(1, 301))
        assert rows["cumulated_cost"].to_list() == [rank * cost for rank in rows["rank"]]
        assert rows["within_budget"].sum() == 500 / cost
        assert rows["expected_acceptances"].to_list() == pytest.approx(
            rows["probability"].cum_sum().to_list()
        )

    def test_being_above_the_mark_does_not_hang_on_the_budget(self, scored):
        rows = scored("--budget", "0")
        assert not rows["within_budget"].any()
        assert (rows["above_mark"] == (rows["decision"] == "contact")).all()

    def test_another_cost_of_a_contact_counts(self, scored):
        assert scored("--budget", "500", "--contact-cost", "50")["within_budget"].sum() == 10

    def test_ranked_without_budget_nothing_is_within_it(self, scored):
        assert scored("--rank")["within_budget"].is_null().all()

    def test_each_row_is_what_the_door_says(self, scored, prospects, crm):
        portfolio = portfolios.load("prospects")
        (found,) = assess_frame("prospects", open_bank("prospects").records(prospects[:1]))
        assert ranking.row(portfolio, found) == ranking.row(portfolio, assess("prospects", prospects[0]))


class TestConsumerCredit:
    def test_ranks_the_safest_first_without_offers(self, store, clients):
        portfolio = portfolios.load("home_credit")
        found = assess_frame("home_credit", open_bank("home_credit").records(clients[:30]))
        p, points = [one.probability for one in found], [one.points for one in found]
        told = ranking.best_first(portfolio, p, points, found[0].pass_mark, 5.0, 50.0)
        rows = ranking.frame(portfolio, [ranking.row(portfolio, one) for one in found], told)
        assert rows.columns == ["SK_ID_CURR", *PLAIN, *RANKING]
        assert rows["probability"].is_sorted()
        assert rows["expected_acceptances"][-1] == pytest.approx(30 - sum(p))
        assert rows["within_budget"].sum() == 10

    def test_a_budget_needs_the_cost_of_a_contact(self, store, tmp_path):
        target = tmp_path / "out.csv"
        result = run(app, ["score", "home_credit", str(tmp_path), str(target), "--budget", "10"])
        assert result.exit_code == 2
        assert "contact_cost" in result.output
        assert not target.exists()


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(400, 800)), max_size=30), st.floats(0, 400))
def test_whatever_is_ranked_the_money_is_never_overspent_nor_left(files, budget):
    p, points = [one[0] for one in files], [float(one[1]) for one in files]
    told = ranking.best_first(portfolios.load("prospects"), p, points, 600.0, 10.0, budget)
    assert sorted(place for place, _ in told) == list(range(len(files)))
    paid = [one.cumulated_cost for _, one in told if one.within_budget]
    assert max(paid, default=0) <= budget
    assert len(paid) == min(len(files), int(budget // 10))


def test_a_ranked_list_of_nobody_has_its_columns_all_the_same():
    assert ranking.frame(portfolios.load("prospects"), [], []).columns == [
        "IDPAL",
        *PLAIN,
        "offers",
        *RANKING,
    ]


def test_training_tells_what_its_offers_are_worth(prospects):
    from model import artifact
    from model.measures import measures

    about = measures(artifact.champion("prospects"), "offers.json")
    told = "\n".join(served_lines(about))
    assert all(f"top {top}" in told for top in TOPS)
    assert f"{about['test']['model']['top_4']['value']:.4f}" in told


def test_a_comparison_is_printed_from_what_is_kept():
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    part = {name: figure for name in ("top_1", "top_3", "top_4", "log_loss")} | {"ece": 0.1}
    rival = {"name": "forest", "seconds": 1.0, "test": part, "folds": part, "served_gains": {"top_1": figure}}
    found = {"learnt": {"rows": 5, "of": 9}, "judged": {"rows": 4, "of": 4}, "classes": ["A"], "rare": 0}
    told = lines(json.loads(json.dumps(found | {"rivals": [rival]})))
    assert "5 of 9" in told[0]
    assert told[-1].startswith("forest")
    assert "+0.5000 (+0.4000 to +0.6000)" in told[-1]
