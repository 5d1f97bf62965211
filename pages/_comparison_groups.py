"""How groups of files turned out: the three groups, and two inputs at a time."""

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.charts import grid as cells
from components.charts import interval
from components.figure import Table, figure, graph
from components.i18n import own, t, typeset
from components.spans import member, mirrored, short, span
from data.portfolios import Portfolio
from model.disclosure import LEAST, Rate
from model.pairs import Grid, Levels, grid
from model.peers import GROUPS, Comparison
from pages._comparison_figures import decimals, in_words, outcome, rate_cell, rate_cells, rate_head
from pages._comparison_view import files, masked, share


def became(portfolio: Portfolio, compared: Comparison, lang: str) -> list[Component]:
    """Return how the files of each group turned out."""
    if not compared.selection.shown:
        return [masked(portfolio, lang)]
    rates = {group: compared.outcome(group) for group in GROUPS}
    first = "filtered" if compared.selection.filters else "all"
    names = {g: own(portfolio, f"comparison.group.{first if g == 'all' else g}", lang) for g in GROUPS}
    shown = {group: rate for group, rate in rates.items() if rate}
    digits = decimals(shown.values())
    dots = [
        interval.Dot(
            names[group],
            files(portfolio, rate.count, lang),
            100 * rate.value,
            100 * rate.low,
            100 * rate.high,
            formats.number(100 * rate.value, lang, digits),
        )
        for group, rate in shown.items()
    ]
    reading = _became_reading(portfolio, rates, digits, lang)
    unit = t("comparison.became.unit", lang, outcome=outcome(portfolio, lang).capitalize())
    rows = [[names[group], *rate_cells(rates[group], digits, lang)] for group in GROUPS]
    drawing = [html.P(unit, className="note"), graph(interval.draw(dots), reading, interval.height(dots))]
    return [
        figure(
            "outcomes", html.Div(drawing), reading, Table(rate_head("group", portfolio, lang), rows), lang
        ),
        *(
            masked(portfolio, lang, t("comparison.masked.group", lang, group=names[group]))
            for group in GROUPS
            if rates[group] is None
        ),
    ]


def _became_reading(portfolio: Portfolio, rates: dict, digits: int, lang: str) -> str:
    def hundred(rate: Rate) -> str:
        return formats.number(100 * rate.value, lang, digits)

    word = outcome(portfolio, lang)
    similar, accepted = rates["similar"], rates["accepted"]
    if similar is None or accepted is None:
        return i18n.own(portfolio, "comparison.became.all", lang, all=hundred(rates["all"]), outcome=word)
    apart = similar.low > accepted.high or similar.high < accepted.low
    return own(
        portfolio,
        f"comparison.became.{'apart' if apart else 'close'}",
        lang,
        similar=hundred(similar),
        accepted=hundred(accepted),
        outcome=word,
    )


def pair(portfolio: Portfolio, compared: Comparison, across: str, up: str, lang: str) -> list[Component]:
    """Return the grid of two inputs over the files kept."""
    if not compared.selection.shown:
        return [masked(portfolio, lang)]
    if across == up:
        return [html.P(t("comparison.pair.same", lang), className="read")]
    found = grid(compared, across, up)
    sides = [
        _side(portfolio, compared, name, levels, lang)
        for name, levels in ((across, found.across), (up, found.up))
    ]
    rows, own = _turned(found, *(mirrored(portfolio, name) for name in (across, up)))
    if not any(rate for row in rows for rate in row):
        return [html.P(i18n.own(portfolio, "comparison.pair.empty", lang), className="read")]
    usual = compared.outcome("all").value
    reading = _pair_reading(portfolio, rows, own, usual, lang)
    values = [[None if rate is None else round(rate.value, 4) for rate in row] for row in rows]
    unit = i18n.own(
        portfolio, "comparison.pair.unit", lang, outcome=outcome(portfolio, lang).capitalize(), least=LEAST
    )
    drawing = [
        html.P(unit, className="note"),
        graph(
            cells.draw(values, usual, own, *sides, good=portfolio.settings["positive_is_good"]),
            reading,
            cells.height(len(rows)),
        ),
        html.P(
            [
                html.Span(t("comparison.pair.side.up", lang, name=sides[1].name)),
                html.Span(t("comparison.pair.side.across", lang, name=sides[0].name)),
            ],
            className="axes",
        ),
    ]
    if found.missing:
        without = i18n.own(
            portfolio, "comparison.pair.missing", lang, share=share(portfolio, found.missing, lang)
        )
        drawing.append(html.P(without, className="note"))
    texts = [
        _levels(portfolio, compared, name, levels, lang)
        for name, levels in ((across, found.across), (up, found.up))
    ]
    table = _pair_table(sides, texts, rows, own, lang)
    return [figure("pair", html.Div(drawing), reading, table, lang)]


