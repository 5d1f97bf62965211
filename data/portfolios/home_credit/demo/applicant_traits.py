"""An application seen as traits: what is free to vary once the arithmetic of the form is set aside.

Columns that follow from others (family members from children and status, the rating of a
region from the region, annuity from credit and term) are not traits of their own, so the
drawn application cannot contradict itself.
"""

import polars as pl

from data.demo.traits import Trait
from data.portfolios.home_credit.demo.schemas import BUILDING, DOCUMENTS, MISMATCH, REQUESTS

UNPAID = ("Pensioner", "Unemployed")
AREAS = (*(f"{name}_AVG" for name in BUILDING), "TOTALAREA_MODE")
HOME_WORDS = ("FONDKAPREMONT_MODE", "HOUSETYPE_MODE", "WALLSMATERIAL_MODE", "EMERGENCYSTATE_MODE")
BLOCKS = (*AREAS, *HOME_WORDS)
CIRCLE = tuple(f"{kind}_{days}_CNT_SOCIAL_CIRCLE" for kind in ("OBS", "DEF") for days in (30, 60))
SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
FLAGS = ("FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL")
COUPLES = ("Married", "Civil marriage")
YEAR = 365.25
DAYS_OF_ADULTHOOD = 6574  # 18 years
# Ages at which an identity document is renewed whatever happens.
_RENEWALS = (14, 20, 45)
_LARGE = 700
_EDUCATION = (
    "Lower secondary", "Secondary / secondary special", "Incomplete higher", "Higher education",
    "Academic degree",
)  # fmt: skip
_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def large_organisations(frame: pl.DataFrame) -> list[str]:
    """Return the kinds of employer common enough to have their own law of occupations."""
    sizes = frame.filter(pl.col("OCCUPATION_TYPE").is_not_null())["ORGANIZATION_TYPE"].value_counts()
    return sorted(sizes.filter(pl.col("count") >= _LARGE)["ORGANIZATION_TYPE"].drop_nulls().to_list())


