"""A file assessed by hand, so that what is shown of it can be checked by eye."""

from dataclasses import replace

import pytest

from data import portfolios
from model.results import Assessment, Reason, Warning


def reason(feature, direction, points, value, reference, standing) -> Reason:
    return Reason(feature, feature, direction, points, value, reference, standing, (feature,))


@pytest.fixture(scope="session")
def portfolio():
    return portfolios.load("home_credit")


@pytest.fixture
def refused() -> Assessment:
    """15 points under the mark; shown parts must add up: 614 - 33.4 + 7.3 - 2.6 = 585.3."""
    return Assessment(
        client_id="204817",
        portfolio="home_credit",
        model_version="1",
        probability=0.144,
        points=585.3,
        threshold=1 / 11,
        pass_mark=600.0,
        grey_low=590.0,
        grey_high=610.0,
        decision="refuse",
        base_points=614.0,
        contributions=(),
        reasons=(
            reason("EXT_SOURCE_2", "takes", -20.4, 0.31, 0.52, "below"),
            reason("ANNUITY_INCOME", "takes", -13.0, 0.31, 0.19, "above"),
            reason("DAYS_EMPLOYED", "adds", 4.4, -2314.0, -1492.0, "above"),
            reason("AMT_CREDIT", "adds", 2.9, 135000.0, 450000.0, "below"),
        ),
        warnings=(Warning("EXT_SOURCE_1", "missing", None),),
        record={"AMT_CREDIT": 135000.0, "AMT_ANNUITY": 6750.0, "covered_bureau": True},
        features={"AMT_CREDIT": 135000.0, "CREDIT_ANNUITY": 20.0},
        families=("bureau",),
    )


@pytest.fixture
def accepted(refused) -> Assessment:
    return replace(refused, decision="accept", points=640.0, probability=0.0244)
