"""Applications drawn from the profile: traits first, then the columns of the form."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from data.demo.traits import Draws
from data.portfolios.home_credit.demo import home
from data.portfolios.home_credit.demo.applicant_traits import (
    CIRCLE,
    COUPLES,
    DAYS_OF_ADULTHOOD,
    FLAGS,
    SCORES,
    UNPAID,
    YEAR,
    last_renewal,
)
from data.portfolios.home_credit.demo.schemas import DOCUMENTS, MISMATCH, REQUESTS

NOT_EMPLOYED = 365_243  # the source's way of writing "no present job"
_REVOLVING = "Revolving loans"


def compose(drawn: Draws, kept: Mapping, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the columns of the application form for a chunk of clients, keys and target apart.

    ``kept`` is the profile, for what stands in it beside the traits drawn.
    """
    columns = _person(drawn)
    paid = ~np.isin(columns["NAME_INCOME_TYPE"], UNPAID)
    yes_no = np.where(paid, "yes", "no").astype(object)
    columns |= _dates(drawn, columns["DAYS_BIRTH"], paid)
    columns |= _work(
        drawn, kept["large_organisations"], columns["CODE_GENDER"], columns["NAME_INCOME_TYPE"], paid
    )
    columns |= _money(drawn, columns["OCCUPATION_TYPE"], paid)
    columns |= _contact(drawn, yes_no)
    columns |= _scores_and_requests(drawn)
    columns |= _documents(drawn, columns["NAME_CONTRACT_TYPE"] + "|" + yes_no)
    return columns | home.compose(drawn, kept["building_ratios"], rng)


def _to(step: float, values: np.ndarray) -> np.ndarray:
    return np.round(values / step) * step


def _person(drawn: Draws) -> dict[str, np.ndarray]:
    """Age and sex first: station in life, family and housing follow from them."""
    gender, age = drawn.label("CODE_GENDER"), np.round(drawn.value("age"))
    band = _band(age)
    income_type = drawn.label("income_type", gender + "|" + band)
    family = drawn.label("family", gender + "|" + band)
    couple = np.isin(family, COUPLES)
    children = drawn.label("CNT_CHILDREN", np.where(couple, "yes|", "no|").astype(object) + band)
    car, suite = drawn.label("FLAG_OWN_CAR", gender), drawn.label("suite")
    return {
        "CODE_GENDER": gender,
        "DAYS_BIRTH": -age,
        "NAME_INCOME_TYPE": income_type,
        "NAME_EDUCATION_TYPE": drawn.label("education", income_type),
        "NAME_FAMILY_STATUS": family,
        "CNT_CHILDREN": children.astype(np.int64),
        "CNT_FAM_MEMBERS": children.astype(float) + 1 + couple,
        "NAME_HOUSING_TYPE": drawn.label("housing", band),
        "FLAG_OWN_CAR": car,
        "OWN_CAR_AGE": np.where(car == "Y", np.round(drawn.value("car_age")), np.nan),
        "FLAG_OWN_REALTY": drawn.label("FLAG_OWN_REALTY"),
        "NAME_TYPE_SUITE": np.where(suite == "none", None, suite),
    }


def _dates(drawn: Draws, birth: np.ndarray, paid: np.ndarray) -> dict[str, np.ndarray]:
    band = _band(-birth)
    employed = np.round(drawn.value("employed_share", band) * (birth + DAYS_OF_ADULTHOOD)).clip(max=-1)
    renewed = pl.select(last_renewal(pl.lit(pl.Series(-birth / YEAR)))).to_series().to_numpy() * YEAR
    return {
        "DAYS_EMPLOYED": np.where(paid, employed, NOT_EMPLOYED),
        "DAYS_REGISTRATION": np.round(drawn.value("registration_share", band) * birth),
        "DAYS_ID_PUBLISH": np.round(drawn.value("identity_share", band) * (birth + renewed)),
        "DAYS_LAST_PHONE_CHANGE": -np.round(drawn.value("phone_days")),
    }


