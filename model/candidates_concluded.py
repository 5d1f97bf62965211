"""What the comparison shows, by fixed rules on its numbers. Never imported by the web process.

No words here: components say it.
"""

from collections.abc import Mapping

# Announced over observed, or the slope, further from 1 than this: the probabilities are not true.
_TRUE = 1.25
# What each balanced candidate is when it is not balanced.
UNBALANCED = {"lightgbm_weighted": "lightgbm", "lightgbm_smote": "lightgbm"}


def conclude(judged: Mapping[str, Mapping], balancing: Mapping[str, Mapping]) -> dict:
    """Return the conclusion.

    Parameters
    ----------
    judged : by name, what :func:`model.candidates.compare` tells of each candidate
    balancing : by name of a balanced candidate, the differences with the same model unbalanced

    Returns
    -------
    dict
        ``cheaper``, ``alike``, ``dearer``: names by whether their cost against the model's is
        proved to differ; ``closest``: the cheapest of them; ``glass``: the cheapest that reads as it
        stands, None without one; ``balancing``: by name, what it does to probabilities (``holds``,
        see :func:`holds`), ranking and cost (1 better, -1 worse, 0 not proved).
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
        "balancing": {
            name: {
                "unbalanced": UNBALANCED[name],
                "holds": holds(judged[name]["raw"]),
                "held": holds(judged[UNBALANCED[name]]["raw"]),
                "against": dict(found),
                "ranks": side(found["auc"]),
                "saves_raw": side(found["saved_raw"]),
                "saves_recalibrated": side(found["saved_in_theory"]),
            }
            for name, found in balancing.items()
        },
    }


def side(difference: Mapping[str, float]) -> int:
    """Return 1 when a difference is proved to be positive, -1 when negative, 0 when neither."""
    return int(difference["low"] > 0) - int(difference["high"] < 0)


def holds(said: Mapping) -> str:
    """Say whether probabilities are true.

    ``level``: no, more or fewer come than announced; ``spread``: as many come on the whole, but the
    high risks and the low ones are announced too far apart, or too close; ``yes`` otherwise.
    """
    if not 1 / _TRUE <= said["announced"] / said["observed"] <= _TRUE:
        return "level"
    return "yes" if 1 / _TRUE <= said["slope"] <= _TRUE else "spread"
