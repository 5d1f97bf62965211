"""What the comparison shows, by fixed rules on its numbers. Never imported by the web process.

No words here: components say it.
"""

from collections.abc import Mapping

# Announced over observed, or the slope, further from 1 than this: the probabilities are not true.
_TRUE = 1.25


def conclude(judged: Mapping[str, Mapping], balancing: Mapping[str, Mapping]) -> dict:
    """Return the conclusion.

    Parameters
    ----------
    judged : by name, what :func:`model.candidates.compare` tells of each candidate
    balancing : by name of a balanced candidate, the differences with the same model unbalanced

    Returns
    -------
    dict
        ``cheaper``, ``dearer``, ``alike``: names by whether their cost against the champion is
        proved; ``closest``: the cheapest of them; ``glass``: the cheapest that reads as it stands;
        ``balancing``: by name, what it does to probabilities, ranking and cost.
    """
    others = {name: one for name, one in judged.items() if one["against"] is not None}
    saved = {name: one["against"]["saved_per_file"] for name, one in others.items()}
    glass = {name: saved[name]["value"] for name, one in others.items() if one["kind"] == "glass"}
    return {
        "cheaper": [name for name, one in saved.items() if side(one) > 0],
        "alike": [name for name, one in saved.items() if side(one) == 0],
        "dearer": [name for name, one in saved.items() if side(one) < 0],
        "closest": max(saved, key=lambda name: saved[name]["value"]),
        "glass": max(glass, key=glass.get) if glass else None,
        "balancing": {name: _balancing(judged[name], found) for name, found in balancing.items()},
    }


def side(difference: Mapping[str, float]) -> int:
    """Return 1 when a difference is proved to be positive, -1 when negative, 0 when neither."""
    return int(difference["low"] > 0) - int(difference["high"] < 0)


def true_to_fact(said: Mapping) -> bool:
    """Say whether probabilities hold: as many as announced, and as spread as they should be."""
    ratio, slope = said["announced"] / said["observed"], said["slope"]
    return all(1 / _TRUE <= value <= _TRUE for value in (ratio, slope))


def _balancing(one: Mapping, found: Mapping[str, Mapping[str, float]]) -> dict:
    return {
        "announced": one["raw"]["announced"],
        "observed": one["raw"]["observed"],
        "holds": true_to_fact(one["raw"]),
        "holds_recalibrated": true_to_fact(one["recalibrated"]),
        "against": dict(found),
        "ranks": side(found["auc"]),
        "saves_raw": side(found["saved_raw"]),
        "saves_recalibrated": side(found["saved_in_theory"]),
    }
