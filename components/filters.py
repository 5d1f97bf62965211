"""The filters of a comparison: one control for each input, made from what is known of it.

A category is chosen from a list, a number between two edges under a small histogram. What is
chosen is steps: their numbers are what the controls hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components.i18n import t, typeset
from components.spans import mirrored
from data.portfolios import Portfolio

MISSING = -1  # among the steps of a category, those without a value
KEEP = ("known", "both", "missing")


@dataclass(frozen=True)
class Choice:
    """One filter as it is offered.

    Attributes
    ----------
    steps : each step in words
    heights : of a number, how many files are in each step, the tallest 1
    ends : of a number, what the edges between steps are called
    missing : whether files without a value can be chosen
    chosen : the steps chosen, all when there is no filter
    keep : one of :data:`KEEP`
    said : what is chosen, in words
    """

    feature: str
    is_category: bool
    steps: Sequence[str]
    heights: Sequence[float]
    ends: Sequence[str]
    missing: bool
    chosen: Sequence[int]
    keep: str
    said: str


def identity(part: str, place: Mapping[str, str], **more: str) -> dict[str, str]:
    """Return the id of a part of the comparison; ``place`` is the portfolio, the client, the language."""
    return {"part": f"comparison-{part}", **place, **more}


def control(portfolio: Portfolio, choice: Choice, place: Mapping[str, str], lang: str) -> Component:
    """Return one filter with its label."""
    label = typeset(portfolio.columns[choice.feature].label(lang), lang)
    ask = _category if choice.is_category else _number
    return labelled(label, ask(portfolio, choice, place, label, lang))


def value_of(choice: Choice, mirror: bool) -> list[int]:
    """Return what the control of a filter holds."""
    count = len(choice.steps)
    if choice.is_category:
        every = len(choice.chosen) == count and (choice.keep == "both" or not choice.missing)
        return [] if every else [*choice.chosen, *([MISSING] if choice.keep != "known" else [])]
    if not choice.chosen:
        return [0, count]
    first, last = min(choice.chosen), max(choice.chosen)
    return [count - last - 1, count - first] if mirror else [first, last + 1]


def adder(portfolio: Portfolio, offered: Sequence[str], place: Mapping[str, str], lang: str) -> Component:
    """Return the list from which a filter is added."""
    return labelled(
        t("comparison.add", lang),
        dcc.Dropdown(
            id=identity("add", place),
            options=options(portfolio, offered, lang),
            placeholder=t("comparison.choose", lang),
            labels=labels(lang),
        ),
    )


def labelled(label: str, asked: Component) -> Component:
    """Return a control under its label."""
    return html.Div(
        [html.Div(label, className="label"), asked],
        className="filter",
        role="group",
        **{"aria-label": label},
    )


def options(portfolio: Portfolio, names: Sequence[str], lang: str) -> list[dict[str, str]]:
    """Return inputs as the options of a list, by theme and then by name."""
    themes = list(portfolio.words(lang)["themes"])
    columns = [portfolio.columns[name] for name in names]
    columns.sort(key=lambda c: (themes.index(c.theme) if c.theme in themes else len(themes), c.label(lang)))
    return [{"label": typeset(column.label(lang), lang), "value": column.name} for column in columns]


def labels(lang: str) -> dict[str, str]:
    """Return the words of a list."""
    keys = ("select_all", "deselect_all", "selected_count", "search", "clear_search", "clear_selection")
    named = {key: t(f"list.{key}", lang, num_selected="{num_selected}") for key in keys}
    return named | {"no_options_found": t("list.none", lang)}


def _category(
    portfolio: Portfolio, choice: Choice, place: Mapping[str, str], label: str, lang: str
) -> Component:
    offered = [{"label": name, "value": step} for step, name in enumerate(choice.steps)]
    if choice.missing:
        offered.append({"label": t("value.missing", lang), "value": MISSING})
    return dcc.Dropdown(
        id=identity("filter", place, feature=choice.feature),
        options=offered,
        value=value_of(choice, mirror=False),
        multi=True,
        placeholder=t("comparison.no_filter", lang),
        labels=labels(lang),
    )


def _number(
    portfolio: Portfolio, choice: Choice, place: Mapping[str, str], label: str, lang: str
) -> Component:
    count, mirror = len(choice.steps), mirrored(portfolio, choice.feature)
    heights = choice.heights[::-1] if mirror else choice.heights
    bars = [html.Span(style={"height": f"{100 * height:.0f}%"}) for height in heights]
    ends = choice.ends[::-1] if mirror else choice.ends
    keep = dbc.RadioItems(
        id=identity("missing", place, feature=choice.feature),
        options=[{"label": t(f"comparison.keep.{way}", lang), "value": way} for way in KEEP],
        value=choice.keep,
        className="filter-keep",
    )
    return html.Details(
        [
            html.Summary(choice.said, id=identity("said", place, feature=choice.feature), className="field"),
            html.Div(
                [
                    html.Div(bars, className="filter-bars", **{"aria-hidden": "true"}),
                    dcc.RangeSlider(
                        id=identity("filter", place, feature=choice.feature),
                        min=0,
                        max=count,
                        step=1,
                        value=value_of(choice, mirror),
                        marks=_marks(ends),
                        allow_direct_input=False,
                        pushable=1,
                    ),
                    keep if choice.missing else None,
                ],
                className="filter-panel",
                # assets/comparison.js names the two handles, and says where each stands.
                **{
                    "data-from": t("comparison.from", lang, label=label),
                    "data-to": t("comparison.to", lang, label=label),
                    "data-ends": "|".join([t("span.least", lang), *ends, t("span.most", lang)]),
                },
            ),
        ],
        className="filter-range",
    )


def _marks(ends: Sequence[str]) -> dict[int, str]:
    """Return a mark for two or three of the edges: more would not be read."""
    if len(ends) <= 3:
        return {place + 1: end for place, end in enumerate(ends)}
    return {place + 1: ends[place] for place in (0, len(ends) // 2, len(ends) - 1)}
