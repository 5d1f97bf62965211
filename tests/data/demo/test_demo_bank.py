"""The demo bank: whole, consistent in its keys, the same for the same seed, and behaving as a bank does."""

import numpy as np
import polars as pl
import pytest

from data import demo
from data.demo import profile
from data.portfolios import UnknownPortfolio
from data.portfolios.home_credit.demo import card, repayment
from data.portfolios.home_credit.demo.card import Cards
from data.portfolios.home_credit.demo.previous import Loans
from data.portfolios.home_credit.demo.schemas import HISTORIES, published

col = pl.col


class TestGenerate:
    def test_writes_every_published_file_in_its_columns_and_types(self, bank):
        for name, schema in published().items():
            assert dict(bank[name].schema) == dict(schema), name
            assert len(bank[name]) > 0, name

    def test_adds_unlabelled_clients_in_the_published_proportion(self, bank):
        assert len(bank["application_train"]) == 4_000
        assert len(bank["application_test"]) == round(4_000 * 48_744 / 307_511)

    def test_has_the_published_default_rate(self, bank):
        assert bank["application_train"]["TARGET"].mean() == pytest.approx(0.081, abs=0.005)

    def test_gives_the_same_bank_for_the_same_seed_and_another_for_another(self, tmp_path):
        for name, seed in (("one", 3), ("again", 3), ("other", 4)):
            demo.generate("home_credit", tmp_path / name, 50, seed)
        for name in published():
            one, again, other = (
                (tmp_path / part / f"{name}.parquet").read_bytes() for part in ("one", "again", "other")
            )
            assert one == again, name
            assert one != other, name

    def test_tells_how_far_it_is(self, tmp_path):
        told = []
        demo.generate("home_credit", tmp_path, 20, 1, lambda done, total: told.append((done, total)))
        assert told == [(23, 23)]

    def test_works_in_chunks_without_repeating_a_key(self, tmp_path, monkeypatch):
        monkeypatch.setattr("data.portfolios.home_credit.demo.bank.CHUNK", 40)
        demo.generate("home_credit", tmp_path, 150, 1)
        for table, key in (("previous_application", "SK_ID_PREV"), ("bureau", "SK_ID_BUREAU")):
            assert pl.read_parquet(tmp_path / f"{table}.parquet")[key].is_unique().all()
        rate = pl.read_parquet(tmp_path / "application_train.parquet")["TARGET"].mean()
        assert 0.04 < rate < 0.13

    @pytest.mark.parametrize(
        ("clients", "seed", "message"),
        [(3, 1, "clients: 3 is too few; give at least 10"), (100, -1, "seed: -1 is negative")],
    )
    def test_refuses_what_cannot_be_drawn(self, tmp_path, clients, seed, message):
        with pytest.raises(ValueError, match=message):
            demo.generate("home_credit", tmp_path, clients, seed)

    def test_refuses_an_unknown_portfolio(self, tmp_path):
        with pytest.raises(UnknownPortfolio, match="'nowhere'"):
            demo.generate("nowhere", tmp_path, 100, 1)

    def test_says_when_a_portfolio_has_no_generator(self, tmp_path, monkeypatch):
        monkeypatch.setattr(profile, "available", lambda: ("corner_bank",))
        with pytest.raises(profile.NoDemo, match="python -m data load corner_bank FOLDER"):
            demo.generate("corner_bank", tmp_path, 100, 1)


class TestKeys:
    def test_clients_have_six_digits_and_start_at_the_first_published_one(self, bank):
        ids = bank["application"]["SK_ID_CURR"]
        assert ids.is_unique().all()
        assert ids.min() == 100_002
        assert ids.max() < 1_000_000

    @pytest.mark.parametrize("table", [name for name in HISTORIES if name != "bureau_balance"])
    def test_every_row_belongs_to_a_client(self, bank, table):
        owners = bank[table].select("SK_ID_CURR").unique()
        assert owners.join(bank["application"], on="SK_ID_CURR", how="anti").is_empty()

    @pytest.mark.parametrize(
        ("table", "keys"),
        [
            ("bureau", ["SK_ID_BUREAU"]),
            ("bureau_balance", ["SK_ID_BUREAU", "MONTHS_BALANCE"]),
            ("previous_application", ["SK_ID_PREV"]),
            ("POS_CASH_balance", ["SK_ID_PREV", "MONTHS_BALANCE"]),
            ("credit_card_balance", ["SK_ID_PREV", "MONTHS_BALANCE"]),
        ],
    )
    def test_no_key_comes_twice(self, bank, table, keys):
        assert not bank[table].select(keys).is_duplicated().any()

    def test_months_of_the_bureau_belong_to_its_loans(self, bank):
        assert bank["bureau_balance"].join(bank["bureau"], on="SK_ID_BUREAU", how="anti").is_empty()

    @pytest.mark.parametrize("table", ["POS_CASH_balance", "credit_card_balance", "installments_payments"])
    def test_months_and_payments_follow_from_an_approved_application_of_the_same_client(self, bank, table):
        approved = bank["previous_application"].filter(col("NAME_CONTRACT_STATUS") == "Approved")
        assert bank[table].join(approved, on=["SK_ID_PREV", "SK_ID_CURR"], how="anti").is_empty()


