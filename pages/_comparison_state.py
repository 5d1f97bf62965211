"""The state of a comparison: from the address or the controls to filters, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from components.filters import KEEP, MISSING, Choice
from components.i18n import t
from components.spans import member, mirrored, short, span
from data.portfolios import Portfolio
from model.bins import Bins
from model.crowd import Crowd
from model.peers import SIZES, USUAL_SIZE
from model.results import Assessment
from model.selection import Filter, read, sound, written

PREFIX = "f."
KEYS = ("like", "show", "x", "y")
LONGEST = 1_000  # characters of one part of the query
FIRST_FILTERS = 4
FIRST_SHOWN = 4
MOST_SHOWN = 8


@dataclass(frozen=True)
class State:
    """What was asked: filters, how many similar files, which inputs are shown and crossed.

    ``shown``, ``across`` and ``up`` are empty until they are chosen: what moved this file most
    is then shown, and the address does not tell it.
    """

    filters: tuple[Filter, ...] = ()
    size: int = USUAL_SIZE
    shown: tuple[str, ...] = ()
    across: str = ""
    up: str = ""

    def query(self, bins: Mapping[str, Bins]) -> dict[str, str]:
        """Return the state as it stands in an address; what is usual is left out."""
        told = {PREFIX + one.feature: written(bins, one) for one in self.filters}
        if self.size != USUAL_SIZE:
            told["like"] = str(self.size)
        told |= {"show": ",".join(self.shown), "x": self.across, "y": self.up}
        return {name: value for name, value in told.items() if value}

    def encoded(self, bins: Mapping[str, Bins]) -> str:
        """Return the state as the query of an address."""
        return urlencode(self.query(bins))


def known(query: Mapping[str, object]) -> dict[str, str]:
    """Return the parts of an address's query that can be state, none longer than a filter needs."""
    texts = {name: text for name, text in query.items() if isinstance(text, str)}
    ours = {name: text for name, text in texts.items() if name in KEYS or name.startswith(PREFIX)}
    return {name: text for name, text in ours.items() if len(name) + len(text) <= LONGEST}


def from_query(crowd: Crowd, query: Mapping[str, object]) -> State:
    """Return the state that an address tells; what it does not know is left out."""
    texts = {name: text for name, text in query.items() if isinstance(text, str)}
    told = [
        read(crowd.bins, name.removeprefix(PREFIX), text)
        for name, text in texts.items()
        if name.startswith(PREFIX)
    ]
    return clean(
        crowd,
        State(
            filters=sound(crowd.bins, [one for one in told if one]),
            size=int(texts.get("like", "")) if texts.get("like", "").isdecimal() else USUAL_SIZE,
            shown=tuple(texts.get("show", "").split(",")),
            across=texts.get("x", ""),
            up=texts.get("y", ""),
        ),
    )


def clean(crowd: Crowd, state: State) -> State:
    """Return the state without what the population does not hold."""
    known = crowd.bins
    return replace(
        state,
        size=state.size if state.size in SIZES else USUAL_SIZE,
        shown=tuple(dict.fromkeys(name for name in state.shown if name in known))[:MOST_SHOWN],
        across=state.across if state.across in known else "",
        up=state.up if state.up in known else "",
    )


@dataclass(frozen=True)
class Controls:
    """What the controls hold, as a browser sent it: by input for the filters, nothing checked yet."""

    values: Mapping[str, object]
    keeps: Mapping[str, object]
    size: object
    shown: object
    across: object
    up: object


def from_controls(portfolio: Portfolio, crowd: Crowd, held: Controls, usually: Sequence[str]) -> State:
    """Return the state that the controls hold; what no control could send is left out.

    What is shown and crossed of its own accord (``usually``) is not part of the state.
    """
    filters = [
        _filter(portfolio, crowd, name, value, held.keeps.get(name)) for name, value in held.values.items()
    ]
    names = [name for name in held.shown if isinstance(name, str)] if isinstance(held.shown, list) else []
    across, up = (name if isinstance(name, str) else "" for name in (held.across, held.up))
    told = State(
        filters=sound(crowd.bins, [one for one in filters if one]),
        size=held.size if type(held.size) is int else USUAL_SIZE,
        shown=() if names == list(usually) else tuple(names),
        across=across,
        up=up,
    )
    told = clean(crowd, told)
    return replace(told, across="", up="") if (across, up) == crossed(State(), usually) else told


def crossed(asked: State, usually: Sequence[str]) -> tuple[str, str]:
    """Return the two inputs of the grid: those asked, else the two that moved this file most."""
    first, second = [*usually, "", ""][:2]
    return asked.across or first, asked.up or second


