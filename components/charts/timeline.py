"""A client's past on one line of time: credits as bars, dated events as strokes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import plural, t

DAYS_PER_YEAR = 365.25
MOST_BARS = 15
MOST_YEARS_SHOWN = 5  # labels of years that fit side by side on a tablet


@dataclass(frozen=True, slots=True)
class Span:
    """One thing on the line, in days from the application (negative: before).

    ``end`` is None when it is not known; ``late`` counts the days an event came late.
    """

    name: str
    start: float
    end: float | None = None
    late: float = 0.0


def reading(spans: Sequence[Span], lang: str) -> str:
    """Return the line of time in one sentence."""
    starts = [span.start for span in spans]
    said = plural(
        "timeline.reading",
        len(spans),
        lang,
        oldest=formats.when(min(starts), lang),
        newest=formats.when(max(starts), lang),
    )
    late = sum(span.late > 0 for span in spans)
    running = sum((span.end or 0) > 0 for span in spans)
    return " ".join(
        [
            said,
            *([plural("timeline.late", late, lang)] if late else []),
            *([plural("timeline.running", running, lang)] if running else []),
        ]
    )


def bars(spans: Sequence[Span], lang: str) -> Component:
    """Return one bar for each span, in ink while it still runs at the application."""
    shown = spans[:MOST_BARS]
    axis = _Axis.around(shown)
    rows = [
        html.Div(
            [html.Span(span.name, className="name"), html.Span(_bar(span, axis), className="lane")],
            className="time-row",
        )
        for span in shown
    ]
    return _figure([*rows, _scale(axis, lang)], reading(spans, lang), "bars")


def strokes(spans: Sequence[Span], lang: str) -> Component:
    """Return one stroke for each event, taller and ochre when it came late."""
    axis = _Axis.around(spans)
    drawn = [
        html.Span(className="stroke late" if span.late > 0 else "stroke", style={"left": axis.at(span.start)})
        for span in spans
    ]
    return _figure([html.Div(drawn, className="lane"), _scale(axis, lang)], reading(spans, lang), "strokes")


@dataclass(frozen=True, slots=True)
class _Axis:
    """From ``low`` to ``high``, in whole years from the application."""

    low: int
    high: int

    @classmethod
    def around(cls, spans: Sequence[Span]) -> "_Axis":
        first = min(span.start for span in spans) / DAYS_PER_YEAR
        last = max((span.end or span.start) for span in spans) / DAYS_PER_YEAR
        # The far end of a mortgage would crush everything else against the left.
        return cls(min(-1, int(first // 1)), max(0, min(3, int(-(-last // 1)))))

    def at(self, days: float) -> str:
        share = (days / DAYS_PER_YEAR - self.low) / (self.high - self.low)
        return f"{100 * min(1.0, max(0.0, share)):.2f}%"

    def edges(self, year: int) -> list[str]:
        """Return the ends of the axis that a year stands at, where its label must turn inwards."""
        return [name for name, end in (("first", self.low), ("last", self.high)) if year == end]

    @property
    def years(self) -> list[int]:
        step = -(-(self.high - self.low) // MOST_YEARS_SHOWN)
        return [year for year in range(self.low, self.high + 1) if year % step == 0]


def _bar(span: Span, axis: _Axis) -> Component:
    if span.end is None or span.end <= span.start:
        return html.Span(className="dot", style={"left": axis.at(span.start)})
    left, right = axis.at(span.start), axis.at(span.end)
    width = f"{float(right[:-1]) - float(left[:-1]):.2f}%"
    return html.Span(className="bar running" if span.end > 0 else "bar", style={"left": left, "width": width})


def _scale(axis: _Axis, lang: str) -> Component:
    labels = [
        html.Span(
            t("timeline.now", lang) if year == 0 else formats.when(year * DAYS_PER_YEAR, lang),
            className=" ".join(["year", *axis.edges(year), *(["now"] if year == 0 else [])]),
            style={"left": axis.at(year * DAYS_PER_YEAR)},
        )
        for year in axis.years
    ]
    return html.Div(html.Span(labels, className="lane"), className="time-row scale")


def _figure(children: Sequence[Component], said: str, kind: str) -> Component:
    return html.Div(list(children), className=f"timeline {kind}", role="img", **{"aria-label": said})


def spans(rows: Sequence[Mapping], described: Mapping, name_of) -> list[Span]:
    """Return the spans of a table's rows, as ``portfolio.toml`` describes its timeline.

    ``described`` holds ``start`` (a column), and optionally ``end`` (columns, the first that
    is known counts), ``late`` (two columns: done and due), ``unknown`` (a value that stands for
    "not known"). ``name_of`` gives the name of a row. Rows without a start are left out.
    """
    unknown = described.get("unknown")

    def known(row: Mapping, column: str) -> float | None:
        value = row.get(column)
        return None if formats.is_missing(value) or value == unknown else float(value)

    found = []
    for row in rows:
        if (start := known(row, described["start"])) is None:
            continue
        ends = [end for column in described.get("end", ()) if (end := known(row, column)) is not None]
        done, due = (known(row, column) for column in described.get("late", ("", "")))
        late = done - due if done is not None and due is not None else 0.0
        found.append(Span(name_of(row), start, ends[0] if ends else None, late))
    return found
