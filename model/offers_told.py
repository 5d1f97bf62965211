"""What ``python -m model compare-offers`` found: where it is kept, and as lines to print. Fits nothing.

``STORE_DIR/compared/<portfolio>_offers.json`` is one object::

    format, portfolio, created, seed
    data         fingerprint (of the bank), synthetic
    classes      codes in falling order of examples; OTHER stands for the ``rare`` ones
    learnt       {"rows", "of"}: rows learnt from, of how many accepted files of training
    judged       {"rows", "of", "column", "values"}: rows judged on, and what sets them aside
    rivals       a list, what serves first and the baseline last, each with name, seconds (one fit),
                 temperature, folds and test (see ``model.offers_judged``), and served_gains: by how
                 much what serves is better on the test rows, paired (a log-loss below 0 is better)
"""

import json
from collections.abc import Mapping
from pathlib import Path

from config import settings

FORMAT = 1
SERVED, BASELINE = "lightgbm", "most_frequent"


def path(portfolio_id: str) -> Path:
    """Return where the comparison of a portfolio's offers is kept."""
    return settings().store_dir / "compared" / f"{portfolio_id}_offers.json"


def keep(found: Mapping) -> Path:
    """Keep a comparison in the place of the last one; return where."""
    target = path(found["portfolio"])
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".part")
    fresh.write_text(json.dumps(found, indent=1, allow_nan=False), encoding="utf-8")
    fresh.replace(target)
    return target


def kept(portfolio_id: str) -> Mapping | None:
    """Return the last comparison, None where there is none that can be read."""
    try:
        found = json.loads(path(portfolio_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if found.get("format") == FORMAT else None


def lines(found: Mapping) -> list[str]:
    """Return a comparison as a table: one line for each way to learn."""
    learnt, judged = found["learnt"], found["judged"]
    rare = f", the last of {found['rare']} rare offers" if found["rare"] else ""
    told = [
        f"learnt from {learnt['rows']} of {learnt['of']} accepted files, judged on {judged['rows']} of "
        f"{judged['of']}; {len(found['classes'])} classes{rare}",
        f"{'':14} {'top 1':>24} {'top 3':>7} {'top 4':>7} {'log-loss':>9} {'ece':>6} {'folds':>7} "
        f"{'seconds':>8}  served gains (top 1)",
    ]
    return told + [_line(rival) for rival in found["rivals"]]


def served_lines(about: Mapping) -> list[str]:
    """Return what training says of the offers of a model, from its ``offers.json``."""
    told = [f"{'offers':18} {len(about['classes'])} classes, {about['rare']} rare offers told as one"]
    for part in ("folds", "test"):
        if about[part] is None:
            continue
        model, plain = about[part]["model"], about[part]["baseline"]
        tops = ", ".join(
            f"top {top} {_between(model[f'top_{top}'])} (plain {plain[f'top_{top}']['value']:.4f})"
            for top in (1, 3, 4)
        )
        told.append(
            f"{'offers ' + part:18} {tops}, told {model['told']['value']:.4f}, "
            f"log-loss {model['log_loss']['value']:.4f} (plain {plain['log_loss']['value']:.4f}), "
            f"ece {model['ece']:.4f}"
        )
    return told


def _line(rival: Mapping) -> str:
    test, gains = rival["test"], rival["served_gains"]
    seconds = "" if rival["seconds"] is None else f"{rival['seconds']:.1f}"
    gain = "" if gains is None else f"{gains['top_1']['value']:+.4f} ({_ends(gains['top_1'], '+')})"
    return (
        f"{rival['name']:14} {_between(test['top_1']):>24} {test['top_3']['value']:7.4f} "
        f"{test['top_4']['value']:7.4f} {test['log_loss']['value']:9.4f} {test['ece']:6.4f} "
        f"{rival['folds']['top_1']['value']:7.4f} {seconds:>8}  {gain}".rstrip()
    )


def _between(figure: Mapping) -> str:
    return f"{figure['value']:.4f} ({_ends(figure)})"


def _ends(figure: Mapping, sign: str = "") -> str:
    return f"{figure['low']:{sign}.4f} to {figure['high']:{sign}.4f}"
