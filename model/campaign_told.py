"""Test rows, segments and campaign as lines to print after a training. Fits nothing."""

from collections.abc import Iterator, Mapping

from data import portfolios
from model import campaign, segments
from model.artifact import Model
from model.campaign import EVERYONE, Line
from model.measures import measured
from model.results import Reach
from model.segments import NOWHERE

SHOWN = ("auc", "balanced_accuracy", "accuracy", "recall", "precision", "f1", "brier", "log_loss", "cost")
CALIBRATED = ("calibration_slope", "calibration_intercept", "predicted", "observed")
COMPARED = ("auc", "recall", "balanced_accuracy", "log_loss", "cost")


def lines(model: Model) -> list[str]:
    """Return what a model is worth on the rows set aside, by segments and as a campaign, if anything."""
    return [*_tested(model), *_segments(model), *_campaign(model)]


def _tested(model: Model) -> Iterator[str]:
    told = measured(model, campaign.FILE)
    if told is None:
        return
    values = ", ".join(str(value) for value in told["values"])
    yield (
        f"set aside, {told['column']} = {values}: {told['rows']} rows, {told['positives']} positives; "
        f"decided at {told['mark']['points']} points"
    )
    for name in (*SHOWN, *CALIBRATED):
        yield f"  {name:22} {_figure(told['metrics'][name])}"
    large = told["metrics"]["calibration_intercept"]
    if not large["low"] <= 0 <= large["high"]:
        way = "more" if large["value"] < 0 else "less"
        yield f"  said {way} often positive than they turned out: nothing was mended by these rows"


def _segments(model: Model) -> Iterator[str]:
    told = segments.read(model)
    if told is None:
        return
    edges = ", ".join(f"{edge:g}" for edge in told["edges"])
    yield (
        f"segments of {told['column']} at {edges}: {told['out_of_fold']['verdict']} out of fold by "
        f"{told['by']}; {told['served']} in service (asked: {told['asked']})"
    )
    for part in ("out_of_fold", "test"):
        for one in told[part]["populations"] if told[part] else ():
            yield f"  {part.replace('_', ' ')}, {_named(one)}, {one['rows']} rows: {one['verdict']}"
            for name in COMPARED:
                before, after = (one[way][name]["value"] for way in ("pooled", "segments"))
                yield f"    {name:20} {before:.4f} to {after:.4f}, gain {_figure(one['gain'][name], '+')}"


def _named(segment: Mapping) -> str:
    if segment["low"] is None and segment["high"] is None:
        return "everyone" if segment["name"] == EVERYONE else "not provided"
    low = "" if segment["low"] is None else f"{segment['low']:g} <= "
    high = "" if segment["high"] is None else f" < {segment['high']:g}"
    return f"{low}{segment['column']}{high}"


def _campaign(model: Model) -> Iterator[str]:
    portfolio, counts = portfolios.load(model.card["portfolio"]), campaign.read(model)
    cost = campaign.contact_cost(portfolio)
    if counts is None or cost is None:
        return
    names = {segment.name: _named(_bounds(segment)) for segment in segments.of(portfolio)}
    names |= {EVERYONE: "everyone", NOWHERE: "not provided"}
    money = portfolio.settings.get("currency", "")
    yield f"campaign on the rows set aside, a contact at {cost:g} {money}:"
    for line in campaign.lines(portfolio, model, counts):
        yield f"  from {line.points} points ({line.probability:.2f}{_in_force(line)})"
        for name, reach in line.reach.items():
            yield f"    {names[name]:12} {_reach(reach)}, {reach.saved(cost):.0f} {money} saved"


def _bounds(segment: segments.Segment) -> dict:
    return {"name": segment.name, "column": segment.column, "low": segment.low, "high": segment.high}


def _in_force(line: Line) -> str:
    return ", in force" if line.in_force else ""


def _reach(reach: Reach) -> str:
    conversion = "none" if reach.conversion is None else f"{reach.conversion:.1%}"
    return (
        f"{reach.contacts} of {reach.of_contacts} contacted, {reach.accepted} accept ({conversion}), "
        f"{reach.lost} acceptances lost, {reach.avoided} contacts avoided"
    )


def _figure(figure: Mapping[str, float], sign: str = "") -> str:
    value, low, high = (format(figure[name], f"{sign}.4f") for name in ("value", "low", "high"))
    return f"{value}  (95 %: {low} to {high})"
