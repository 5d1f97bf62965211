"""The three verdicts on drift, as a shape and a word; and what the other drift sheets share."""

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t, typeset
from data.portfolios import Portfolio
from model.drift_results import BatchVerdict, ColumnDrift, DriftState, ScoreDrift

SHAPES = {"stable": "ring", "watch": "triangle", "act": "block", "few": "hatched", "empty": "bare"}
MOVED = ("watch", "act")


def shape(state: DriftState) -> Component:
    """Return the shape of a verdict; its word always stands beside it."""
    return html.Span(className=f"shape {SHAPES[state]}", **{"aria-hidden": "true"})


def word(portfolio: Portfolio, state: DriftState, lang: str) -> str:
    """Return a verdict in a word or two."""
    return own(portfolio, f"drift.state.{state}", lang)


def tag(portfolio: Portfolio, state: DriftState, lang: str) -> Component:
    """Return a verdict as tables show it; the grave ones stand out."""
    told = word(portfolio, state, lang)
    return html.Span([shape(state), html.B(told) if state in MOVED else told], className="tag")


def label(portfolio: Portfolio, name: str, lang: str) -> str:
    """Return the name of an input as a manager reads it."""
    return typeset(portfolio.columns[name].label(lang), lang)


def change_of_mean(score: ScoreDrift) -> float:
    """Return by how much the mean of the points changes, between the two means as they are shown."""
    return round(score.mean_after, 1) - round(score.mean_before, 1)


def index(value: float, lang: str) -> str:
    """Return a stability index: two decimals, or "under 0.01"."""
    if value < 0.005:
        return t("drift.under", lang, value=formats.number(0.01, lang, 2))
    return formats.number(value, lang, 2)


def share(value: float, lang: str) -> str:
    """Return a share of the files: one decimal, so that a small move shows."""
    return formats.percent(value, lang, 1)


def files(portfolio: Portfolio, count: int, lang: str) -> str:
    """Return how many files, in words."""
    key = "drift.files.one" if count < 2 else "drift.files.many"
    return own(portfolio, key, lang, count=formats.number(count, lang))


def named(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> str:
    """Return what to call a batch: its name, or where it comes from."""
    return verdict.name or own(portfolio, f"drift.source.{verdict.source}", lang)


def moves(portfolio: Portfolio, column: ColumnDrift, lang: str) -> list[str]:
    """Return what moved in a column beyond its limits, a short phrase each."""
    told = []
    if "missing" in column.causes:
        before, after = share(column.missing_before, lang), share(column.missing_after, lang)
        told.append(t("drift.moved.missing", lang, before=before, after=after))
    if "psi" in column.causes:
        told.append(_spread(portfolio, column, lang))
    if "unseen" in column.causes:
        told.append(t("drift.moved.unseen", lang, share=share(column.unseen, lang)))
    return told


def _spread(portfolio: Portfolio, column: ColumnDrift, lang: str) -> str:
    """Return the answer whose share moved most, for a column of answers; else its index."""
    shown = column.shape
    if shown is None or not shown.labels:
        return t("drift.moved.psi", lang, index=index(column.psi, lang))
    gaps = [abs(after - before) for before, after in zip(shown.before, shown.after, strict=True)]
    place = gaps.index(max(gaps))
    return t(
        "drift.moved.answer",
        lang,
        answer=answer(portfolio, column.name, shown.labels[place], lang),
        before=share(shown.before[place], lang),
        after=share(shown.after[place], lang),
    )


def answer(portfolio: Portfolio, name: str, code: str, lang: str) -> str:
    """Return one answer of a column in words; without a code it is all the others."""
    if not code:
        return t("drift.others", lang)
    described = portfolio.columns[name]
    if described.kind in ("category", "flag"):
        return formats.value(portfolio, name, code, lang)
    return formats.value(portfolio, name, float(code), lang)
