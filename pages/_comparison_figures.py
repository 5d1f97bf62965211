"""The tables of a comparison: each input in each group, and the outcome of each step."""

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.figure import Cell, Table, tabulated
from components.i18n import own, t, typeset
from components.spans import member, mirrored
from data.portfolios import Portfolio
from model.bins import MISSING, Bins
from model.disclosure import Rate
from model.peers import GROUPS, Comparison, Spread
from pages._comparison_state import step_text

EXACT = 1_000  # files from which a rate bears a decimal
_RATE = ("files", "rate")


def outcome(portfolio: Portfolio, lang: str) -> str:
    """Return the word for the files of the positive class."""
    return typeset(portfolio.words(lang)["outcome"]["positive_many"], lang)


def of_groups(portfolio: Portfolio, compared: Comparison, shown, spreads: dict, lang: str) -> Table:
    names = ("feature", "own", "group", "middle", "below", "above", "same", "missing")
    numbers = ("below", "above", "same", "missing")
    rows = []
    for name in shown:
        label = typeset(portfolio.columns[name].label(lang), lang)
        here = formats.value(portfolio, name, compared.features.get(name), lang)
        for group in GROUPS:
            title = own(portfolio, f"comparison.group.{group}", lang)
            spread = spreads[name, group]
            if spread is None:
                hidden = t("comparison.masked", lang)
                rows.append([label, here, title, hidden, *[""] * 4])
                continue
            found = spread.standing
            ways = (found.above, found.below) if mirrored(portfolio, name) else (found.below, found.above)
            shares = [*ways, found.same, spread.missing]
            middle = _middle_text(portfolio, name, compared.crowd.bins[name], spread, lang)
            rows.append([label, here, title, middle, *(_percent(s, lang) for s in shares)])
    return Table([(i18n.own(portfolio, f"comparison.table.{n}", lang), n in numbers) for n in names], rows)


def _percent(amount: float | None, lang: str):
    return "" if amount is None else (formats.percent(amount, lang), amount)


def _middle_text(portfolio: Portfolio, name: str, bins: Bins, spread: Spread, lang: str) -> str:
    if spread.middle is None:
        return t("value.missing", lang)
    if bins.is_category:
        return member(portfolio, name, bins.values[int(spread.middle)], lang)
    return formats.value(portfolio, name, _rounded(spread.middle), lang)


def _rounded(value: float) -> float:
    """Return a value told from bins with the three figures that it can bear."""
    return float(f"{value:.3g}")


def by_step(portfolio: Portfolio, compared: Comparison, name: str, lang: str) -> Component:
    """Return the outcome of each step of an input among the files kept, with its interval."""
    bins = compared.crowd.bins[name]
    texts = [step_text(portfolio, name, bins, (i, i), lang) for i in range(len(bins.steps))]
    rates = compared.rates(name)
    number = bins.of(compared.features.get(name))
    own = len(texts) if number == MISSING else bins.step_of(number)
    rows = list(zip([*texts, t("value.missing", lang)], rates, range(len(rates)), strict=True))
    if mirrored(portfolio, name):
        rows[:-1] = rows[:-1][::-1]
    if not bins.missing:
        rows.pop()
    pick = next((at for at, (_, _, step) in enumerate(rows) if step == own), None)
    digits = decimals(rates)
    lines = [[text, *rate_cells(rate, digits, lang)] for text, rate, _ in rows]
    table = Table(rate_head("values", portfolio, lang), lines, pick)
    return html.Div(
        [html.H3(typeset(portfolio.columns[name].label(lang), lang)), tabulated(table)], className="by-step"
    )


def rate_head(first: str, portfolio: Portfolio, lang: str) -> list[tuple[str, bool]]:
    word = outcome(portfolio, lang)
    heads = [
        i18n.own(portfolio, f"comparison.table.{name}", lang, outcome=word.capitalize()) for name in _RATE
    ]
    return [
        (i18n.own(portfolio, f"comparison.table.{first}", lang), False),
        *((head, True) for head in heads),
    ]


def decimals(rates: Iterable[Rate | None]) -> int:
    """Return the decimals that every rate of a figure can bear, so that they read alike."""
    return int(all(rate.count >= EXACT for rate in rates if rate))


def in_words(rate: Rate, lang: str) -> str:
    """Return a group's rate: where few files had none, "under 1 in 100" would claim too much."""
    return formats.per_hundred(rate.value, lang) if rate.value else t("value.in_hundred", lang, count=0)


def rate_cells(rate: Rate | None, digits: int, lang: str) -> list:
    """Return the size of a group and its rate as the cells of a table."""
    if rate is None:
        return ["", t("comparison.masked", lang)]
    return [(formats.number(rate.count, lang), float(rate.count)), rate_cell(rate, digits, lang)]


def rate_cell(rate: Rate | None, digits: int, lang: str) -> Cell:
    """Return a rate in 100 with its interval: ``13,6 (10,9 à 16,9)``."""
    if rate is None:
        return t("comparison.masked", lang)
    value, low, high = (
        formats.number(100 * amount, lang, digits) for amount in (rate.value, rate.low, rate.high)
    )
    told = t("comparison.table.interval", lang, value=value, low=low, high=high)
    return told, round(100 * rate.value, 2)
