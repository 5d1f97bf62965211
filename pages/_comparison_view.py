"""Where a file stands among others: the count of the selection, the strips and their tables."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.charts import strips
from components.figure import figure, graph
from components.i18n import t, typeset
from components.rich import bold, fill
from components.sheet import unfold
from components.spans import member, mirrored, short, span
from data.portfolios import Portfolio
from model.bins import MISSING, Bins
from model.disclosure import COUNT_STEP, LEAST, OUTCOME_STEP
from model.peers import GROUPS, Comparison, Spread, Standing
from pages import _comparison_figures as tables
from pages._comparison_figures import outcome

APART = 0.2  # share of a group under which a value is told to be apart
_LONGEST, _ACROSS = 26, 43  # characters of a category under an axis, and of all that stands along it


def counted(portfolio: Portfolio, compared: Comparison, lang: str) -> list:
    """Return the line that says how many files are kept and how they turned out."""
    rate = compared.outcome("all")
    if rate is None:
        why = i18n.own(portfolio, "comparison.hidden.why", lang, least=LEAST)
        return [html.B(t("comparison.hidden", lang)), " ", why]
    number = files(portfolio, rate.count, lang)
    total = formats.number(round(compared.crowd.size / COUNT_STEP) * COUNT_STEP, lang)
    key = "comparison.count" if compared.selection.filters else "comparison.count.all"
    told = fill(t(key, lang, files="{files}", total=total), files=bold(number))
    shown = t("comparison.outcome", lang, rate="{rate}", outcome=outcome(portfolio, lang))
    return [*told, *fill(shown, rate=bold(formats.per_hundred(rate.value, lang)))]


def about(portfolio: Portfolio, band: tuple[float, float], lang: str) -> str:
    """Return which files are compared, and how figures are rounded."""
    low, high = formats.points(band[0], lang), formats.points(band[1] - 1, lang)
    rounding = {"step": COUNT_STEP, "outcomes": OUTCOME_STEP}
    return i18n.own(portfolio, "comparison.population", lang, low=low, high=high, **rounding)


def files(portfolio: Portfolio, count: int, lang: str) -> str:
    """Return a number of files in words."""
    return i18n.own_plural(portfolio, "comparison.files", count, lang, count=formats.number(count, lang))


def masked(portfolio: Portfolio, lang: str, title: str = "") -> Component:
    """Return the note that stands for a group that is hidden, or for the whole selection.

    Why the selection is hidden, and what to do, stands beside its count.
    """
    if not title:
        return html.Div(html.B(t("comparison.hidden", lang)), className="info")
    return html.Div(
        [html.B(title), " ", i18n.own(portfolio, "comparison.masked.why", lang, least=LEAST)],
        className="info",
    )


def where(portfolio: Portfolio, compared: Comparison, shown: Sequence[str], lang: str) -> list[Component]:
    """Return where this file stands among the three groups, for each input chosen."""
    if not compared.selection.shown:
        return [masked(portfolio, lang)]
    if not shown:
        return [html.P(t("comparison.nothing", lang), className="read")]
    spreads = {(n, g): compared.spread(n, g) for n in shown for g in GROUPS}
    rows = [_strip(portfolio, compared, name, spreads, lang) for name in shown]
    steps = [tables.by_step(portfolio, compared, name, lang) for name in shown]
    return [
        figure(
            "comparison",
            html.Div(rows, className="strips"),
            _reading(portfolio, compared, shown, spreads, lang),
            tables.of_groups(portfolio, compared, shown, spreads, lang),
            lang,
        ),
        unfold(t("comparison.by_step", lang), *steps),
        html.P(t("comparison.apart", lang), className="note"),
    ]


def _reading(
    portfolio: Portfolio, compared: Comparison, shown: Sequence[str], spreads: dict, lang: str
) -> str:
    said = []
    for group in ("similar", "accepted"):
        found = [spreads[name, group] for name in shown]
        apart = sum(is_apart(spread.standing) for spread in found if spread)
        key = "hidden" if None in found else "some" if apart else "none"
        said.append(
            i18n.own(
                portfolio,
                f"comparison.reading.{group}.{key}",
                lang,
                count=formats.number(compared.groups[group].size, lang),
                apart=apart,
                shown=len(shown),
            )
        )
    return " ".join(said)


def is_apart(standing: Standing) -> bool:
    """Say whether a value is among the lowest or highest of a group, or shared by few."""
    return standing.rarity < APART or (standing.rarity == APART and standing.same is None)


def _strip(portfolio: Portfolio, compared: Comparison, name: str, spreads: dict, lang: str) -> Component:
    """Return one input: its value, the strips, and where the value lies."""
    label = typeset(portfolio.columns[name].label(lang), lang)
    held = compared.features.get(name)
    missing = formats.is_missing(held)
    named = missing or compared.crowd.bins[name].is_category
    value = formats.value(portfolio, name, held, lang) if named else short(portfolio, name, held, lang)
    spread = spreads[name, "all"]
    told = standing(portfolio, name, spread.standing, compared.features.get(name), lang)
    near = _near(portfolio, compared, name, lang)
    spoken = f"{label} : {value}. {''.join(str(getattr(p, 'children', p)) for p in told)}"
    drawn = _drawn(portfolio, compared, name, spreads, lang)
    big = "absent" if missing else "value"
    return html.Div(
        [
            html.Div([html.H3(label), html.P(html.Span(value, className=big))], className="strip-name"),
            graph(drawn, spoken, strips.HEIGHT),
            html.Div([html.P(told), html.P(near, className="note")], className="strip-said"),
        ],
        className="strip",
    )


def standing(portfolio: Portfolio, name: str, found: Standing, value: object, lang: str) -> list:
    """Return where a value lies among the files kept, in words."""
    if found.same is not None:
        key = "comparison.same.missing" if formats.is_missing(value) else "comparison.same"
        return fill(
            i18n.own(portfolio, key, lang, share="{share}"), share=bold(share(portfolio, found.same, lang))
        )
    if found.below is None:
        return [i18n.own(portfolio, "comparison.unknown", lang)]
    if max(found.below, found.above) < 0.05:
        return [i18n.own(portfolio, "comparison.same.constant", lang)]
    flip = mirrored(portfolio, name)
    side, amount = max(("below", found.below), ("above", found.above), key=lambda pair: pair[1])
    if amount < 0.5:
        less, more = (found.above, found.below) if flip else (found.below, found.above)
        return [
            t(
                "comparison.between",
                lang,
                below=share(portfolio, less, lang),
                above=share(portfolio, more, lang),
            )
        ]
    if flip:
        side = "above" if side == "below" else "below"
    unit = portfolio.columns[name].unit
    kind = "duration" if flip else "date" if unit in ("days_when", "months_when") else "value"
    return fill(
        i18n.own(portfolio, f"comparison.{side}.{kind}", lang, share="{share}"),
        share=bold(share(portfolio, amount, lang)),
    )


def share(portfolio: Portfolio, amount: float, lang: str) -> str:
    """Return a share of the files in words."""
    return (
        i18n.own(portfolio, "comparison.share.all", lang)
        if amount >= 0.995
        else formats.percent(amount, lang)
    )


def _near(portfolio: Portfolio, compared: Comparison, name: str, lang: str) -> list:
    rate, usual = compared.near(name), compared.outcome("all")
    if rate is None:
        return [i18n.own(portfolio, "comparison.near_rate.hidden", lang, least=LEAST)]
    good = portfolio.settings["positive_is_good"]
    worse, better = ("fav", "unf") if good else ("unf", "fav")
    colour = worse if rate.low > usual.value else better if rate.high < usual.value else ""
    bins = compared.crowd.bins[name]
    alike = bins.is_category or bins.of(compared.features.get(name)) == MISSING
    return fill(
        i18n.own(
            portfolio,
            "comparison.near_rate.same" if alike else "comparison.near_rate",
            lang,
            rate="{rate}",
            outcome=outcome(portfolio, lang),
            low=round(100 * rate.low),
            high=round(100 * rate.high),
        ),
        rate=bold(tables.in_words(rate, lang), colour),
    )


def _drawn(portfolio: Portfolio, compared: Comparison, name: str, spreads: dict, lang: str) -> dict:
    bins, flip = compared.crowd.bins[name], mirrored(portfolio, name)
    drawn = []
    for group in GROUPS:
        spread = spreads[name, group]
        bars = () if spread is None else spread.bars[::-1] if flip else spread.bars
        middle = None if spread is None else _middle_place(bins, spread, flip)
        title = i18n.own(portfolio, f"comparison.group.{group}", lang)
        drawn.append(strips.Strip(title, bars, middle, group == "similar"))
    own = place(bins, compared.features.get(name), flip)
    hidden = i18n.own(portfolio, "comparison.group.hidden", lang, least=LEAST)
    ticks = _ticks(portfolio, name, bins, own, flip, lang)
    return strips.draw(drawn, own, ticks, hidden, long=bins.is_category)


def place(bins: Bins, value: object, flip: bool) -> float | None:
    """Return where a value lies along the bins of an axis: 0 at its start, their number at its end."""
    number = bins.of(value)
    if number == MISSING:
        return None
    at = number + 0.5
    if not bins.is_category and not bins.ends and len(bins.edges) > 1:
        inside = min(max(number, 1), len(bins.edges) - 1)
        low, high = bins.edges[inside - 1], bins.edges[inside]
        at = min(max(inside + (float(value) - low) / (high - low), 0.03), bins.size - 0.03)
    return bins.size - at if flip else at


def _middle_place(bins: Bins, spread: Spread, flip: bool) -> float | None:
    if spread.middle is None:
        return None
    if bins.is_category:
        return spread.middle + 0.5
    return place(bins, spread.middle, flip)


def _ticks(portfolio, name: str, bins: Bins, own: float | None, flip: bool, lang: str):
    """Return places and labels along an axis, no more than can be read."""
    if bins.is_category:
        wanted = {0} | (set() if own is None else {int(own)})
        wanted = set(range(bins.size)) if bins.size == 2 else wanted
        ticks = [(i + 0.5, _clip(member(portfolio, name, bins.values[i], lang))) for i in sorted(wanted)]
        return ticks if bins.size == 2 or _apart(ticks, bins.size) else ticks[-1:]
    if bins.ends:
        stride = -(-bins.size // 8)
        ticks = [(i + 0.5, span(portfolio, name, *bins.ends[i], lang)) for i in range(0, bins.size, stride)]
    else:
        step = bins.edges[1] - bins.edges[0] if len(bins.edges) > 1 else 1
        stride = next(n for n in (1, 2, 5, 10, 20) if len(bins.edges) / n <= 5.2)
        ticks = [
            (i + 1, short(portfolio, name, edge, lang))
            for i, edge in enumerate(bins.edges)
            if len(bins.edges) <= 5 or round(edge / step) % stride == 0
        ]
    return [(bins.size - at, text) for at, text in reversed(ticks)] if flip else ticks


def _apart(ticks: list[tuple[float, str]], size: int) -> bool:
    """Say whether the first name, which begins at its place, ends before the last, around its own."""
    (_, first), (at, last) = ticks[0], ticks[-1]
    return len(first) + len(last) / 2 < _ACROSS * at / size


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
