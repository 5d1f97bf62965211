"""The model card: what the model is for, what it learnt from, what it is worth, its limits. Printable.

After Mitchell and others, *Model cards for model reporting*, 2019; docs/model_card.md says what
goes where.
"""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, group_names
from components.i18n import own, plural, t, typeset
from components.performance import SHOWN, metric_words, with_passed
from components.sheet import sheet, unfold
from data.portfolios import Portfolio

_SHORT = 16  # characters of a fingerprint that are shown at once


def sections(
    portfolio: Portfolio, card: Mapping, segments: Sequence[Mapping], marks: Mapping[str, float], lang: str
) -> list[Component]:
    """Return the card.

    Parameters
    ----------
    card : content of ``artifact.json``
    segments : what the model is worth in each segment (``curves.json``)
    marks : in points, the ``mark`` in force and the ends ``low`` and ``high`` of the grey zone
    """
    words = portfolio.words(lang)["card"]
    return [
        _sheet("use", _list(words["use"], lang), lang),
        _sheet("not_use", _list(words["not_use"], lang), lang),
        _sheet("data", _pairs(_data(portfolio, card, lang)), lang),
        _sheet("inputs", html.Div(_inputs(portfolio, card, lang)), lang),
        _sheet("excluded", html.Div(_excluded(portfolio, card, lang)), lang),
        _sheet("metrics", html.Div(_metrics(portfolio, card, lang)), lang),
        _sheet("threshold", _pairs(_threshold(card, marks, lang)), lang),
        _sheet("limits", _list([*words["limits"], *_limits(portfolio, segments, lang)], lang), lang),
        _sheet("version", _pairs(_version(card, lang)), lang),
    ]


def _sheet(name: str, content: Component, lang: str) -> Component:
    return sheet(f"card-{name}", t(f"card.{name}", lang), content)


def _list(lines: Sequence[str], lang: str) -> Component:
    return html.Ul([html.Li(typeset(line, lang)) for line in lines], className="card-list")


def _pairs(pairs: Sequence[tuple[str, Component | str]]) -> Component:
    return html.Dl(
        [html.Div([html.Dt(label), html.Dd(value)]) for label, value in pairs], className="pairs card-pairs"
    )


def _data(portfolio: Portfolio, card: Mapping, lang: str) -> list[tuple[str, Component | str]]:
    data, words = card["data"], portfolio.words(lang)
    rows = t(
        "card.data.rows.value",
        lang,
        rows=formats.number(data["rows"], lang),
        count=formats.number(data["positives"], lang),
        ended=words["outcome"]["positive_many"],
        share=formats.percent(data["positives"] / data["rows"], lang, 1),
    )
    tables = ", ".join(
        typeset(words.get("tables", {}).get(name, name), lang)
        for name in data["tables"] or [portfolio.main_table]
    )
    return [
        (own(portfolio, "card.data.rows", lang), rows),
        (t("card.data.window", lang), own(portfolio, "card.data.window.none", lang)),
        (
            t("card.data.kind", lang),
            own(portfolio, "card.data.synthetic" if data["synthetic"] else "card.data.real", lang),
        ),
        (t("card.data.tables", lang), tables),
        (t("card.data.fingerprint", lang), _fingerprint(data["fingerprint"])),
    ]


def _fingerprint(text: str) -> Component:
    return html.Code(text[:_SHORT], title=text)


def _inputs(portfolio: Portfolio, card: Mapping, lang: str) -> list[Component]:
    themes: dict[str, list[str]] = {}
    for name in card["inputs"]:
        themes.setdefault(portfolio.columns[name].theme, []).append(name)
    named = portfolio.words(lang)["themes"]
    lines = [
        plural("card.inputs.count", len(names), lang, theme=_lower(typeset(named[theme], lang)))
        for theme, names in themes.items()
    ]
    every = [
        html.Li(
            [
                html.B(typeset(named[theme], lang)),
                " ",
                ", ".join(_label(portfolio, name, lang) for name in names),
            ]
        )
        for theme, names in themes.items()
    ]
    count = formats.number(len(card["inputs"]), lang)
    return [
        _list(lines, lang),
        unfold(t("card.inputs.all", lang, count=count), html.Ul(every, className="card-list")),
    ]


def _excluded(portfolio: Portfolio, card: Mapping, lang: str) -> list[Component]:
    names = ", ".join(_lower(_label(portfolio, name, lang)) for name in card["excluded"])
    return [html.P(_capital(names)), html.P(t("card.excluded.protected", lang), className="note")]


def _metrics(portfolio: Portfolio, card: Mapping, lang: str) -> list[Component]:
    metrics, rows = with_passed(card["metrics"]), []
    for name, decimals in SHOWN:
        shown = {
            key: formats.percent(value, lang, 1)
            if decimals is None
            else formats.number(value, lang, decimals)
            for key, value in metrics[name].items()
        }
        between = t("performance.between", lang, low=shown["low"], high=shown["high"])
        cells = [html.Td(html.B(shown["value"]), className="num"), html.Td(between, className="num")]
        rows.append(html.Tr([html.Td(metric_words(portfolio, name, lang)[0]), *cells]))
    head = [
        html.Th(t(f"performance.head.{key}", lang), className="" if key == "metric" else "num", scope="col")
        for key in ("metric", "value", "interval")
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="card-table")
    return [table, html.P(t("card.metrics.note", lang), className="note")]


def _threshold(card: Mapping, marks: Mapping[str, float], lang: str) -> list[tuple[str, str]]:
    shown = {name: formats.points(value, lang) for name, value in marks.items()}
    rate = formats.per_hundred(card["threshold"]["in_force"], lang)
    ratio = card["costs"]["false_negative"] / card["costs"]["false_positive"]
    return [
        (t("card.threshold.mark", lang), t("card.threshold.mark.value", lang, mark=shown["mark"], rate=rate)),
        *(
            [
                (
                    t("card.threshold.grey", lang),
                    t("card.threshold.grey.value", lang, low=shown["low"], high=shown["high"]),
                )
            ]
            if marks["low"] < marks["high"]
            else []
        ),
        (
            t("card.threshold.costs", lang),
            t("performance.proposals.at", lang, ratio=formats.number(ratio, lang)),
        ),
    ]


def _limits(portfolio: Portfolio, segments: Sequence[Mapping], lang: str) -> list[str]:
    found = [t("card.limits.order", lang)]
    known = [(family, one) for family in segments for one in family["groups"] if one["auc"]]
    if known:
        family, weakest = min(known, key=lambda pair: pair[1]["auc"]["value"])
        found.append(
            t(
                "card.limits.weak",
                lang,
                title=group_names.title(portfolio, family, lang),
                group=group_names.name(portfolio, family["column"], weakest["group"], lang),
                value=formats.number(weakest["auc"]["value"], lang, 3),
            )
        )
    return [*found, t("card.limits.gap", lang)]


def _version(card: Mapping, lang: str) -> list[tuple[str, Component | str]]:
    return [
        (t("card.version.number", lang), card["version"]),
        (t("card.data.created", lang), formats.date(card["created"], lang)),
        (t("card.code", lang), _fingerprint(card["code"])),
        (t("card.seed", lang), str(card["seed"])),
        (t("card.approver", lang), t("card.approver.none", lang)),
    ]


def _label(portfolio: Portfolio, name: str, lang: str) -> str:
    return typeset(portfolio.columns[name].label(lang), lang)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