def _turned(found: Grid, across: bool, up: bool) -> tuple[list, tuple[int, int] | None]:
    """Return the cells and this file's place as they are drawn: times grow to the right and upwards."""
    rows = [row[::-1] if across else row for row in found.cells]
    if found.own is None:
        return rows[::-1] if up else rows, None
    x, y = found.own
    wide, high = len(found.across.runs), len(found.up.runs)
    place = (wide - 1 - x if across else x, high - 1 - y if up else y)
    return rows[::-1] if up else rows, place


def _pair_reading(portfolio: Portfolio, rows: list, own: tuple | None, usual: float, lang: str) -> str:
    word = outcome(portfolio, lang)
    usually = formats.per_hundred(usual, lang)
    if own is None:
        return i18n.own(portfolio, "comparison.pair.none", lang, usual=usually, outcome=word)
    rate = rows[own[1]][own[0]]
    if rate is None:
        return i18n.own(portfolio, "comparison.pair.own.hidden", lang, usual=usually, outcome=word)
    margin = {"low": round(100 * rate.low), "high": round(100 * rate.high)}
    here = in_words(rate, lang)
    return i18n.own(portfolio, "comparison.pair.own", lang, rate=here, usual=usually, outcome=word, **margin)


def _side(portfolio: Portfolio, compared: Comparison, name: str, levels: Levels, lang: str) -> cells.Side:
    """Return a side of the grid: categories are named at their middle, numbers at the edges."""
    bins = compared.crowd.bins[name]
    label = typeset(portfolio.columns[name].label(lang), lang)
    if bins.is_category or bins.ends:
        return cells.Side(label, _levels(portfolio, compared, name, levels, lang), between=False)
    edges = [bins.edges[bins.steps[first] - 1] for first, _ in levels.runs[1:]]
    texts = [short(portfolio, name, edge, lang) for edge in edges]
    return cells.Side(label, texts[::-1] if mirrored(portfolio, name) else texts, between=True)


def _levels(portfolio: Portfolio, compared: Comparison, name: str, levels: Levels, lang: str) -> list[str]:
    """Return each level of a side in words, in the order drawn."""
    bins = compared.crowd.bins[name]
    if not bins.is_category:
        closed = bool(bins.ends) or bins.whole
        texts = [span(portfolio, name, *bins.bounds(*run), lang, closed=closed) for run in levels.runs]
        return texts[::-1] if mirrored(portfolio, name) else texts
    texts = [member(portfolio, name, bins.values[first], lang) for first, _ in levels.runs]
    return [*texts[:-1], t("comparison.pair.others", lang)] if levels.others else texts


def _pair_table(sides: list[cells.Side], found: list[list[str]], rows: list, own, lang: str) -> Table:
    """Return the grid as a table, from the top row to the bottom one; how many files is not told."""
    across, up = found
    head = [(f"{sides[1].name} / {sides[0].name}", False), *((text, True) for text in across)]
    digits = decimals(rate for row in rows for rate in row)
    lines = [
        [text, *(rate_cell(rate, digits, lang) for rate in row)] for text, row in zip(up, rows, strict=True)
    ]
    return Table(head, lines[::-1], None if own is None else len(rows) - 1 - own[1])
