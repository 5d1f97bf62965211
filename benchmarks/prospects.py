"""Figures and tables of ``docs/prospects.md``: ``python -m benchmarks.prospects [STORE ...]``.

The document stands in two languages. Its figures lie in ``docs/prospects.json``, by section, each with
the command that makes it; single figures are named in the text (see :mod:`benchmarks.told`), tables are
written whole between ``<!--table NAME-->`` and ``<!--end-->``, commands before ``<!--command NAME-->``.
With a store, what was compared and counted there is read again; what a report published
(:mod:`benchmarks.published`, :mod:`benchmarks.roi`) always is.
"""

import argparse
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks import prospects_tables, published, roi
from benchmarks.told import rewritten
from config import settings
from data import bank, portfolios
from data.portfolios import Portfolio
from model import artifact, campaign, compared
from model.artifact import Model
from model.campaign import Counts
from model.compared import METRICS

ROOT = Path(__file__).parent.parent
FIGURES = ROOT / "docs" / "prospects.json"
DOCUMENTS = {"en": ROOT / "docs" / "prospects.md", "fr": ROOT / "docs" / "prospects.fr.md"}
PORTFOLIO = "prospects"
ORDER = ("published", "roi", "compared", "campaign")
_COMMAND = re.compile(r"`[^`]*`<!--command ([a-z]+)-->")
PAIRED = ("recall", "balanced_accuracy", "auc", "brier")


def main() -> None:
    """Renew what can be, then both documents."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prospects", description=__doc__)
    parser.add_argument("stores", nargs="*", type=Path, help="with a comparison or a model in service")
    parser.add_argument("--seed", type=int, help="of the demo in these stores, if another than by default")
    held = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    held |= {"published": of_report(), "roi": of_roi()}
    asked = parser.parse_args()
    for store in asked.stores:
        held |= of_store(store, asked.seed)
    ordered = {name: held[name] for name in ORDER if name in held}
    FIGURES.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    for lang, path in DOCUMENTS.items():
        path.write_text(renewed(path.read_text("utf-8"), lang, ordered), encoding="utf-8")


def renewed(text: str, lang: str, held: Mapping) -> str:
    """Return a document with its figures, tables and commands as they are held."""
    told = _COMMAND.sub(lambda match: f"`{held[match[1]]['command']}`<!--command {match[1]}-->", text)
    return rewritten(prospects_tables.written(told, lang, held), lang, held)


def of_report() -> dict:
    """Return what follows from the report's own tables."""
    rates = dict(zip(("all", "young", "older"), map(published.rate, published.POPULATIONS), strict=True))
    found = {f"rate_{name}": rate for name, rate in rates.items()}
    found["under_30"] = (rates["all"] - rates["older"]) / (rates["young"] - rates["older"])
    found["rows"] = len(published.AS_THEY_COME)
    found["furthest"] = max(abs(row.area - row.balanced_accuracy) for row in published.AS_THEY_COME)
    for name, row in zip(rates, published.RETAINED, strict=True):
        found |= {f"retained_{name}_{what}": getattr(row, what) for what in ("recall", "precision", "f1")}
        found[f"retained_{name}_f1_follows"] = row.f1_that_follows
    linear = next(row for row in published.AS_THEY_COME if row.algorithm == "logistic")
    found |= {"recall": linear.recall, "precision": linear.precision, "area": linear.area}
    found["contacted"] = linear.recall * linear.rate / linear.precision
    return {"command": "python -m benchmarks.published", "figures": found}


def of_roi() -> dict:
    """Return the report's savings, done again."""
    found = {"proposals": roi.PROPOSALS, "accepted": roi.ACCEPTED, "contact_cost": roi.CONTACT_COST}
    found |= {"said_share": roi.SAID_SHARE, "said_accepted": roi.SAID_ACCEPTED, "said_saved": roi.SAID_SAVED}
    found["said_avoided"] = roi.SAID_AVOIDED
    for mark, kept in roi.MARKS.items():
        one, name = roi.reach(mark), f"at_{mark[:2]}"
        found |= {
            f"{name}_contacts": one.contacts,
            f"{name}_accepted": one.accepted,
            f"{name}_conversion": one.conversion,
            f"{name}_of_accepted": one.accepted / one.of_accepted,
            f"{name}_avoided": one.avoided,
            f"{name}_saved": one.saved(roi.CONTACT_COST),
            f"{name}_lost": one.lost,
            f"{name}_break_even": roi.break_even(one),
            f"{name}_plain_mean": roi.plain_mean(mark),
        }
        for segment, part in zip(("young", "older"), kept, strict=True):
            found |= {f"{name}_{segment}_contacts": part.contacts, f"{name}_{segment}_share": part.share}
    budget = roi.BUDGET_CONTACTS
    found |= {"budget_contacts": budget, "budget": budget * roi.CONTACT_COST}
    found["budget_saved"] = roi.budget_saved()
    return {"command": "python -m benchmarks.roi", "figures": found}


