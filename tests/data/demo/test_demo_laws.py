"""The parts any demo is made of: traits, dependence, effects of clients, scorecards, keys."""

import numpy as np
import polars as pl
import pytest

from data.demo import copula, normal, scorecard
from data.demo.nested import NestedLaw, measure_rows
from data.demo.rows import Keys, rounded, spread, systematic
from data.demo.traits import Trait, draw, measure
from data.demo.writer import Tables


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


class TestNormal:
    def test_score_and_area_are_each_other_s_inverse(self):
        levels = np.linspace(0.001, 0.999, 101)
        assert normal.area(normal.score(levels)) == pytest.approx(levels, abs=1e-6)
        assert normal.score(0.975) == pytest.approx(1.959964, abs=1e-4)


class TestTraits:
    def test_a_number_is_drawn_back_with_its_quantiles(self, rng):
        values = rng.gamma(2.0, 100.0, 20_000)
        summary = measure(Trait("x"), pl.DataFrame({"x": values})).summary
        drawn = draw(summary, rng.normal(size=20_000))
        assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx(
            np.quantile(values, [0.1, 0.5, 0.9]), rel=0.04
        )

    def test_the_ends_of_a_number_are_trimmed(self, rng):
        values = np.append(rng.normal(size=20_000), [1e6, -1e6])
        kept = measure(Trait("x"), pl.DataFrame({"x": values})).summary["groups"][""]
        assert max(map(abs, kept)) < 10

    def test_a_category_of_fewer_than_thirty_people_is_not_kept(self):
        frame = pl.DataFrame({"x": ["common"] * 100 + ["rare"] * 29, "who": [*range(100), *range(29)]})
        assert measure(Trait("x"), frame).summary["labels"] == ["common"]

    def test_people_are_counted_and_not_their_rows(self):
        frame = pl.DataFrame({"x": ["one man's"] * 500 + ["shared"] * 100, "who": [0] * 500 + [*range(100)]})
        assert measure(Trait("x"), frame, people="who").summary["labels"] == ["shared"]

    def test_too_few_values_are_refused_by_name(self):
        with pytest.raises(ValueError, match="x: too few values to summarise"):
            measure(Trait("x"), pl.DataFrame({"x": np.arange(50.0)}))

    def test_a_group_has_its_own_law_and_an_unknown_one_that_of_everyone(self, rng):
        frame = pl.DataFrame(
            {"x": [*rng.normal(0, 1, 2000), *rng.normal(50, 1, 2000)], "g": ["a", "b"] * 2000}
        )
        frame = frame.with_columns(g=pl.Series(["a"] * 2000 + ["b"] * 2000))
        summary = measure(Trait("x", by="g"), frame).summary
        z = np.zeros(2)
        low, high = draw(summary, z, np.array(["a", "b"], dtype=object))
        assert (low, high) == pytest.approx((0, 50), abs=0.2)
        assert draw(summary, z, np.array(["c", "c"], dtype=object))[0] == pytest.approx(25, abs=25)


class TestCopula:
    @pytest.mark.parametrize("latent", [-0.6, 0.0, 0.3, 0.7])
    def test_finds_the_correlation_behind_a_number_and_a_rare_yes(self, rng, latent):
        z = rng.multivariate_normal([0, 0], [[1, latent], [latent, 1]], 40_000)
        frame = pl.DataFrame({"number": np.exp(z[:, 0]), "flag": np.where(z[:, 1] > 1.3, "yes", "no")})
        scored = [measure(Trait("number"), frame), measure(Trait("flag", order=("no", "yes")), frame)]
        assert copula.latent_correlation(scored)[0, 1] == pytest.approx(latent, abs=0.04)

    def test_finds_the_correlation_behind_two_yes_or_no(self, rng):
        z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 60_000)
        frame = pl.DataFrame(
            {"a": np.where(z[:, 0] > 1, "yes", "no"), "b": np.where(z[:, 1] > -0.5, "yes", "no")}
        )
        scored = [measure(Trait(name, order=("no", "yes")), frame) for name in ("a", "b")]
        assert copula.latent_correlation(scored)[0, 1] == pytest.approx(0.5, abs=0.05)

    def test_makes_an_impossible_matrix_possible(self):
        impossible = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
        possible = copula.nearest_correlation(impossible)
        assert np.linalg.eigvalsh(possible).min() > 0
        assert np.diag(possible) == pytest.approx(1)

    def test_packs_and_unpacks(self, rng):
        matrix = np.corrcoef(rng.normal(size=(50, 5)).T)
        assert copula.unpack(copula.pack(matrix), 5) == pytest.approx(matrix, abs=0.002)


