"""Figures of the method note: ``python -m benchmarks.note [STORE ...]``.

The note stands in two languages, each figure with its name (see :mod:`benchmarks.told`). The figures
lie in ``docs/figures.json``, by section, each section with the command that makes it. This command
renews the sections it is given the means for, keeps the others, and writes every figure of both notes
again with the digits that it has there.
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.told import rewritten
from data import portfolios
from model import reasons
from model.artifact import CARD, CHAMPION
from model.drift import LIMITS
from model.fitting import THIRDS, settings_for
from model.stages import BASE_FAMILY
from model.validation import FOLDS

ROOT = Path(__file__).parent.parent
FIGURES = ROOT / "docs" / "figures.json"
NOTES = {"en": ROOT / "docs" / "method_note.en.md", "fr": ROOT / "docs" / "note_methodologique.fr.md"}
PORTFOLIO = "home_credit"
MANY, FEW = 66_552, 11_646  # files that the application and the histories of the note are learnt from
_TRAIN = "python -m model train home_credit"
_COMMANDS = {
    "settings": "python -m benchmarks.note",
    "demo": f"python -m data demo home_credit --clients 10000 --seed 1; {_TRAIN}",
    "real": f"python -m data load home_credit FOLDER; {_TRAIN}",
    "candidates": f"{_TRAIN} --with-candidates",
    "tuning": "python -m model tune home_credit",
    "quality": "python -m benchmarks --only quality",
    "drift": "python -m model drift home_credit FOLDER --json",
    "recourse": "python -m benchmarks --only recourse",
}


def main() -> None:
    """Renew what the stores and files given allow, then both notes."""
    asked = _arguments()
    held = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    for section, found in _renewed(asked):
        held[section] = {"command": _COMMANDS[section], "figures": found}
    ordered = {section: held[section] for section in _COMMANDS if section in held}
    FIGURES.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    for lang, path in NOTES.items():
        path.write_text(rewritten(path.read_text("utf-8"), lang, ordered), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.note", description=__doc__)
    parser.add_argument("stores", nargs="*", type=Path, help="stores with a model in service")
    parser.add_argument("--tuning", type=Path, help="STORE/tuning/home_credit.json of a search on real rows")
    parser.add_argument("--quality", type=Path, help="JSON of `python -m benchmarks --only quality`")
    parser.add_argument("--drift", type=Path, help="JSON of `python -m model drift home_credit FOLDER`")
    parser.add_argument(
        "--recourse", type=Path, action="append", help="JSON of `python -m benchmarks --only recourse`"
    )
    return parser.parse_args()


def _renewed(asked: argparse.Namespace) -> Iterator[tuple[str, dict]]:
    yield "settings", of_settings()
    for store in asked.stores:
        folder = store / "models" / PORTFOLIO
        version = folder / (folder / CHAMPION).read_text("utf-8").strip()
        card = _json(version / CARD)
        kind = "demo" if card["data"]["synthetic"] else "real"
        yield kind, of_model(version)
        candidates = _json(version / "candidates.json")
        if kind == "real" and "candidates" in candidates:
            yield "candidates", of_candidates(candidates)
    if asked.tuning:
        yield "tuning", of_tuning(_json(asked.tuning))
    if asked.quality:
        yield "quality", of_quality(_json(asked.quality))
    if asked.drift:
        yield "drift", of_drift(_json(asked.drift))
    if asked.recourse:
        yield "recourse", of_recourse([line for path in asked.recourse for line in _lines(_json(path))])


def of_settings() -> dict[str, float]:
    """Return what the code and the portfolio settle before any row is read."""
    settings = portfolios.load(PORTFOLIO).settings
    costs, scale = settings["costs"], settings["scale"]
    first, history = settings_for(MANY), settings_for(FEW, "bureau")
    return {
        "miss": costs["false_negative"],
        "wrong_alarm": costs["false_positive"],
        "theory": costs["false_positive"] / sum(costs.values()),
        "one_in": sum(costs.values()) / costs["false_positive"],
        "anchor_points": scale["anchor_points"],
        "anchor_odds": scale["anchor_odds"],
        "points_to_double": scale["points_to_double"],
        "grey_zone": scale["grey_zone"],
        "folds": FOLDS,
        "thirds": THIRDS,
        "confidence": 0.95,
        "learning_rate": first.parameters["learning_rate"],
        "leaves": first.parameters["num_leaves"],
        "share_of_inputs": first.parameters["feature_fraction"],
        "share_of_inputs_history": history.parameters["feature_fraction"],
        "share_of_rows": first.parameters["bagging_fraction"],
        "rows_a_leaf": first.parameters["min_child_samples"],
        "ridge": first.parameters["lambda_l2"],
        "most_trees": first.rounds,
        "patience": first.patience,
        "most_reasons": reasons.MOST,
        "index_watch": LIMITS.psi_watch,
        "index_act": LIMITS.psi_act,
        "missing_watch": LIMITS.missing_watch,
        "refused_watch": LIMITS.refused_watch,
        "refused_act": LIMITS.refused_act,
    }


def of_model(version: Path) -> dict[str, float]:
    """Return what the card of a trained version says, and its evidence where that was measured."""
    card, per = _json(version / CARD), _json(version / CARD)["per_1000"]
    bad, stopped = (per["true_positive"] + per[name] for name in ("false_negative", "false_positive"))
    found = {
        "rows": card["data"]["rows"],
        "positives": card["data"]["positives"],
        "rate": card["data"]["positives"] / card["data"]["rows"],
        "majority": 1 - card["data"]["positives"] / card["data"]["rows"],
        "inputs": len(card["inputs"]),
        "protected": len(card["excluded"]),
        "caught": per["true_positive"] / bad,
        "right_alarms": per["true_positive"] / stopped,
        "good_stopped": per["false_positive"] / (per["false_positive"] + per["true_negative"]),
        "accept_everyone": _json(version / "candidates.json")["accept_everyone"]["cost_per_file"],
        "trees": next(stage["trees"] for stage in card["stages"] if stage["family"] == BASE_FAMILY),
        "tuned": card["threshold"]["tuned"],
        "tuned_gain": card["threshold"]["gain"],
        "tuned_margin": card["threshold"]["gain_margin"],
        "slope_applied": card["calibration"]["slope"],
    }
    found |= {f"per_1000_{name}": value for name, value in per.items()}
    found |= {f"theme_{name}": value for name, value in _json(version / "global.json")["themes"].items()}
    for name, said in card["metrics"].items():
        found |= {name if end == "value" else f"{name}_{end}": value for end, value in said.items()}
    for family, said in card["histories"].items():
        found |= {f"{family}_{name}": value for name, value in said.items()}
    evidence = version / "evidence.json"
    return found | (of_evidence(_json(evidence)) if evidence.exists() else {})


def of_evidence(told: Mapping) -> dict[str, float]:
    """Return the figures of ``evidence.json`` that a note may want."""
    fewest = told["selection"]["steps"][-1]
    return {
        "signs": told["signs"]["inputs"],
        "moves": told["signs"]["moves"],
        "moves_against": told["signs"]["against"],
        "free_signs": told["signs"]["without"]["auc"]["value"],
        "seeds_sd": told["seeds"]["fits"]["auc_sd"],
        "seeds_changed": told["seeds"]["fits"]["files"]["changed"],
        "last_files": told["learning"]["last"]["auc"]["value"],
        "last_files_low": told["learning"]["last"]["auc"]["low"],
        "last_files_high": told["learning"]["last"]["auc"]["high"],
        "fewest_inputs": fewest["inputs"],
        "fewest_lost": fewest["lost"]["auc"]["value"],
    }


def of_candidates(told: Mapping) -> dict[str, float]:
    """Return each candidate's AUC, cost at its own mark, probabilities, and cost at the mark in theory."""
    found = {}
    for one in told["candidates"]:
        name, put_right = one["name"], one["recalibrated"] or {}
        found |= {
            f"{name}_auc": one["auc"]["value"],
            f"{name}_cost": one["own"]["cost_per_file"]["value"],
            f"{name}_announced": one["raw"]["announced"],
            f"{name}_observed": one["raw"]["observed"],
            f"{name}_as_it_comes": one["raw"]["cost_per_file"],
        }
        found |= {f"{name}_put_right": put_right["cost_per_file"]} if put_right else {}
    return found