def traits(frame: pl.DataFrame, large: list[str]) -> pl.DataFrame:
    """Return the traits of each application, in the order of :func:`specification`."""
    paid = pl.col("NAME_INCOME_TYPE").is_in(UNPAID).not_()
    cash = pl.col("NAME_CONTRACT_TYPE") == "Cash loans"
    organisation = pl.when(paid).then(pl.col("ORGANIZATION_TYPE"))
    employer = pl.when(organisation.is_in(large)).then(organisation).otherwise(pl.lit("others"))
    occupation = pl.when(paid).then(pl.col("OCCUPATION_TYPE").fill_null("none"))
    band, gender = age_band(-pl.col("DAYS_BIRTH")), pl.col("CODE_GENDER")
    couple = pl.when(pl.col("NAME_FAMILY_STATUS").is_in(COUPLES)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    renewed = last_renewal(-pl.col("DAYS_BIRTH") / YEAR) * YEAR
    return frame.select(
        pl.col("NAME_CONTRACT_TYPE", "CODE_GENDER", "FLAG_OWN_CAR", "FLAG_OWN_REALTY"),
        _text("CNT_CHILDREN"),
        "AMT_INCOME_TOTAL",
        goods=pl.col("AMT_GOODS_PRICE"),
        credit_to_goods=pl.when(cash).then(pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE")),
        credit_to_annuity=pl.when(cash).then(pl.col("AMT_CREDIT") / pl.col("AMT_ANNUITY")),
        suite=pl.col("NAME_TYPE_SUITE").fill_null("none"),
        income_type=pl.col("NAME_INCOME_TYPE"),
        education=pl.col("NAME_EDUCATION_TYPE"),
        family=pl.col("NAME_FAMILY_STATUS"),
        housing=pl.col("NAME_HOUSING_TYPE"),
        region=pl.concat_str(
            pl.col("REGION_POPULATION_RELATIVE").round(6),
            "REGION_RATING_CLIENT",
            "REGION_RATING_CLIENT_W_CITY",
            separator="|",
        ),
        age=-pl.col("DAYS_BIRTH"),
        employed_share=pl.when(paid).then(
            (pl.col("DAYS_EMPLOYED") / (pl.col("DAYS_BIRTH") + DAYS_OF_ADULTHOOD)).clip(0, 1)
        ),
        registration_share=pl.col("DAYS_REGISTRATION") / pl.col("DAYS_BIRTH"),
        identity_share=(pl.col("DAYS_ID_PUBLISH") / (pl.col("DAYS_BIRTH") + renewed)).clip(0, 1),
        car_age=pl.col("OWN_CAR_AGE"),
        phone_days=-pl.col("DAYS_LAST_PHONE_CHANGE"),
        **{flag: _text(flag) for flag in FLAGS},
        weekday=pl.col("WEEKDAY_APPR_PROCESS_START"),
        hour=_text("HOUR_APPR_PROCESS_START"),
        mismatch=pl.concat_str(*MISMATCH),
        organisation=organisation,
        occupation=occupation,
        **{score: pl.col(score) for score in SCORES},
        **{f"{score}_given": _given(score) for score in SCORES},
        home_given=pl.concat_str(pl.col(name).is_not_null().cast(pl.Int8) for name in BLOCKS),
        **{name: pl.col(name) for name in BLOCKS},
        **{name: _text(name) for name in CIRCLE},
        circle_given=_given(CIRCLE[0]),
        **{name: _text(name) for name in REQUESTS},
        requests_given=_given(REQUESTS[0]),
        documents=_documents(),
        paid=pl.when(paid).then(pl.lit("yes")).otherwise(pl.lit("no")),
        contract_paid=_contract_paid(pl.col("NAME_CONTRACT_TYPE"), paid),
        band=band,
        gender_band=gender + "|" + band,
        couple_band=couple + "|" + band,
        type_gender=pl.col("NAME_INCOME_TYPE") + "|" + gender,
        employer_gender=employer + "|" + gender,
        occupation_paid=occupation.fill_null("unpaid"),
    )


def age_band(days: pl.Expr) -> pl.Expr:
    """Return the band of five years, as text, of an age in days."""
    return (days / (5 * YEAR)).floor().cast(pl.Int64).cast(pl.String)


def last_renewal(age: pl.Expr) -> pl.Expr:
    """Return the age at which the identity document was last renewed of necessity."""
    first, second, third = _RENEWALS
    return pl.when(age >= third).then(third).when(age >= second).then(second).otherwise(first)


def specification(frame: pl.DataFrame) -> tuple[Trait, ...]:
    """Return how each trait is measured; ``frame`` (of traits) gives the order of counts and regions."""
    return (
        Trait("NAME_CONTRACT_TYPE", order=("Cash loans", "Revolving loans")),
        Trait("CODE_GENDER", order=("F", "M")),
        Trait("age"),
        Trait("income_type", by="gender_band", order_by="age"),
        Trait("education", by="income_type", order=_EDUCATION),
        Trait("family", by="gender_band", order_by="age"),
        _count("CNT_CHILDREN", frame, by="couple_band"),
        Trait("housing", by="band", order_by="age"),
        Trait("FLAG_OWN_CAR", by="CODE_GENDER", order=("N", "Y")),
        Trait("FLAG_OWN_REALTY", order=("N", "Y")),
        Trait("AMT_INCOME_TOTAL", by="occupation_paid"),
        Trait("goods", by="NAME_CONTRACT_TYPE"),
        Trait("credit_to_goods"),
        Trait("credit_to_annuity"),
        Trait("suite", order_by="age"),
        Trait("region", order=_regions(frame["region"])),
        *(Trait(name, by="band") for name in ("employed_share", "registration_share", "identity_share")),
        *(Trait(name) for name in ("car_age", "phone_days")),
        *(Trait(flag, order=("0", "1"), by="paid") for flag in FLAGS),
        Trait("weekday", order=_WEEK),
        _count("hour", frame),
        Trait("mismatch", order=tuple(sorted(_known(frame["mismatch"]), key=_ones)), by="paid"),
        Trait("organisation", by="type_gender", order_by="risk"),
        Trait("occupation", by="employer_gender", order_by="risk"),
        *(Trait(score) for score in SCORES),
        *(Trait(f"{score}_given", order=("no", "yes")) for score in SCORES),
        Trait("home_given", order=tuple(sorted(_known(frame["home_given"]), key=_ones))),
        *(Trait(name) for name in AREAS),
        *(Trait(name, order_by="APARTMENTS_AVG") for name in HOME_WORDS),
        *(_count(name, frame) for name in CIRCLE),
        Trait("circle_given", order=("no", "yes")),
        *(_count(name, frame) for name in REQUESTS),
        Trait("requests_given", order=("no", "yes")),
        Trait("documents", by="contract_paid", order_by="age"),
    )


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64).cast(pl.String)


def _given(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_null()).then(pl.lit("no")).otherwise(pl.lit("yes"))


def _contract_paid(contract: pl.Expr, paid: pl.Expr) -> pl.Expr:
    return contract + pl.when(paid).then(pl.lit("|yes")).otherwise(pl.lit("|no"))


def _documents() -> pl.Expr:
    """The numbers of the documents handed in, joined: "3", "3+8", or "" for none."""
    given = [pl.when(pl.col(name) == 1).then(pl.lit(name.rsplit("_")[-1])) for name in DOCUMENTS]
    return pl.concat_str(*given, separator="+", ignore_nulls=True)


def _count(name: str, frame: pl.DataFrame, by: str = "") -> Trait:
    return Trait(name, by=by, order=tuple(sorted(_known(frame[name]), key=int)))


def _regions(column: pl.Series) -> tuple[str, ...]:
    """Regions from the worst rated to the best, the emptiest first within a rating."""

    def place(label: str) -> tuple[float, float, float]:
        population, rating, with_city = (float(part) for part in label.split("|"))
        return -rating, -with_city, population

    return tuple(sorted(_known(column), key=place))


def _known(column: pl.Series) -> list[str]:
    return column.drop_nulls().unique().to_list()


def _ones(label: str) -> tuple[int, str]:
    return label.count("1"), label