def untouched(bins: Bins) -> list[int]:
    """Return what the control of an input holds when nothing is filtered."""
    return [] if bins.is_category else [0, len(bins.steps)]


def _filter(portfolio: Portfolio, crowd: Crowd, name: str, value: object, keep: object) -> Filter | None:
    bins = crowd.bins.get(name)
    if bins is None or not isinstance(value, list) or not all(type(v) is int for v in value):
        return None
    if bins.is_category:
        return Filter(name, frozenset(v for v in value if v != MISSING), MISSING in value)
    if keep == "missing":
        return Filter(name, frozenset(), True)
    if len(value) != 2:
        return None
    count, (low, high) = len(bins.steps), sorted(min(max(v, 0), len(bins.steps)) for v in value)
    steps = range(count - high, count - low) if mirrored(portfolio, name) else range(low, high)
    if len(steps) == count and keep != "both":
        return None  # an untouched slider filters nothing
    return Filter(name, frozenset(steps), keep == "both")


def offered(portfolio: Portfolio, crowd: Crowd, important: Sequence[str]) -> list[str]:
    """Return the inputs that can be filtered, the ones that tell most first."""
    usable = {
        name
        for name, bins in crowd.bins.items()
        if portfolio.columns[name].role == "input" and len(bins.steps) + bins.missing > 1
    }
    ordered = dict.fromkeys([*(one.feature for one in crowd.near), *important])
    return [name for name in ordered if name in usable]


def usual(portfolio: Portfolio, crowd: Crowd, assessment: Assessment) -> list[str]:
    """Return the inputs that moved this file most, one for each group told together."""
    moved: dict[str, float] = {}
    for part in assessment.contributions:
        lead = portfolio.columns[part.feature].told_by
        lead = lead if lead in crowd.bins else part.feature
        moved[lead] = moved.get(lead, 0.0) + part.points
    return sorted((name for name in moved if name in crowd.bins), key=lambda n: -abs(moved[n]))[:FIRST_SHOWN]


def choice(portfolio: Portfolio, crowd: Crowd, feature: str, state: State, lang: str) -> Choice:
    """Return a filter as it is offered, with what is chosen."""
    bins = crowd.bins[feature]
    one = next((one for one in state.filters if one.feature == feature), None)
    steps = [step_text(portfolio, feature, bins, (i, i), lang) for i in range(len(bins.steps))]
    counts = [int(crowd.counts(feature)[slice(*_bins_of(bins, i))].sum()) for i in range(len(steps))]
    top = max(counts, default=1) or 1
    keep = KEEP[0] if one is None or not one.missing else KEEP[1] if one.steps else KEEP[2]
    return Choice(
        feature=feature,
        is_category=bins.is_category,
        steps=steps,
        heights=[] if bins.is_category else [count / top for count in counts],
        ends=[]
        if bins.is_category
        else [_end(portfolio, feature, bins, i, lang) for i in range(1, len(steps))],
        missing=bins.missing,
        chosen=range(len(steps)) if one is None else sorted(one.steps),
        keep="both" if one is None and bins.is_category else keep,
        said=said(portfolio, feature, bins, one, lang),
    )


def said(portfolio: Portfolio, feature: str, bins: Bins, one: Filter | None, lang: str) -> str:
    """Return what a filter keeps, in words."""
    if one is None:
        return t("comparison.no_filter", lang)
    if not one.steps:
        return t("comparison.keep.missing", lang)
    ends = min(one.steps), max(one.steps)
    text = step_text(portfolio, feature, bins, ends, lang)
    return t("comparison.and_missing", lang, values=text) if one.missing else text


def step_text(portfolio: Portfolio, feature: str, bins: Bins, ends: tuple[int, int], lang: str) -> str:
    """Return the steps from one to another in words."""
    if bins.is_category:
        return member(portfolio, feature, bins.values[ends[0]], lang)
    closed = bool(bins.ends) or bins.whole
    return span(portfolio, feature, *bins.bounds(*ends), lang, closed=closed)


def _end(portfolio: Portfolio, feature: str, bins: Bins, step: int, lang: str) -> str:
    return short(portfolio, feature, bins.edges[bins.steps[step] - 1], lang)


def _bins_of(bins: Bins, step: int) -> tuple[int, int]:
    end = bins.steps[step + 1] if step + 1 < len(bins.steps) else bins.size
    return bins.steps[step], end


def controls(offered_inputs: Sequence[str], state: State) -> list[str]:
    """Return the inputs whose filter is on the screen at first."""
    asked = [one.feature for one in state.filters]
    first = list(offered_inputs[:FIRST_FILTERS])
    return first + [name for name in asked if name not in first]
