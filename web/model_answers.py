"""The model in service, written as the API answers it."""

from collections.abc import Mapping

from model import campaign, segments
from model.artifact import Model
from model.measures import measured


def model_card(model: Model) -> dict:
    """Return a model in the shape of :class:`web.model_schemas.ModelCard`."""
    card, grey = model.card, model.card["grey_zone"]
    return {
        "portfolio": card["portfolio"],
        "model_version": model.version,
        "created": model.created,
        "threshold": {
            **{name: card["threshold"][name] for name in ("in_force", "theoretical", "tuned")},
            "pass_mark": model.pass_mark,
            "grey_low": model.pass_mark - grey,
            "grey_high": model.pass_mark + grey,
        },
        "costs": card["costs"],
        "metrics": _metrics(card["metrics"]),
        "per_1000": card["per_1000"],
        "data": {name: card["data"][name] for name in ("rows", "positives", "synthetic", "fingerprint")},
        "inputs": card["inputs"],
        "excluded": card["excluded"],
        "set_aside": _set_aside(measured(model, campaign.FILE)),
        "segments": _segments(segments.read(model)),
        "approved_by": None if model.approved is None else model.approved.account,
    }


def _metrics(told: Mapping) -> dict:
    return {name: {key: found.get(key) for key in ("value", "low", "high")} for name, found in told.items()}


def _set_aside(told: Mapping | None) -> dict | None:
    if told is None:
        return None
    return {name: told[name] for name in ("column", "values", "rows", "positives")} | {
        "metrics": _metrics(told["metrics"])
    }


def _segments(told: Mapping | None) -> dict | None:
    return None if told is None else {name: told[name] for name in ("column", "edges", "served")}
