"""Nothing of the files that judge reaches what is judged: shuffled outcomes cannot be predicted."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support import own_store

from data import demo, load, portfolios
from data.bank import bank_path, open_bank
from model import metrics, tune, validation
from model import train as train_module
from model.cost import Costs
from model.fitting import fit
from model.recipe import DEFAULT, Overrides, Recipe
from model.stages import log_odds
from model.table import Table
from model.train import learnable, train
from model.validation import FOLDS, slices
from tests.model.lab_support import QUICK, table

PORTFOLIO = "home_credit"


class TestFolds:
    def test_a_client_is_in_one_fold_only(self, store):
        # One row of the bank is one client, so a fold of rows is a fold of clients.
        population, _, data = learnable(portfolios.load(PORTFOLIO), open_bank(PORTFOLIO).frame())
        assert len(set(population.ids)) == len(population.ids) == len(data.outcome)
        fold = slices(data.outcome, FOLDS, 1)
        assert sorted(np.concatenate([np.flatnonzero(fold == n) for n in range(FOLDS)])) == list(
            range(len(fold))
        )

    @given(
        outcome=st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=300), seed=st.integers(0, 2**32)
    )
    def test_hold_the_same_share_of_each_outcome(self, outcome, seed):
        outcome = np.array(outcome)
        fold = slices(outcome, FOLDS, seed)
        for value in (0, 1):
            counts = np.bincount(fold[outcome == value], minlength=FOLDS)
            assert counts.max() - counts.min() <= 1
        assert set(fold) <= set(range(FOLDS))

    def test_are_answered_by_what_the_other_files_alone_teach(self):
        data = table(rows=1_200)
        told = validation.cross_validate(data, seed=1, threads=1, recipe=QUICK)
        others, held = np.flatnonzero(told.fold != 2), data.take(np.flatnonzero(told.fold == 2))
        stages, _ = fit(data.take(others), seed=1 + 2, threads=1, recipe=QUICK)
        np.testing.assert_array_equal(log_odds(stages, held.matrix, held.covered), told.raw[told.fold == 2])


def shuffled_bank(tables, seed: int) -> None:
    """Make a bank whose outcomes were dealt again among the clients before anything read them."""
    portfolio = portfolios.load(PORTFOLIO)
    (path,) = tables.glob("application_train*")
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col(portfolio.target).shuffle(seed)).write_parquet(path)
    load.load_folder(portfolio, tables, bank_path(PORTFOLIO), synthetic=True)


def dealt_again(table: Table, seed: int) -> Table:
    return replace(table, outcome=np.random.default_rng(seed).permutation(table.outcome))


def measured(data: Table, seed: int) -> float:
    """Return the AUC that training would report."""
    told = train_module._cross_validate(portfolios.load(PORTFOLIO), data, seed, 1, DEFAULT, lambda step: None)
    return metrics.auc(data.outcome, told.said)


class TestCalibration:
    def test_never_turns_round_a_score_that_ranks_the_wrong_way(self):
        generator = np.random.default_rng(0)
        outcome = np.tile([0.0, 0.0, 0.0, 1.0], 100)
        raw = generator.normal(size=400) - 2 * outcome
        fold = slices(outcome, FOLDS, 0)
        said = validation.calibrated_apart(validation.CrossValidation(fold, raw, {}, []), outcome)
        assert metrics.auc(outcome, raw) < 0.2
        assert metrics.auc(outcome, said) == pytest.approx(0.5, abs=0.01)


@pytest.mark.slow
class TestShuffledOutcomes:
    """Of one deal the AUC may stray by 0.02 and more by chance alone: the mean of several may not."""

    def test_training_finds_nothing_in_a_bank_of_them(self, tmp_path):
        demo.generate(PORTFOLIO, tmp_path / "tables", clients=6_000, seed=21)
        with own_store(tmp_path):
            shuffled_bank(tmp_path / "tables", seed=5)
            model, _ = train(PORTFOLIO)
            _, _, data = learnable(portfolios.load(PORTFOLIO), open_bank(PORTFOLIO).frame())
        areas = [model.card["metrics"]["auc"]["value"]]
        areas += [measured(dealt_again(data, seed), seed) for seed in range(4)]
        assert np.mean(areas) == pytest.approx(0.5, abs=0.02)

    def test_nor_do_settings_tuned_on_them_when_judged_on_other_folds(self, store):
        _, _, data = learnable(portfolios.load(PORTFOLIO), open_bank(PORTFOLIO).frame())
        areas = []
        for seed in range(4):
            blind = dealt_again(data, seed)
            found = tune.search(blind, costs=Costs(10, 1), seed=seed, trials=6, objective="auc")
            recipe = Recipe({found.family: Overrides(found.winner.parameters)})
            told = validation.cross_validate(blind, seed=seed + 50, threads=1, recipe=recipe)
            areas.append(metrics.auc(blind.outcome, validation.calibrated_apart(told, blind.outcome)))
        assert np.mean(areas) == pytest.approx(0.5, abs=0.02)

    @pytest.mark.parametrize("folder", ["wide", "mixed"])
    def test_nor_in_real_rows(self, real_data, folder, tmp_path):
        portfolio = portfolios.load(PORTFOLIO)
        with own_store(tmp_path):
            load.load_folder(portfolio, real_data / PORTFOLIO / folder, bank_path(PORTFOLIO), progress=False)
            _, _, data = learnable(portfolio, open_bank(PORTFOLIO).frame())
        rows = np.sort(np.random.default_rng(0).permutation(len(data.outcome))[:15_000])
        few = data.take(rows)
        areas = [measured(dealt_again(few, seed), seed) for seed in range(3)]
        assert np.mean(areas) == pytest.approx(0.5, abs=0.02)
