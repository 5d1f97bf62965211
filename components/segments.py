"""One model per segment against a single one, and the rows set aside to judge against cross-validation."""

from collections.abc import Callable, Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import figure
from components.i18n import t
from components.judged import Measured, drawn, measured, table
from components.sheet import sheet

Named = Callable[[Mapping], str]
METRICS = ("auc", "recall")
# In the order of the table, with the decimals shown.
YEAR = (
    ("auc", 3),
    ("balanced_accuracy", 3),
    ("accuracy", 3),
    ("recall", 3),
    ("precision", 3),
    ("f1", 3),
    ("brier", 4),
    ("log_loss", 4),
    ("calibration_slope", 2),
)


def section(held: Mapping, named: Named, lang: str, width: str = "") -> Component:
    """Return the sheet of ``segments.json``; ``named`` says how a population is called."""
    on = "test" if held["test"] else "folds"
    found = held["test"] or held["out_of_fold"]
    reading = " ".join(
        [
            t(f"segments.on.{on}", lang),
            _lower(t(f"segments.verdict.{_code(found['verdict'])}", lang)),
            t(f"segments.served.{held['served']}", lang),
        ]
    )
    rows = [_row(one, named, lang) for one in found["populations"]]
    return sheet(
        "by-segment",
        t("segments.title", lang),
        figure(
            "segments-models",
            drawn(_heads(lang), rows),
            reading,
            table(_heads(lang), rows),
            lang,
            image=False,
        ),
        html.P(t("segments.note", lang), className="note"),
        width=width,
    )


def absent(lang: str) -> Component:
    """Return the sheet when no model of a segment was made to be compared."""
    return sheet("by-segment", t("segments.title", lang), html.P(t("segments.absent", lang)))


def year(card: Mapping, test: Mapping, years: str, lang: str, width: str = "") -> Component:
    """Return the sheet of the rows set aside (``test.json``) against those learnt from."""
    before, after = card["metrics"], test["metrics"]
    heads = [(t(f"segments.year.head.{key}", lang), key != "metric") for key in ("metric", "before", "test")]
    rows = []
    for name, decimals in YEAR:
        if name in after:
            rows.append(
                [
                    t(f"segments.year.metric.{name}", lang),
                    measured(before.get(name), lang, decimals),
                    measured(after[name], lang, decimals),
                ]
            )
    note = t("segments.year.note", lang, rows=formats.number(test["rows"], lang))
    return sheet(
        "test-year",
        t("segments.year", lang),
        figure(
            "test-year",
            drawn(heads, rows),
            _year_reading(before, after, years, lang),
            table(heads, rows),
            lang,
            image=False,
        ),
        html.P(note, className="note"),
        width=width,
    )


def _year_reading(before: Mapping, after: Mapping, years: str, lang: str) -> str:
    then, now = before["auc"], after["auc"]
    way = "lower" if now["high"] < then["low"] else "higher" if now["low"] > then["high"] else "same"
    said = t(
        f"segments.year.reading.{way}",
        lang,
        years=years,
        auc=formats.number(now["value"], lang, 3),
        before=formats.number(then["value"], lang, 3),
    )
    rates = {key: formats.number(100 * after[key]["value"], lang, 1) for key in ("predicted", "observed")}
    return f"{said} {t('segments.year.rates', lang, **rates)}"


def _heads(lang: str) -> list[tuple[str, bool]]:
    heads = [(t("segments.head.population", lang), False), (t("segments.head.rows", lang), True)]
    for metric in METRICS:
        name = t(f"segments.metric.{metric}", lang)
        heads += [(t(f"segments.head.{key}", lang, metric=name), True) for key in ("pooled", "own")]
        heads.append((t("segments.head.gain", lang), True))
    return [*heads, (t("segments.head.better", lang), False)]


def _row(one: Mapping, named: Named, lang: str) -> list:
    cells: list = [_capital(named(one)), Measured(formats.number(one["rows"], lang), "", one["rows"])]
    for metric in METRICS:
        cells += [measured(one[side][metric], lang, 3, bare=True) for side in ("pooled", "segments")]
        cells.append(measured(one["gain"][metric], lang, 3, signed=True))
    return [*cells, t(f"segments.verdict.short.{_code(one['verdict'])}", lang)]


def _code(verdict: str) -> str:
    return verdict if verdict in ("segments", "pooled") else "none"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
