"""Whom the model favours: acceptance and errors group by group, without a legal conclusion."""

from collections.abc import Iterator, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, group_names
from components.charts import intervals
from components.figure import Table, figure
from components.i18n import own, plural, t, typeset
from components.rich import bold, fill
from components.sheet import sheet
from data.portfolios import Portfolio

Family = Mapping
HIDDEN = ("false_refusal", "false_acceptance")


def said(portfolio: Portfolio, excluded: Sequence[str], families: Sequence[Family], lang: str) -> Component:
    """Return what the figures say, and what they do not."""
    names = ", ".join(_lower(typeset(portfolio.columns[name].label(lang), lang)) for name in excluded)
    broadest = widest(families)
    low, high = _ends(portfolio, broadest, lang)
    reading = fill(
        typeset(portfolio.words(lang)["fairness"]["gap" if excluded else "gap_read"], lang),
        excluded=names,
        title=html.B(_lower(group_names.title(portfolio, broadest, lang))),
        low=bold(formats.per_hundred(low[1], lang)),
        low_group=low[0],
        high=bold(formats.per_hundred(high[1], lang)),
        high_group=high[0],
    )
    return sheet(
        "said",
        t("fairness.said", lang),
        html.P(reading, className="reading wide-reading"),
        html.Div(
            [
                html.Div(html.Div(html.P(_signal(families, lang)), className="warn"), className="c6"),
                html.Div(
                    html.P(typeset(portfolio.words(lang)["fairness"]["line"], lang), className="note"),
                    className="c6",
                ),
            ],
            className="grid",
        ),
    )


def _signal(families: Sequence[Family], lang: str) -> list:
    """Return how many groups stand under or on the four-fifths line, and what that is worth."""
    standings = [one["standing"] for family in families for one in family["groups"]]
    under, touching = standings.count("under"), standings.count("touches")
    if not under and not touching:
        first = t("fairness.signal.none", lang)
    else:
        parts = [plural("fairness.signal.under", under, lang, count=_word(under, lang))] if under else []
        key = "fairness.signal.also" if under else "fairness.signal.touches"
        parts += [plural(key, touching, lang, count=_word(touching, lang))] if touching else []
        sentence = ", ".join(parts) + "."
        first = sentence[:1].upper() + sentence[1:]
    return [html.B(first), " ", t("fairness.signal.worth", lang)]


def _word(count: int, lang: str) -> str:
    """Return a small number in words, as a sentence begins with."""
    if count == 1:
        return t("fairness.one", lang)
    return t(f"number.{count}", lang) if 2 <= count <= 8 else formats.number(count, lang)