def of_store(store: Path, seed: int | None = None) -> dict:
    """Return what was compared in a store, and what its model in service reaches in the test year."""
    os.environ["STORE_DIR"] = str(store)
    settings.cache_clear()
    portfolio, found = portfolios.load(PORTFOLIO), {}
    made = f"python -m data demo {PORTFOLIO} --clients {bank.open_bank(PORTFOLIO).meta.labelled}"
    made += "" if seed is None else f" --seed {seed}"
    if (told := compared.compared(PORTFOLIO)) is not None:
        asked = told["populations"][0]["search"] or {"trials": 0}
        command = f"{made}; python -m model compare {PORTFOLIO} --trials {asked['trials']}"
        found["compared"] = {"command": command} | of_comparison(told)
    if artifact.has_champion(PORTFOLIO):
        model = artifact.champion(PORTFOLIO)
        reached = of_campaign(portfolio, model, campaign.read(model))
        found["campaign"] = {"command": f"{made}; python -m model train {PORTFOLIO}"} | reached
    return found


def of_comparison(told: Mapping) -> dict:
    """Return the figures of a comparison by name, and the names of who is best."""
    found = {"learnt": told["data"]["learnt"], "judged": told["data"]["judged"], "mark": told["mark"]}
    found |= {"seconds": told["seconds"], "minutes": told["seconds"] / 60}
    found |= {"choice_rows": told["choice"]["rows"], "folds": told["choice"]["folds"]}
    names = {"metric": told["metric"]}
    for one in told["populations"]:
        where = one["name"]
        found |= {f"{where}_{name}": one[name] for name in ("learnt", "judged", "positives")}
        found[f"{where}_rate"] = one["positives"] / one["judged"]
        names |= {f"{where}_best_{metric}": name for metric, name in one["best"].items()}
        names[f"{where}_retained"] = one["retained"]["name"]
        names[f"{where}_tuned"] = sorted(name.split("__")[-1] for name in one["retained"]["parameters"])
        for each in [*one["algorithms"], one["retained"] | {"name": "retained"}]:
            found |= _model(f"{where}_{each['name']}", each)
        for number, each in enumerate(one["search"]["finalists"] if one["search"] else (), start=1):
            names[f"{where}_finalist_{number}"] = each["name"]
            found |= {f"{where}_finalist_{number}_{end}": each[end] for end in ("before", "after", "trials")}
        for number, point in enumerate(one["learning"]["points"]):
            found |= {f"{where}_point_{number}_rows": point["rows"]}
            found |= _ends(f"{where}_point_{number}_score", point["score"])
    for each in [*told["routed"]["algorithms"], told["routed"]["retained"]]:
        found |= _model(f"routed_{each['name']}", each)
    return {"figures": found, "names": names}


def _model(where: str, each: Mapping) -> dict[str, float]:
    found = {f"{where}_{metric}": each["metrics"][metric]["value"] for metric in METRICS}
    found |= _ends(f"{where}_auc", each["metrics"]["auc"]) | _ends(
        f"{where}_recall", each["metrics"]["recall"]
    )
    found |= {f"{where}_seconds": each["seconds"]} if "seconds" in each else {}
    if "pooled" in each:
        found |= {f"{where}_pooled_{metric}": each["pooled"][metric]["value"] for metric in METRICS}
    for metric in PAIRED if "gain" in each else ():
        found |= _ends(f"{where}_gain_{metric}", each["gain"][metric])
    return found


def _ends(name: str, figure: Mapping) -> dict[str, float]:
    return {name: figure["value"], f"{name}_low": figure["low"], f"{name}_high": figure["high"]}


def of_campaign(portfolio: Portfolio, model: Model, counts: Counts) -> dict:
    """Return what marks reach in the test year, and what as many contacts as the report's own would."""
    cost, found = campaign.contact_cost(portfolio), {}
    for line in campaign.lines(portfolio, model, counts):
        for segment, one in line.reach.items():
            where = f"at_{line.probability:.0%}".rstrip("%") + ("" if segment == "all" else f"_{segment}")
            found |= {
                f"{where}_contacts": one.contacts,
                f"{where}_accepted": one.accepted,
                f"{where}_conversion": one.conversion or 0.0,
                f"{where}_of_accepted": one.accepted / one.of_accepted,
                f"{where}_avoided": one.avoided,
                f"{where}_saved": one.saved(cost),
                f"{where}_lost": one.lost,
                f"{where}_break_even": one.saved(cost) / one.lost,
            }
    asked = of_report()["figures"]["contacted"]
    every = [campaign.at(counts, points) for points in counts.points]
    like = min(every, key=lambda one: abs(one.contacts / one.of_contacts - asked))
    found |= {"proposals": like.of_contacts, "accepted": like.of_accepted}
    found |= {"like_recall": like.accepted / like.of_accepted, "like_precision": like.conversion}
    return {"figures": found | {"like_contacted": like.contacts / like.of_contacts}}


if __name__ == "__main__":
    main()
