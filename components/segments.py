"""One model per segment against a single one, and the rows set aside to judge against cross-validation."""

from collections.abc import Callable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table, figure
from components.i18n import t
from components.sheet import sheet

Named = Callable[[Mapping], str]
Figure = Mapping[str, float]
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
            _drawn(_heads(lang), rows),
            reading,
            _table(_heads(lang), rows),
            lang,
            image=False,
        ),
        html.P(t("segments.note", lang), className="note"),
        width=width,
    )


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
                    _figure(before.get(name), decimals, lang),
                    _figure(after[name], decimals, lang),
                ]
            )
    note = t("segments.year.note", lang, rows=formats.number(test["rows"], lang))
    return sheet(
        "test-year",
        t("segments.year", lang),
        figure(
            "test-year",
            _drawn(heads, rows),
            _year_reading(before, after, years, lang),
            _table(heads, rows),
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
    cells: list = [_capital(named(one)), (formats.number(one["rows"], lang), one["rows"])]
    for metric in METRICS:
        cells += [_figure(one[side][metric], 3, lang, bare=True) for side in ("pooled", "segments")]
        cells.append(_gain(one["gain"][metric], lang))
    return [*cells, t(f"segments.verdict.short.{_code(one['verdict'])}", lang)]


def _gain(found: Figure, lang: str) -> tuple[str, float]:
    ends = {key: formats.number(found[key], lang, 3, signed=True) for key in ("value", "low", "high")}
    return t("segments.gain", lang, **ends), found["value"]


def _figure(found: Figure | None, decimals: int, lang: str, bare: bool = False) -> tuple[str, float] | str:
    """Return a figure with its interval, or alone when it has none; empty where it was not measured."""
    if found is None:
        return ""
    value = formats.number(found["value"], lang, decimals)
    if bare or "low" not in found:
        return value, found["value"]
    ends = {key: formats.number(found[key], lang, decimals) for key in ("low", "high")}
    return t("segments.gain", lang, value=value, **ends), found["value"]


def _drawn(heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence]) -> Component:
    head = [html.Th(text, scope="col", className="num" if number else "gapl" if place else "")
            for place, (text, number) in enumerate(heads)]  # fmt: skip
    body = [
        html.Tr(
            [
                html.Td(
                    cell[0] if isinstance(cell, tuple) else cell,
                    className="num" if number else "gapl" if place else "",
                )
                for place, (cell, (_, number)) in enumerate(zip(row, heads, strict=True))
            ]
        )
        for row in rows
    ]
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="judged")
    return html.Div(drawn, className="wide", tabIndex=0)


def _table(heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence]) -> Table:
    return Table(heads, rows)


def _code(verdict: str) -> str:
    return verdict if verdict in ("segments", "pooled") else "none"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