def groups(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return acceptance and errors of each group, against the four-fifths line."""
    families = held["families"]
    words = portfolio.words(lang)["fairness"]
    span = _span([family["line"] for family in families], [one["accepted"] for one in _all(families)])
    heads = {key: typeset(words["heads"][key], lang) for key in ("accepted", *HIDDEN)}
    body, rows = [], []
    for family in families:
        title = group_names.title(portfolio, family, lang)
        line = t("fairness.line", lang, share=formats.percent(family["line"], lang, 1))
        body.append(_head([html.Td(title, colSpan=2), html.Td(html.Span(line, className="note"), colSpan=6)]))
        for one in family["groups"]:
            name = group_names.name(portfolio, family["column"], one["group"], lang)
            body.append(_row(name, one, intervals.Span(span.low, span.high, family["line"]), lang))
            rows.append([f"{title}, {name}", *_cells(one, lang)])
    everyone = held["all"]
    body.append(_total(portfolio, everyone, lang))
    rows.append([own(portfolio, "fairness.all", lang), *_cells({**everyone, "ratio": None}, lang)])
    middle = (span.low + span.high) / 2
    scale = intervals.scale(tuple(formats.percent(end, lang) for end in (span.low, middle, span.high)))
    shown = [
        (t("fairness.group", lang), ""),
        (own(portfolio, "fairness.files", lang), "num"),
        (scale, "gapl"),
        (heads["accepted"], "num"),
        (own(portfolio, "fairness.ratio", lang), "num"),
        (heads["false_refusal"], "num"),
        (heads["false_acceptance"], "num"),
    ]
    head = html.Tr([html.Th(text, className=kind, scope="col") for text, kind in shown])
    drawn = html.Table([html.Thead(head), html.Tbody(body)], className="groups told decided")
    table = Table(
        _columns(
            portfolio,
            [(t("fairness.group", lang), False), (own(portfolio, "fairness.files", lang), True)],
            heads,
            lang,
        ),
        rows,
    )
    return sheet(
        "groups",
        t("fairness.groups", lang),
        figure(
            "fairness",
            html.Div(drawn, className="wide", tabIndex=0),
            _errors(portfolio, families, lang),
            table,
            lang,
            image=False,
        ),
        html.P(typeset(words["note"], lang), className="note"),
    )


def _head(cells: list[Component]) -> Component:
    return html.Tr(cells, className="head")


def _row(name: str, one: Mapping, span: intervals.Span, lang: str) -> Component:
    accepted, standing = one["accepted"], one["standing"]
    label: list = [name]
    if standing != "above":
        label.append(html.Small(html.B(t(f"fairness.standing.{standing}", lang))))
    lane = intervals.lane(
        span, accepted["value"], accepted["low"], accepted["high"], hollow=standing != "above"
    )
    return html.Tr(
        [
            html.Td(label),
            html.Td(formats.number(one["rows"], lang), className="num"),
            html.Td(lane, className="gapl chart"),
            measured(accepted, lang, strong=True),
            html.Td(_ratio(one["ratio"], lang), className="num"),
            *(measured(one[key], lang) for key in HIDDEN),
        ]
    )


def _total(portfolio: Portfolio, everyone: Mapping, lang: str) -> Component:
    shown = [_hundred(everyone[key]["value"], lang) if everyone[key] else "" for key in ("accepted", *HIDDEN)]
    cells = [
        own(portfolio, "fairness.all", lang),
        formats.number(everyone["rows"], lang),
        "",
        shown[0],
        "",
        *shown[1:],
    ]
    kinds = ["", "num", "", "num", "num", "num", "num"]
    return html.Tr(
        [html.Td(cell, className=kind) for cell, kind in zip(cells, kinds, strict=True)], className="total"
    )


def measured(
    found: Mapping | None, lang: str, *, decimals: int = 1, times: float = 100, strong: bool = False
):
    """Return a cell: a value over its interval, or the word for what is hidden."""
    if found is None:
        return html.Td(html.Span(t("groups.masked", lang), className="absent"), className="num")
    value, low, high = (
        formats.number(times * found[key], lang, decimals) for key in ("value", "low", "high")
    )
    between = t("fairness.between", lang, low=low, high=high)
    return html.Td([html.B(value) if strong else value, html.Small(between)], className="num")


def _columns(
    portfolio: Portfolio, first: list[tuple[str, bool]], heads: Mapping[str, str], lang: str
) -> list[tuple[str, bool]]:
    sides = (t("fairness.low", lang), t("fairness.high", lang))
    columns = list(first)
    for key, text in heads.items():
        columns += [(text, True), *((side, True) for side in sides)]
        if key == "accepted":
            columns.append((own(portfolio, "fairness.ratio", lang), True))
    return columns


def _cells(one: Mapping, lang: str) -> list:
    cells: list = [(formats.number(one["rows"], lang), one["rows"])]
    for key in ("accepted", *HIDDEN):
        cells += exact(one[key], lang)
        if key == "accepted":
            cells.append((_ratio(one["ratio"], lang), one["ratio"]))
    return cells


def exact(found: Mapping | None, lang: str, decimals: int = 1, times: float = 100) -> list:
    """Return the cells of a measure in the table: value, low and high, or the word for what is hidden."""
    if found is None:
        return [t("groups.masked", lang)] * 3
    return [
        (formats.number(times * found[key], lang, decimals), times * found[key])
        for key in ("value", "low", "high")
    ]


def _errors(portfolio: Portfolio, families: Sequence[Family], lang: str) -> str:
    """Return where wrong refusals differ most, as a sentence."""
    known = [(family, [one for one in family["groups"] if one["false_refusal"]]) for family in families]
    known = [(family, found) for family, found in known if len(found) > 1]
    if not known:
        return own(portfolio, "fairness.groups.masked", lang)

    def rate(one: Mapping) -> float:
        return one["false_refusal"]["value"]

    family, found = max(known, key=lambda pair: max(map(rate, pair[1])) - min(map(rate, pair[1])))
    worst, best = max(found, key=rate), min(found, key=rate)
    return typeset(portfolio.words(lang)["fairness"]["errors"], lang).format(
        high=formats.number(100 * rate(worst), lang),
        high_group=_lower(group_names.name(portfolio, family["column"], worst["group"], lang)),
        low=formats.number(100 * rate(best), lang),
        low_group=_lower(group_names.name(portfolio, family["column"], best["group"], lang)),
    )


def _all(families: Sequence[Family]) -> Iterator[Mapping]:
    for family in families:
        yield from family["groups"]


def widest(families: Sequence[Family]) -> Family:
    """Return the grouping whose groups are accepted most unequally."""

    def gap(family: Family) -> float:
        rates = [one["accepted"]["value"] for one in family["groups"]]
        return max(rates) - min(rates)

    return max(families, key=gap)


def _ends(portfolio: Portfolio, family: Family, lang: str) -> tuple[tuple[str, float], tuple[str, float]]:
    """Return the least and the most accepted group of a grouping, each with its rate."""
    named = [
        (_lower(group_names.name(portfolio, family["column"], one["group"], lang)), one["accepted"]["value"])
        for one in family["groups"]
    ]
    return min(named, key=lambda pair: pair[1]), max(named, key=lambda pair: pair[1])


def _span(lines: Sequence[float], found: Sequence[Mapping]) -> intervals.Span:
    low = min([*lines, *(one["low"] for one in found)])
    high = max(one["high"] for one in found)
    return intervals.Span(int(10 * low) / 10, min(1.0, (int(10 * high) + 1) / 10))


def _hundred(share: float, lang: str) -> str:
    return formats.number(100 * share, lang, 1)


def _ratio(ratio: float | None, lang: str) -> str:
    return "" if ratio is None else formats.number(ratio, lang, 2)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
