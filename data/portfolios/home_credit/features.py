"""What the model reads of a Home Credit file, as Narwhals expressions.

``applicant`` works row by row on the application (with its stored history), so that a
what-if on one client computes exactly what training computed. ``history`` lies in
``histories``. The same text runs on Polars, DuckDB and pandas. Nothing here is made from
age, sex or family status.
"""

from collections.abc import Sequence

import narwhals as nw

from data.portfolios.home_credit.histories import Frame, history

__all__ = ["applicant", "history"]

# Codes that stand for "not provided" in the source.
NOT_EMPLOYED = 365243
UNKNOWN = "XNA"

SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
SCORE_WEIGHTS = (1.9, 2.1, 2.6)
MISMATCHES = (
    "REG_REGION_NOT_LIVE_REGION",
    "REG_REGION_NOT_WORK_REGION",
    "LIVE_REGION_NOT_WORK_REGION",
    "REG_CITY_NOT_LIVE_CITY",
    "REG_CITY_NOT_WORK_CITY",
    "LIVE_CITY_NOT_WORK_CITY",
)
CONTACTS = ("FLAG_MOBIL", "FLAG_EMP_PHONE", "FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL")
DOCUMENTS = tuple(f"FLAG_DOCUMENT_{number}" for number in range(2, 22))
ENQUIRIES = tuple(f"AMT_REQ_CREDIT_BUREAU_{span}" for span in ("HOUR", "DAY", "WEEK", "MON", "QRT", "YEAR"))
BUILDING = (
    "APARTMENTS_AVG",
    "BASEMENTAREA_AVG",
    "YEARS_BEGINEXPLUATATION_AVG",
    "YEARS_BUILD_AVG",
    "COMMONAREA_AVG",
    "ELEVATORS_AVG",
    "ENTRANCES_AVG",
    "FLOORSMAX_AVG",
    "FLOORSMIN_AVG",
    "LANDAREA_AVG",
    "LIVINGAPARTMENTS_AVG",
    "LIVINGAREA_AVG",
    "NONLIVINGAPARTMENTS_AVG",
    "NONLIVINGAREA_AVG",
    "TOTALAREA_MODE",
)
EXPECTED = (
    "AMT_ANNUITY",
    "AMT_GOODS_PRICE",
    "DAYS_EMPLOYED",
    "OCCUPATION_TYPE",
    "ORGANIZATION_TYPE",
    "OWN_CAR_AGE",
    "DAYS_LAST_PHONE_CHANGE",
    "AMT_REQ_CREDIT_BUREAU_YEAR",
    *SCORES,
)
# Multiply by it: dividing by a constant, Polars rounds one row and many differently.
YEARS_PER_DAY = 1 / 365.25


def applicant(frame: Frame) -> Frame:
    """Repair the codes that mean "missing" and add the made columns, row by row.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        Application columns, and the history columns when they are stored.

    Returns
    -------
    narwhals.DataFrame or narwhals.LazyFrame
        The same rows with every made column added.
    """
    made = (_external, _request, _circumstances, _completeness, _history_against_request)
    repaired = frame.with_columns(*_repairs())
    return repaired.with_columns(*(column for makes in made for column in makes())).with_columns(*_crossed())


def _repairs() -> tuple[nw.Expr, ...]:
    """Turn the source's codes for "not provided" into missing values."""
    employed, phone = nw.col("DAYS_EMPLOYED"), nw.col("DAYS_LAST_PHONE_CHANGE")
    rating = nw.col("REGION_RATING_CLIENT_W_CITY")
    return (
        nw.when(employed != NOT_EMPLOYED).then(employed).alias("DAYS_EMPLOYED"),
        nw.when(phone != 0).then(phone).alias("DAYS_LAST_PHONE_CHANGE"),
        nw.when(rating > 0).then(rating).alias("REGION_RATING_CLIENT_W_CITY"),
        *(
            nw.when(nw.col(name) != unsaid).then(nw.col(name)).alias(name)
            for name, unsaid in (
                ("ORGANIZATION_TYPE", UNKNOWN),
                ("CODE_GENDER", UNKNOWN),
                # It would tell the sex, which is not an input.
                ("NAME_INCOME_TYPE", "Maternity leave"),
            )
        ),
    )


def _external() -> tuple[nw.Expr, ...]:
    """Summaries of the three external scores; a missing one is skipped."""
    first, second, third = (nw.col(name) for name in SCORES)
    # The middle one of three without sorting: exact, and missing unless all are there.
    middle = nw.max_horizontal(
        nw.min_horizontal(first, second), nw.min_horizontal(nw.max_horizontal(first, second), third)
    )
    mean = nw.mean_horizontal(*SCORES)
    squares = nw.sum_horizontal(*((nw.col(name) - mean) ** 2 for name in SCORES))
    present = _present(SCORES)
    weighted = nw.sum_horizontal(*(nw.col(n) * w for n, w in zip(SCORES, SCORE_WEIGHTS, strict=True)))
    weights = nw.sum_horizontal(
        *((~nw.col(n).is_null()).cast(nw.Float64) * w for n, w in zip(SCORES, SCORE_WEIGHTS, strict=True))
    )
    logs = nw.mean_horizontal(*(nw.when(nw.col(n) > 0).then(nw.col(n)).log() for n in SCORES))
    return (
        mean.alias("EXT_MEAN"),
        nw.min_horizontal(*SCORES).alias("EXT_MIN"),
        nw.max_horizontal(*SCORES).alias("EXT_MAX"),
        nw.when(present == 3).then(middle).otherwise(mean).alias("EXT_MEDIAN"),
        _ratio(weighted, weights).alias("EXT_WEIGHTED"),
        logs.exp().alias("EXT_GEOMEAN"),
        (second * third).alias("EXT_PROD_23"),
        (nw.when(present > 1).then(squares / (present - 1)) ** 0.5).alias("EXT_STD"),
        _missing(SCORES).alias("EXT_N_MISSING"),
        (first - second).alias("EXT_DIFF_12"),
        (first - third).alias("EXT_DIFF_13"),
        (second - third).alias("EXT_DIFF_23"),
    )


