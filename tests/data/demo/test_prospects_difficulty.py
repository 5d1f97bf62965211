"""How well the drawn CRM can be foreseen: as well as the published recalls and specificities say."""

import numpy as np
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from data import demo
from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.acceptance import Acceptance
from data.portfolios.prospects.demo.offers import Offers
from data.portfolios.prospects.demo.published import FIGURES

CATEGORIES = ["CANAL_ORIGINE", "ORIGINE", "GAMME_PROPOSITION", "ADHERENT", "DEPARTEMENT", "MOIS"]
NUMBERS = ["AGE", "STATUT_ASSURE_RO", "STATUT_ASSURE_RC"]
PUBLISHED = FIGURES["difficulty"]


@pytest.fixture(scope="module")
def proposals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prospects")
    demo.generate("prospects", folder, 45_000, 11)
    return pl.read_parquet(folder / "proposal.parquet")


@pytest.fixture(scope="module")
def arrays(proposals):
    return {name: proposals[name].to_numpy() for name in proposals.columns}


@pytest.fixture(scope="module")
def truth(arrays):
    """The chance of acceptance behind every proposal, which no model beats."""
    return Acceptance(arrays).chance(arrays)


def balanced(outcome, scores):
    false, true, _ = roc_curve(outcome, scores)
    return ((true + 1 - false) / 2).max()


class TestAcceptance:
    def test_a_logistic_regression_ranks_2021_as_well_as_published(self, proposals):
        learnt, judged = (
            proposals.filter(pl.col("ANNEE") == 2021 if late else pl.col("ANNEE") != 2021)
            for late in (False, True)
        )
        columns = make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), [0, 1, 2, 3, 4, 5]), (StandardScaler(), [6, 7, 8])
        )
        model = make_pipeline(columns, LogisticRegression(C=0.1, max_iter=300))
        names = CATEGORIES + NUMBERS
        model.fit(learnt.select(names).to_numpy(), learnt["ACCEPTEE"].to_numpy())
        scores = model.predict_proba(judged.select(names).to_numpy())[:, 1]
        assert roc_auc_score(judged["ACCEPTEE"], scores) == pytest.approx(PUBLISHED["ranking_auc"], abs=0.012)

    @pytest.mark.parametrize(
        ("among", "published"), [("all", 0.7187), ("under 30", 0.6979), ("from 30", 0.7133)]
    )
    def test_the_best_balanced_accuracy_is_that_of_the_published_models(
        self, arrays, truth, among, published
    ):
        young = arrays["AGE"] < 30
        rows = (arrays["ANNEE"] == 2021) & {"all": young | True, "under 30": young, "from 30": ~young}[among]
        assert balanced(arrays["ACCEPTEE"][rows], truth[rows]) == pytest.approx(published, abs=0.025)


class TestOffers:
    def test_come_first_and_among_four_as_often_as_published(self, arrays, truth):
        offers = Offers(arrays, truth)
        first = four = 0.0
        for name, (learnt, _) in codes.OFFERS_OF.items():
            rows = arrays["GAMME_PROPOSITION"] == name
            shares = offers.shares(name, {key: values[rows] for key, values in arrays.items()})
            rare = shares[:, learnt:].sum(axis=1, keepdims=True)
            told = -np.sort(-np.hstack([shares[:, :learnt], rare]), axis=1)
            first += truth[rows] @ told[:, 0]
            four += truth[rows] @ told[:, :4].sum(axis=1)
        # A model learns from examples: it loses a point or two of what is known here.
        assert first / truth.sum() == pytest.approx(PUBLISHED["first_offer"] + 0.01, abs=0.015)
        assert four / truth.sum() == pytest.approx(PUBLISHED["first_four_offers"] + 0.01, abs=0.015)
