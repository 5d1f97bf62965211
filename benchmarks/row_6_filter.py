"""Row 6: filter a large population and compare ten inputs, beside pandas on the same values.

Three filters, then for each of ten inputs the shares below and above a file's value, and a
histogram. Ours also checks that nobody is isolated. The last lines are the page's own answer to
a filter: everything that it shows, as it is sent.
"""

import time

import numpy as np
import orjson
import pandas as pd

from benchmarks.crowds import PORTFOLIO, ROWS, large
from benchmarks.measure import Line, interleaved, median, percentile
from data.bank import open_bank
from model.crowd import Crowd
from model.selection import Filter, select

INPUTS, BINS, CALLS = 10, 50, 40
WHAT = f"three filters, percentiles and histograms of {INPUTS} inputs ({ROWS})"


def measure() -> list[Line]:
    """Return the lines of row 6."""
    with large() as found:
        return [*_beside_pandas(found), *_served(found)]


def _beside_pandas(found: Crowd) -> list[Line]:
    names, filters = _asked(found)
    frame = pd.DataFrame(
        {name: found.column(name).copy() for name in {*names, *(f.feature for f in filters)}}
    )
    bounds = [(one.feature, *_bounds(found, one)) for one in filters]
    own = {name: np.float32(np.nanmedian(frame[name])) for name in names}
    taken = interleaved(
        {
            "ours": lambda: _ours(found, filters, own),
            "pandas": lambda: _pandas(frame, bounds, own),
            "rank": lambda: _pandas(frame, bounds, own, rank=True),
        },
        rounds=60,
    )
    ms = {name: median(values) for name, values in taken.items()}
    both = zip(_ours(found, filters, own), _pandas(frame, bounds, own), strict=True)
    differing = sum(int(a != b) for a, b in both)
    return [
        Line("6", WHAT, "ms", ms["ours"], ms["pandas"], "pandas", 4),
        Line("6", WHAT, "ms", ms["ours"], ms["rank"], "pandas, places by Series.rank"),
        Line("6", "numbers below and above that differ", "", differing, None, "pandas", at_most=0),
    ]


def _asked(found: Crowd) -> tuple[list[str], list[Filter]]:
    """Return the inputs to compare and the filters: a category, and the middle of two numbers."""
    numbers = [one.feature for one in found.near if not one.is_category]
    numbers += [n for n, b in found.bins.items() if len(b.edges) > 10 and n not in numbers]
    category = next(name for name, bins in found.bins.items() if bins.is_category)
    chosen = [Filter(category, frozenset({0}))]
    for name in numbers[INPUTS : INPUTS + 2]:
        steps = len(found.bins[name].steps)
        chosen.append(Filter(name, frozenset(range(steps // 5, steps - steps // 5))))
    return numbers[:INPUTS], chosen


def _bounds(found: Crowd, one: Filter) -> tuple[float, float]:
    """Return the values between which a filter's rows lie, the second one without."""
    bins = found.bins[one.feature]
    if bins.is_category:
        code = found.column(one.feature)[found.coded(one.feature) == 0][0]
        return code, code + 1
    first, last = bins.steps[min(one.steps)], bins.steps[max(one.steps) + 1]
    return bins.edges[first - 1], bins.edges[last - 1]


def _ours(found: Crowd, filters: list[Filter], own: dict) -> list[int]:
    rows = select(found, filters).rows
    told = []
    for name, value in own.items():
        counts = found.counts(name, rows)
        counts[: found.bins[name].size].tolist()
        told += found.beside(name, value, counts, rows)
    return told


def _pandas(frame: pd.DataFrame, bounds: list, own: dict, *, rank: bool = False) -> list[int]:
    mask = np.logical_and.reduce([(frame[name] >= low) & (frame[name] < high) for name, low, high in bounds])
    kept = frame[mask]
    told = []
    for name, value in own.items():
        column = kept[name]
        if rank:
            column.rank(pct=True)
        else:
            told += [int((column < value).sum()), int((column > value).sum())]
        np.histogram(column.dropna(), bins=BINS)[0].tolist()
    return told


def _served(found: Crowd) -> list[Line]:
    """Return what the page's answer to a filter takes and sends, without HTTP."""
    import app  # noqa: F401  the pages are registered by the application
    from pages import _comparison_state as state
    from pages import comparison

    _, filters = _asked(found)
    ids, total = open_bank(PORTFOLIO).search("", limit=100_000)
    taken, sent = [], []
    for number, client in enumerate(ids[:: max(total // CALLS, 1)][:CALLS]):
        place = {"portfolio": PORTFOLIO, "client": client, "lang": "fr"}
        held = state.Controls(_controls(found, filters[: 1 + number % 3]), {}, 500, None, None, None)
        began = time.perf_counter()
        answer = orjson.dumps(comparison._answer(place, held, []), default=lambda part: part.to_plotly_json())
        taken.append(1000 * (time.perf_counter() - began))
        sent.append(len(answer) / 1000)
    note = f"p95 {percentile(taken, 0.95):.1f} ms; the assessment included"
    what = f"the page's answer to a filter ({ROWS})"
    return [
        Line("6", what, "ms", median(taken[2:]), at_most=100, note=note),
        Line("6", f"{what}, before compression", "kB", max(sent), at_most=100, note="the largest"),
    ]


def _controls(found: Crowd, filters: list[Filter]) -> dict[str, list[int]]:
    """Return what the controls of filters hold."""
    return {
        one.feature: sorted(one.steps)
        if found.bins[one.feature].is_category
        else [min(one.steps), max(one.steps) + 1]
        for one in filters
    }
