"""The model in service, written as the API answers it."""

from model.artifact import Model


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
        "metrics": {
            name: {key: found.get(key) for key in ("value", "low", "high")}
            for name, found in card["metrics"].items()
        },
        "per_1000": card["per_1000"],
        "data": {name: card["data"][name] for name in ("rows", "positives", "synthetic", "fingerprint")},
        "inputs": card["inputs"],
        "excluded": card["excluded"],
        "approved_by": None,  # approvals are not recorded yet
    }