class TestBehaviour:
    def test_the_external_scores_say_most(self, bank):
        frame = bank["application_train"].select(pl.selectors.numeric()).drop("SK_ID_CURR")
        ranks = {
            name: abs(frame.drop_nulls(name).select(pl.corr(name, "TARGET", method="spearman")).item())
            for name in frame.columns
            if name != "TARGET" and frame[name].drop_nulls().n_unique() > 2
        }
        first = sorted(ranks, key=ranks.get, reverse=True)[:3]
        assert set(first) == {"EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"}

    def test_past_conduct_shows_in_the_outcome(self, bank):
        delay = (col("DAYS_ENTRY_PAYMENT") - col("DAYS_INSTALMENT")).clip(-30, 30)
        signs = {
            "installments_payments": delay.mean(),
            "previous_application": (col("NAME_CONTRACT_STATUS") == "Refused").mean(),
            "bureau": col("DAYS_CREDIT").mean(),
            "credit_card_balance": (col("AMT_BALANCE") / col("AMT_CREDIT_LIMIT_ACTUAL").clip(1)).mean(),
        }
        for table, sign in signs.items():
            by_client = bank[table].group_by("SK_ID_CURR").agg(sign=sign).drop_nulls()
            frame = bank["application_train"].join(by_client, on="SK_ID_CURR")
            assert frame.select(pl.corr("sign", "TARGET", method="spearman")).item() > 0.02, table

    @pytest.mark.slow
    def test_a_model_of_the_application_alone_reaches_a_realistic_auc(self, tmp_path):
        lightgbm = pytest.importorskip("lightgbm")
        from sklearn.metrics import roc_auc_score

        demo.generate("home_credit", tmp_path, 20_000, 1)
        frame = pl.read_parquet(tmp_path / "application_train.parquet")
        target = frame["TARGET"].to_numpy()
        inputs = frame.select(pl.selectors.numeric()).drop("SK_ID_CURR", "TARGET").cast(pl.Float64)
        values, half = inputs.to_numpy(), len(frame) // 2
        settings = {"objective": "binary", "num_leaves": 8, "learning_rate": 0.05, "feature_fraction": 0.3}
        settings |= {"verbose": -1, "seed": 1, "lambda_l2": 20, "min_child_samples": 100, "num_threads": 2}
        model = lightgbm.train(settings, lightgbm.Dataset(values[:half], target[:half]), 150)
        assert 0.71 < roc_auc_score(target[half:], model.predict(values[half:])) < 0.80
        gains = model.feature_importance("gain")
        first = [inputs.columns[place] for place in np.argsort(-gains)[:3]]
        assert {"EXT_SOURCE_2", "EXT_SOURCE_3"} <= set(first)


class TestFewClients:
    def test_a_chunk_without_cards_or_loans_is_drawn_all_the_same(self):
        rng, none = np.random.default_rng(1), np.zeros(0)
        cards = Cards(none.astype(int), none.astype(int), none, none.astype(bool), none, none, none, none)
        of_card, months = card.months(cards, rng)
        assert len(of_card) == len(card.payments(of_card, months, rng)[0]) == 0
        loans = Loans(*[none.astype(int)] * 6, none, none, none)
        due = repayment.dues(loans, profile.load("home_credit")["delay"], none, rng)
        assert len(repayment.payments(due, rng)[0]) == len(repayment.months(loans, due, none, rng)[0]) == 0