def _band(age: np.ndarray) -> np.ndarray:
    return (age // (5 * YEAR)).astype(int).astype(str).astype(object)


def _work(
    drawn: Draws, large: Sequence[str], gender: np.ndarray, income_type: np.ndarray, paid: np.ndarray
) -> dict[str, np.ndarray]:
    organisation = drawn.label("organisation", income_type + "|" + gender)
    employer = np.where(np.isin(organisation, large), organisation, "others")
    occupation = drawn.label("occupation", employer + "|" + gender)
    mismatch = drawn.label("mismatch", np.where(paid, "yes", "no").astype(object)).astype("U6")
    return {
        "ORGANIZATION_TYPE": np.where(paid, organisation, "XNA"),
        "OCCUPATION_TYPE": np.where(paid & (occupation != "none"), occupation, None),
        "FLAG_EMP_PHONE": paid.astype(np.int64),
        **{name: (mismatch.view("U1").reshape(-1, 6)[:, i] == "1") for i, name in enumerate(MISMATCH)},
    }


def _money(drawn: Draws, occupation: np.ndarray, paid: np.ndarray) -> dict[str, np.ndarray]:
    contract = drawn.label("NAME_CONTRACT_TYPE")
    revolving = contract == _REVOLVING
    goods = drawn.value("goods", contract)
    goods = np.maximum(np.where(goods >= 45_000, _to(4_500, goods), _to(450, goods)), 40_500)
    goods = np.where(revolving, np.maximum(_to(22_500, goods), 135_000), goods)
    credit = np.where(revolving, goods, _to(4.5, goods * drawn.value("credit_to_goods")))
    ratio = np.where(revolving, 20.0, drawn.value("credit_to_annuity"))
    stated = np.array([text or "none" for text in occupation], dtype=object)
    income = drawn.value("AMT_INCOME_TOTAL", np.where(paid, stated, "unpaid"))
    return {
        "NAME_CONTRACT_TYPE": contract,
        "AMT_GOODS_PRICE": goods,
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": _to(4.5, credit / ratio),
        "AMT_INCOME_TOTAL": np.where(income > 450_000, _to(22_500, income), _to(450, income)),
    }


def _contact(drawn: Draws, paid: np.ndarray) -> dict[str, np.ndarray]:
    region = drawn.value("region")
    parts = [label.split("|") for label in drawn.summaries["region"]["labels"]]
    return {
        "REGION_POPULATION_RELATIVE": np.array([float(p[0]) for p in parts])[region],
        "REGION_RATING_CLIENT": np.array([int(p[1]) for p in parts])[region],
        "REGION_RATING_CLIENT_W_CITY": np.array([int(p[2]) for p in parts])[region],
        "FLAG_MOBIL": np.ones(len(region), dtype=np.int64),
        **{flag: drawn.label(flag, paid).astype(np.int64) for flag in FLAGS},
        "WEEKDAY_APPR_PROCESS_START": drawn.label("weekday"),
        "HOUR_APPR_PROCESS_START": drawn.label("hour").astype(np.int64),
    }


def _scores_and_requests(drawn: Draws) -> dict[str, np.ndarray]:
    columns = {
        name: np.where(drawn.label(f"{name}_given") == "yes", drawn.value(name), np.nan) for name in SCORES
    }
    circle = {name: drawn.label(name).astype(float) for name in CIRCLE}
    observed_30, observed_60, default_30, default_60 = (circle[name] for name in CIRCLE)
    observed_60 = np.minimum(observed_60, observed_30)
    default_30 = np.minimum(default_30, observed_30)
    default_60 = np.minimum(np.minimum(default_60, default_30), observed_60)
    known = drawn.label("circle_given") == "yes"
    for name, counts in zip(CIRCLE, (observed_30, observed_60, default_30, default_60), strict=True):
        columns[name] = np.where(known, counts, np.nan)
    asked = drawn.label("requests_given") == "yes"
    return columns | {name: np.where(asked, drawn.label(name).astype(float), np.nan) for name in REQUESTS}


def _documents(drawn: Draws, groups: np.ndarray) -> dict[str, np.ndarray]:
    codes, labels = drawn.value("documents", groups), drawn.summaries["documents"]["labels"]
    given = [set(label.split("+")) for label in labels]
    return {
        name: np.array([int(name.rsplit("_")[-1] in numbers) for numbers in given])[codes]
        for name in DOCUMENTS
    }