def _request() -> tuple[nw.Expr, ...]:
    """The credit against the instalment, the goods and the income."""
    credit, annuity, goods = (nw.col(f"AMT_{name}") for name in ("CREDIT", "ANNUITY", "GOODS_PRICE"))
    income, people = nw.col("AMT_INCOME_TOTAL"), nw.col("CNT_FAM_MEMBERS")
    return (
        _ratio(credit, annuity).alias("CREDIT_ANNUITY"),
        _ratio(credit, goods).alias("CREDIT_GOODS"),
        (credit - goods).alias("CREDIT_MINUS_GOODS"),
        _ratio(annuity, income).alias("ANNUITY_INCOME"),
        _ratio(credit, income).alias("CREDIT_INCOME"),
        _ratio(goods, income).alias("GOODS_INCOME"),
        _ratio(income, people).alias("INCOME_PER_PERSON"),
        _ratio(income - annuity, people).alias("INCOME_AFTER_ANNUITY_PER_PERSON"),
    )


def _circumstances() -> tuple[nw.Expr, ...]:
    """Work, contact, address and enquiries.

    What people around the client did with their own credits is left out: nobody should be
    refused for it.
    """
    employed = nw.col("DAYS_EMPLOYED")
    years = -employed * YEARS_PER_DAY
    return (
        _ratio(nw.col("AMT_INCOME_TOTAL"), years + 1).alias("INCOME_EMPLOYED"),
        _ratio(nw.col("DAYS_LAST_PHONE_CHANGE"), employed).alias("PHONE_EMPLOYED_RATIO"),
        _ratio(nw.col("OWN_CAR_AGE"), years).alias("CAR_EMPLOYED_RATIO"),
        _total(ENQUIRIES).alias("REQ_TOTAL"),
        _total(ENQUIRIES[:4]).alias("REQ_RECENT"),
        _total(CONTACTS).alias("CONTACT_FLAGS"),
        _total(MISMATCHES).alias("ADDRESS_MISMATCH"),
        _total(DOCUMENTS).alias("DOCUMENT_COUNT"),
    )


def _completeness() -> tuple[nw.Expr, ...]:
    return (
        _missing(BUILDING).alias("BUILDING_N_MISSING"),
        _missing(EXPECTED).alias("APP_N_MISSING"),
    )


def _history_against_request() -> tuple[nw.Expr, ...]:
    """What is owed or was repaid elsewhere, against the income and the present request."""
    income, credit, annuity = nw.col("AMT_INCOME_TOTAL"), nw.col("AMT_CREDIT"), nw.col("AMT_ANNUITY")
    return (
        _ratio(nw.col("BUREAU_DEBT"), income).alias("BUREAU_DEBT_INCOME"),
        _ratio(nw.col("BUREAU_DEBT"), credit).alias("BUREAU_DEBT_CREDIT"),
        _ratio(nw.col("BUREAU_ACTIVE_CREDIT"), income).alias("BUREAU_CREDIT_INCOME"),
        _ratio(annuity + nw.col("BUREAU_ANNUITY"), income).alias("BUREAU_EFFORT"),
        _ratio(annuity, nw.col("PREV_ANNUITY_MAX")).alias("PREV_ANNUITY_RATIO"),
        _ratio(credit, nw.col("PREV_CREDIT_MAX")).alias("PREV_CREDIT_RATIO"),
        _ratio(annuity, nw.col("PAID_LARGEST")).alias("PAID_ANNUITY_RATIO"),
        _ratio(nw.col("CARD_BALANCE_MEAN"), income).alias("CARD_BALANCE_INCOME"),
        _ratio(nw.col("CARD_LIMIT_MAX"), income).alias("CARD_LIMIT_INCOME"),
    )


def _crossed() -> tuple[nw.Expr, ...]:
    """Columns made of the columns made above."""
    return (
        (nw.col("EXT_MEAN") * -nw.col("DAYS_EMPLOYED") * YEARS_PER_DAY).alias("EXT_MEAN_X_EMPLOYED"),
        _ratio(nw.col("EXT_MEAN"), nw.col("CREDIT_ANNUITY")).alias("EXT_MEAN_TERM"),
    )


def _ratio(above: nw.Expr, below: nw.Expr) -> nw.Expr:
    """Divide; nothing (rather than infinity) where the divisor is zero."""
    return above / nw.when(below != 0).then(below)


def _total(names: Sequence[str]) -> nw.Expr:
    """Add up, missing as soon as one term is: adding what is there would understate."""
    first, *others = (nw.col(name) for name in names)
    for other in others:
        first = first + other
    return first


def _missing(names: Sequence[str]) -> nw.Expr:
    return nw.sum_horizontal(*(nw.col(name).is_null().cast(nw.Float64) for name in names))


def _present(names: Sequence[str]) -> nw.Expr:
    return nw.sum_horizontal(*((~nw.col(name).is_null()).cast(nw.Float64) for name in names))
