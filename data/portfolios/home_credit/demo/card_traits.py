"""How a client uses a revolving card, over the months it was followed."""

import polars as pl

from data.demo.traits import Trait


def traits(months: pl.DataFrame) -> pl.DataFrame:
    """Return one row per client with a card: whether it is used, how far and how often, and paid late."""
    drawn, owed = pl.col("AMT_DRAWINGS_CURRENT") > 0, pl.col("AMT_BALANCE")
    limit = pl.col("AMT_CREDIT_LIMIT_ACTUAL").max()
    used = (owed > 0).any()
    return months.group_by("SK_ID_CURR").agg(
        card_used=pl.when(used).then(pl.lit("yes")).otherwise(pl.lit("no")),
        card_use=pl.when(used & (limit > 0)).then((owed.filter(owed >= 0).mean() / limit).clip(0, 1.5)),
        card_draws=pl.when(used).then(drawn.mean()),
        card_late=pl.when(used).then(
            pl.when((pl.col("SK_DPD_DEF") > 0).any()).then(pl.lit("yes")).otherwise(pl.lit("no"))
        ),
    )


def specification() -> tuple[Trait, ...]:
    """Return how each trait of a card is measured."""
    no_yes = ("no", "yes")
    return (
        Trait("card_used", order=no_yes),
        Trait("card_use"),
        Trait("card_draws"),
        Trait("card_late", order=no_yes),
    )
