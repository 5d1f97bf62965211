"""The offers of a file, for the pages that show them."""

import polars as pl
from dash.development.base_component import Component

from components import offers, offers_said
from components.i18n import t
from components.offers_said import Line
from data.portfolios import Portfolio
from model.artifact import Model
from model.offers import OTHER
from model.results import Assessment
from pages._client import File
from web.record_texts import offer_names


def section(file: File, width: str = "") -> Component | None:
    """Return the sheet of the offers of a file; None where none is told."""
    return told(file.portfolio, file.model, file.assessment, file.lang, width)


def told(
    portfolio: Portfolio, model: Model, found: Assessment, lang: str, width: str = ""
) -> Component | None:
    """Return the sheet of the offers of an assessment, stored or tried; None where none is told."""
    if found.offers is None or model.offers is None:
        return None
    named = offer_names(portfolio, lang)
    said = offers_said.offers(portfolio, found.offers, named, lang)
    return offers.section(said, _every(model, found, named, lang), lang, width)


def brief(portfolio: Portfolio, found: Assessment, lang: str) -> Component | None:
    """Return the offers of an assessment in a few lines; None where none is told."""
    if found.offers is None:
        return None
    return offers.brief(offers_said.offers(portfolio, found.offers, offer_names(portfolio, lang), lang), lang)


def _every(model: Model, found: Assessment, named: dict[str, str], lang: str) -> list[Line]:
    """Return every offer that the model knows, the likeliest first; the rare ones stand together."""
    row = model.encoding.encode(pl.DataFrame([dict(found.features)], infer_schema_length=None))
    shares = model.offers.shares(row)[0]
    listed = sorted(zip(model.offers.classes, shares, strict=True), key=lambda pair: -pair[1])
    return [
        Line(
            "" if code == OTHER else code,
            t("offers.rare", lang) if code == OTHER else named.get(code, ""),
            offers_said.in_hundred(float(share), lang),
            float(share),
        )
        for code, share in listed
    ]
