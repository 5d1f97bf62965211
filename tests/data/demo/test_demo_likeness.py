"""The demo is like its profile: quantiles, shares of categories, missing shares, dependence."""

import numpy as np
import polars as pl
import pytest

from data.demo import normal, profile, scorecard
from data.portfolios.home_credit.demo.applicant_traits import AREAS, SCORES, traits
from data.portfolios.home_credit.demo.bureau_traits import traits as bureau_traits
from data.portfolios.home_credit.demo.previous_traits import traits as previous_traits

# 4,634 clients: three standard errors of a share of one half are 0.022.
SHARE, LEVEL = 0.025, 0.03


@pytest.fixture(scope="module")
def kept() -> dict:
    return profile.load("home_credit")


@pytest.fixture(scope="module")
def applicants(bank, kept) -> pl.DataFrame:
    return traits(bank["application"], kept["large_organisations"])


def shift(values: pl.Series, quantiles: list[float]) -> float:
    """How far, in population share, values lie from the levels that the profile gives them."""
    known = np.sort(values.drop_nulls().cast(pl.Float64).to_numpy())
    places = np.interp(quantiles, known, np.linspace(0, 1, len(known)))
    spread = np.diff(quantiles, prepend=-np.inf) > 0
    return float(np.abs(places - normal.LEVELS)[spread & (normal.LEVELS > 0.02)].max())


class TestApplications:
    @pytest.mark.parametrize(
        "name", ["age", "phone_days", "registration_share", "employed_share", *SCORES, "credit_to_annuity"]
    )
    def test_numbers_have_the_quantiles_of_the_profile(self, applicants, kept, name):
        if name in SCORES:
            applicants = applicants.filter(pl.col(f"{name}_given") == "yes")
        assert shift(applicants[name], kept["single"][name]["groups"][""]) < LEVEL

    @pytest.mark.parametrize("name", ["AMT_INCOME_TOTAL", "goods"])
    def test_amounts_have_them_once_rounded(self, applicants, kept, name):
        quantiles = kept["single"][name]["groups"][""]
        for level in (10, 25, 50, 75, 90):
            assert applicants[name].quantile(level / 100) == pytest.approx(quantiles[level], rel=0.12)

    @pytest.mark.parametrize(
        "name",
        ["NAME_CONTRACT_TYPE", "CODE_GENDER", "income_type", "education", "family", "housing", "FLAG_OWN_CAR",
         "CNT_CHILDREN", "weekday", "organisation", "occupation", "documents", "mismatch",
         *(f"{score}_given" for score in SCORES), "requests_given", "home_given"],
    )  # fmt: skip
    def test_categories_have_the_shares_of_the_profile(self, applicants, kept, name):
        summary = kept["single"][name]
        drawn = dict(applicants[name].drop_nulls().value_counts(normalize=True).rows())
        for label, share in zip(summary["labels"], summary["groups"][""], strict=True):
            assert drawn.get(label, 0.0) == pytest.approx(share, abs=SHARE), label

    def test_figures_of_the_building_are_missing_as_often(self, bank, kept):
        summary = kept["single"]["home_given"]
        for place, name in enumerate(AREAS):
            shares = zip(summary["labels"], summary["groups"][""], strict=True)
            given = sum(share for label, share in shares if label[place] == "1")
            assert 1 - bank["application"][name].null_count() / len(bank["application"]) == pytest.approx(
                given, abs=SHARE
            )

    def test_risk_spreads_as_on_real_rows(self, applicants, kept):
        """The scorecard's points spread by .98 on the real rows; dependence between traits makes them."""
        points = scorecard.points(kept["scorecard"], applicants)
        assert points.std() == pytest.approx(0.95, abs=0.08)


class TestHistories:
    def test_loans_elsewhere_are_as_many_as_old_and_as_large(self, bank, kept):
        rows = bureau_traits(bank["bureau"], bank["bureau_balance"])
        laws = kept["bureau"]["traits"]
        assert len(rows) / len(bank["application"]) == pytest.approx(1_716_428 / 356_255, rel=0.05)
        assert shift(rows["opened"], laws["opened"]["groups"][""]) < LEVEL
        for name in ("kind", "state", "reported"):
            drawn = dict(rows[name].value_counts(normalize=True).rows())
            for label, share in zip(laws[name]["labels"], laws[name]["groups"][""], strict=True):
                assert drawn.get(label, 0.0) == pytest.approx(share, abs=SHARE), (name, label)

    def test_earlier_applications_are_as_many_and_as_often_refused(self, bank, kept):
        rows = previous_traits(bank["previous_application"], bank["POS_CASH_balance"])
        laws = kept["previous"]["traits"]
        assert len(rows) / len(bank["application"]) == pytest.approx(1_670_214 / 356_255, rel=0.05)
        assert shift(rows["decided"], laws["decided"]["groups"][""]) < LEVEL
        for name in ("kind", "status", "term", "seller", "payment"):
            drawn = dict(rows[name].drop_nulls().value_counts(normalize=True).rows())
            for label, share in zip(laws[name]["labels"], laws[name]["groups"][""], strict=True):
                assert drawn.get(label, 0.0) == pytest.approx(share, abs=SHARE), (name, label)

    @pytest.mark.parametrize(
        ("table", "rows"),
        [
            ("bureau_balance", 27_299_925),
            ("POS_CASH_balance", 10_001_358),
            ("credit_card_balance", 3_840_312),
            ("installments_payments", 13_605_401),
        ],
    )
    def test_months_and_payments_are_about_as_many_as_published(self, bank, table, rows):
        assert len(bank[table]) / len(bank["application"]) == pytest.approx(rows / 356_255, rel=0.2)

    def test_about_one_payment_in_ten_is_late(self, bank):
        paid = bank["installments_payments"].drop_nulls("DAYS_ENTRY_PAYMENT")
        assert 0.06 < (paid["DAYS_ENTRY_PAYMENT"] > paid["DAYS_INSTALMENT"]).mean() < 0.14
        assert 0.01 < (bank["POS_CASH_balance"]["SK_DPD"] > 0).mean() < 0.04