class TestNested:
    def test_tells_what_rows_of_a_client_share_and_draws_it_back(self, rng):
        owner = np.repeat(np.arange(3000), 4)
        values = np.sqrt(0.4) * rng.normal(size=3000)[owner] + np.sqrt(0.6) * rng.normal(size=len(owner))
        frame = pl.DataFrame({"x": values, "y": rng.normal(size=len(owner)), "who": owner})
        kept = measure_rows((Trait("x"), Trait("y")), frame, "who", pl.Series(range(3000))).kept
        assert kept["shares"]["x"] == pytest.approx(0.4, abs=0.04)
        law = NestedLaw.read(kept)
        effects = {name: rng.normal(size=3000) for name in ("x", "y")}
        drawn = law.scores(effects, owner, rng)["x"]
        assert np.corrcoef(drawn[::4], drawn[1::4])[0, 1] == pytest.approx(0.4, abs=0.06)


class TestScorecard:
    def test_ranks_by_what_makes_the_outcome(self, rng):
        frame = pl.DataFrame({"x": rng.normal(size=20_000), "kind": rng.choice(["a", "b"], 20_000)})
        odds = -2.5 + frame["x"].to_numpy() + np.where(frame["kind"] == "b", 0.7, 0.0)
        target = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(int)
        points = scorecard.points(scorecard.fit(frame, target), frame)
        assert np.corrcoef(points, odds)[0, 1] > 0.97
        assert points.std() == pytest.approx(odds.std(), rel=0.12)

    def test_gives_a_missing_value_its_own_points(self, rng):
        values = np.where(rng.random(5000) < 0.3, np.nan, rng.normal(size=5000))
        frame = pl.DataFrame({"x": pl.Series(values).fill_nan(None)})
        target = (rng.random(5000) < np.where(np.isnan(values), 0.4, 0.05)).astype(int)
        cards = scorecard.fit(frame, target)
        assert scorecard.points(cards, pl.DataFrame({"x": [None]}, schema={"x": pl.Float64}))[0] > 1


class TestRows:
    def test_spread_numbers_the_rows_of_each_parent(self):
        parent, place = spread(np.array([2, 0, 3]))
        assert parent.tolist() == [0, 0, 2, 2, 2]
        assert place.tolist() == [0, 1, 0, 1, 2]

    def test_systematic_draws_hit_the_rate_and_keep_each_chance(self, rng):
        chance = np.tile([0.02, 0.3], 500)
        draws = np.array([systematic(chance, rng) for _ in range(200)])
        assert np.abs(draws.sum(axis=1) - 160).max() <= 1
        assert draws[:, ::2].mean() == pytest.approx(0.02, abs=0.004)

    def test_keys_are_never_given_twice(self, rng):
        keys = Keys(100, 50, rng)
        taken = np.concatenate([keys.take(30), keys.take(45), keys.take(120)])
        assert len(np.unique(taken)) == len(taken)
        assert taken.min() >= 100

    def test_rounded_amounts_stay_near_and_fall_on_the_steps(self, rng):
        values = np.exp(rng.normal(10, 1, 1000))
        result = rounded(values, (450.0, 4.5), (0.5, 0.5), rng)
        assert np.abs(result / 4.5 - np.round(result / 4.5)).max() < 1e-6
        assert np.abs(result - values).max() <= 225


class TestTables:
    def test_name_the_columns_that_were_forgotten(self, tmp_path):
        with Tables(tmp_path, {"t": {"a": pl.Int64, "b": pl.String}}) as tables:
            with pytest.raises(ValueError, match="t: no values for b"):
                tables.write("t", {"a": np.arange(3)})
            tables.write("t", {"a": np.arange(3), "b": np.array(["x", None, "z"], dtype=object)})
        assert pl.read_parquet(tmp_path / "t.parquet").rows() == [(0, "x"), (1, None), (2, "z")]
