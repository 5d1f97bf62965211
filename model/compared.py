"""What ``python -m model compare`` found, kept beside the models and read by the pages. Fits nothing.

``STORE_DIR/compared/<portfolio>.json`` is one object::

    format       1
    portfolio, created, seed, seconds
    metric       the metric that chose; one of METRICS
    mark         probability from which a row counts as said positive (the portfolio's costs give it)
    data         fingerprint (of the bank), synthetic, learnt (rows), judged (rows)
    judged_on    {"column", "values"}: the rows set aside by [split]; null: out of fold, on the same rows
    choice       {"folds", "rows"}: folds of the rows learnt from that choose, on so many rows at most
    left_out     names of the segments with too few rows
    populations  a list: everyone first, then each segment of [segments] in its order, each with
        name        "all", "segment_1", "segment_2", ...
        column, low, high   the segment: low <= column < high; null where there is no bound
        learnt, judged, positives   rows learnt from, rows judged on, positives among these
        algorithms  a list in the order of ALGORITHMS, each with
            name, seconds (one fit)
            chosen_by   {metric: value} out of fold, on the rows learnt from: what the choice sees
            metrics     {metric: figure}, on the rows judged on
            pooled, gain   for a segment: the same of this algorithm learnt on everyone, asked about
                           the segment's rows; and by how much the segment's own is larger, paired
        best        {metric: name of the algorithm that is best by it}, by what the choice sees
        search      null, or how finalists were looked for: {"kind", "trials", "minutes", "finalists"},
                    each finalist with name, trials, parameters (empty: those it came with),
                    before and after (the metric out of fold)
        retained    name, parameters, metrics, and for a segment pooled and gain (against what is
                    retained for everyone)
        learning    {"metric", "points"}: of what is retained, each point with share, rows (learnt
                    from, on average), score (the metric) and auc, figures out of fold
    routed       null without segments; else {"algorithms": [...], "retained": {...}}: everyone judged
                 by the model of their own segment; each with name, metrics, and gain over the
                 pooled one, paired

A figure is ``{"value", "low", "high"}`` with its 95 % interval. ``gain`` is {metric: figure}, the
difference as it is: of ``brier`` and ``cost`` a gain below 0 is the better.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from config import settings

FORMAT = 1
ALGORITHMS = ("logistic", "svm", "tree", "forest", "boosting", "xgboost_style", "lightgbm")
# ``balanced_accuracy`` is (recall + specificity) / 2, of decisions; ``auc`` that of the ranking.
METRICS = ("accuracy", "recall", "precision", "f1", "balanced_accuracy", "auc", "brier", "cost")
LOWER_IS_BETTER = frozenset({"brier", "cost"})


def path(portfolio_id: str) -> Path:
    """Return where the comparison of a portfolio is kept."""
    return settings().store_dir / "compared" / f"{portfolio_id}.json"


def compared(portfolio_id: str) -> Mapping | None:
    """Return what the last comparison of a portfolio found; None when there was none that can be read.

    Compare ``data.fingerprint`` with that of the bank to know whether it was of the same rows.
    """
    place = path(portfolio_id)
    try:
        return _read(place, place.stat().st_mtime_ns)
    except (FileNotFoundError, ValueError):
        return None


def write(portfolio_id: str, found: Mapping) -> Path:
    """Write a comparison in one step that a reader never sees half done; return the file."""
    place = path(portfolio_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(found, indent=1, allow_nan=False), encoding="utf-8")
    return fresh.replace(place)


@lru_cache(maxsize=8)
def _read(place: Path, _changed: int) -> Mapping | None:
    found = json.loads(place.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None