def of_tuning(told: Mapping) -> dict[str, float]:
    """Return what the winner of a search gains, on the folds searched and on fresh ones."""
    found = {"trials": told["trials"], "pruned": told["pruned"]}
    for where, gains in told["gains"].items():
        for what, gain in gains.items():
            found |= {f"{where}_{what}": gain["value"], f"{where}_{what}_error": gain["error"]}
    return found


def of_quality(told: list[Mapping]) -> dict[str, float]:
    """Return every finding under a name made of its words; those indented belong to the one above."""
    found, above = {}, ""
    for one in told:
        what = one["what"]
        if not what.startswith(" "):
            above = _slug(re.sub(r"\(.*?\)|:.*", "", what))
        name = f"{above} {what}" if what.startswith(" ") else re.sub(r"\(.*?\)", "", what)
        found[_slug(name)] = one["value"]
        errors = re.search(r"error ([\d.]+) over folds and seeds, ([\d.]+) over clients", one["note"])
        for place, error in enumerate(("error", "error_clients"), start=1):
            found |= {f"{_slug(name)}_{error}": float(errors[place])} if errors else {}
    return found


def of_drift(told: Mapping) -> dict[str, float]:
    """Return what moved between the files of training and a batch."""
    score, columns = told["score"], {one["name"]: one for one in told["columns"]}
    scored, term = columns["EXT_SOURCE_1"], columns["CREDIT_ANNUITY"]
    return {
        "rows_before": told["rows_before"],
        "rows": told["rows"],
        "columns": sum(one["psi"] is not None for one in columns.values()),
        "columns_moved": sum(one["state"] in ("watch", "act") for one in columns.values()),
        "score_index": score["psi"],
        "mean_before": score["mean_before"],
        "mean_after": score["mean_after"],
        "refused_before": score["refused_before"],
        "refused_after": score["refused_after"],
        "agency_a_missing_before": scored["missing_before"],
        "agency_a_missing_after": scored["missing_after"],
        "term_index": term["psi"],
    }


def of_recourse(told: list[Mapping]) -> dict[str, float]:
    """Return the share of refused files that something would change, on demo and on real files."""
    found = {}
    for one in told:
        kind = "real" if "real" in one["what"] else "demo"
        if one["unit"] == "%":
            found[f"{kind}_share"] = one["ours"] / 100
            found[f"{kind}_files"] = int(re.search(r"\((\d+)", one["what"])[1])
            found[f"{kind}_approved"] = float(re.search(r"([\d.]+)%", one["note"])[1]) / 100
    return found


def _lines(told: Mapping | list) -> list[Mapping]:
    """Return the lines of a whole measurement, or of the part of one store."""
    return told["lines"] if isinstance(told, Mapping) else told


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
