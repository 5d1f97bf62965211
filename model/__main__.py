"""Commands on models: ``python -m model --help``."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from model import artifact, batch, campaign_told, doctor, drift_run, offers_told
from model.commands import Portfolio, app, one_line_on_error, steps
from model.commands_track import (
    NoTrack,
    WithPopulation,
    log_command,
    log_evaluated,
    log_trained,
    promote,
    pull,
    rebuild,
    rollback,
)
from model.compare_command import compare
from model.evidence_command import evidence
from model.measures import measured
from model.offers_command import compare_offers
from model.recipe import named
from model.reporting import reported
from model.segments import Choice
from model.tune_command import tune


@app.command()
def train(
    portfolio: Portfolio,
    seed: Annotated[int, typer.Option(help="Same seed, same model.")] = 42,
    recipe: Annotated[
        str, typer.Option(help="`default`, `tuned` (what `tune` kept) or a JSON file.")
    ] = "default",
    segments: Annotated[
        Choice, typer.Option(help="Models of their own for the segments: `auto` where they are better.")
    ] = "auto",
    with_protected_cost: Annotated[
        bool,
        typer.Option(help="Also measure what leaving protected columns out costs (fits the folds twice)."),
    ] = False,
    with_candidates: Annotated[
        bool, typer.Option(help="Also compare with other kinds of models, on the same folds.")
    ] = False,
    with_evidence: Annotated[
        bool, typer.Option(help="Also measure the learning curve, ablations, stability and selection.")
    ] = False,
    full: Annotated[bool, typer.Option(help="All of these measures.")] = False,
    no_track: NoTrack = False,
    with_population: WithPopulation = False,
):
    """Train on the bank's labelled clients; the first model goes into service."""
    chosen = {"protected": with_protected_cost, "candidates": with_candidates, "evidence": with_evidence}
    with one_line_on_error(), steps() as show:
        # Where only serving is installed, the other commands still work.
        from model.extras import EXTRAS
        from model.train import train as train_model

        model, remarks = train_model(
            portfolio,
            seed=seed,
            recipe=named(portfolio, recipe),
            recipe_name="file" if recipe not in ("default", "tuned") else recipe,
            way=segments,
            extras=EXTRAS if full else {name for name, wanted in chosen.items() if wanted},
            each=lambda step: show(f"done: {step}"),
        )
    figures = model.card["metrics"]
    for name in ("auc", "gini", "ks", "brier", "log_loss", "cost_per_file", "refused_share"):
        found = figures[name]
        print(f"{name:18} {found['value']:.4f}  (95 %: {found['low']:.4f} to {found['high']:.4f})")
    print(f"{'calibration slope':18} {figures['calibration_slope']['value']:.3f}")
    mark = model.card["threshold"]
    print(f"{'threshold':18} {mark['in_force']:.4f}  (theory {mark['theoretical']:.4f}, ", end="")
    print(f"tuned {mark['tuned']:.4f}: gain {mark['gain']:+.4f} +- {mark['gain_margin']:.4f})")
    for family, gain in model.card["histories"].items():
        print(
            f"{'+ ' + family:18} {gain['gain']:+.4f} +- {gain['gain_sd']:.4f} AUC in {gain['folds_better']} "
            f"better folds ({gain['rows']} rows: {gain['auc_without']:.4f} to {gain['auc_with_all']:.4f})"
        )
    if offered := measured(model, "offers.json"):
        print("\n".join(offers_told.served_lines(offered)))
    for line in campaign_told.lines(model):
        print(line)
    for remark in remarks:
        print(f"warning: {remark}")
    used = model.card["recipe"]
    changed = ", ".join(used["families"]) or "nothing"
    print(f"recipe {used['used']}: {changed} fitted otherwise than by default")
    in_force = artifact.champion_version(portfolio)
    print(f"version {model.version} saved; version {in_force} is in service")
    if not no_track:
        log_trained(portfolio, model.version, with_population)


@app.command()
def evaluate(
    portfolio: Portfolio,
    folder: Annotated[Path, typer.Argument(help="Labelled folder or flat file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    no_track: NoTrack = False,
):
    """Measure the model in service on a labelled folder."""
    with one_line_on_error(), steps() as show:
        show(f"reading {folder.name}")
        evaluation = batch.evaluation(portfolio, folder)
    found = evaluation.figures
    if as_json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:18} {value:.4f}" if isinstance(value, float) else f"{name:18} {value}")
    if not no_track:
        log_evaluated(evaluation, folder.name)


@app.command()
def score(
    portfolio: Portfolio,
    source: Annotated[Path, typer.Argument(help="Folder or flat file of clients.")],
    target: Annotated[Path, typer.Argument(help="File to write: .csv, .parquet or .json.")],
    budget: Annotated[
        float | None, typer.Option(min=0, help="Rank the best first, and say whom this much pays for.")
    ] = None,
    contact_cost: Annotated[
        float | None, typer.Option(min=0, help="Rank with this cost of a contact; else the portfolio's.")
    ] = None,
    rank: Annotated[bool, typer.Option("--rank", help="Rank the best first, whatever it costs.")] = False,
):
    """Write one row per client: id, probability, points, decision, reasons; offers and rank if there are."""
    ranked = rank or budget is not None or contact_cost is not None
    with one_line_on_error(), steps() as show:
        show(f"reading {source.name}")
        count = batch.score_file(
            portfolio,
            source,
            target,
            batch.Campaign(contact_cost, budget) if ranked else None,
            each=lambda done, of: show(f"scored {done} of {of} clients"),
        )
    print(f"{count} clients scored into {target}")


@app.command()
def drift(
    portfolio: Portfolio,
    given: Annotated[
        str,
        typer.Argument(
            metavar="BATCH",
            help="Folder in the portfolio's schema, CSV or Parquet file of its main table, or `unlabelled` "
            "for the bank's applications without outcome, or `test` for those set aside to judge.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as one JSON object.")] = False,
    report: Annotated[bool, typer.Option(help="Have Evidently report on the batch as well.")] = True,
    name: Annotated[str, typer.Option(help="What to call the batch; else the file's name.")] = "",
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day the batch is about; else today.")
    ] = None,
    job: Annotated[str | None, typer.Option(hidden=True, help="Background job to report to.")] = None,
):
    """Judge a batch of files against those that the model learnt from: stable, watch or act."""
    with one_line_on_error(), steps() as show, reported(job) as told:

        def each(step: str, done: int = 0, total: int = 0) -> None:
            show(f"{step} {done} of {total}" if total else step)
            told(step, done, total)

        about = day.date() if day else None
        verdict = drift_run.run(portfolio, given, name=name, day=about, with_report=report, each=each)
        told.result = verdict.id
    print(orjson.dumps(verdict).decode() if as_json else "\n".join(drift_run.lines(verdict)))


@app.command(name="doctor")
def doctor_command(portfolio: Portfolio):
    """Check the bank, the model and their agreement; exit code 2 when something is wrong."""
    with one_line_on_error():
        findings = list(doctor.examine(portfolio))
    for finding in findings:
        print(f"{'ok     ' if finding.ok else 'PROBLEM'} {finding.what}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(2)


for command in (tune, compare, compare_offers, evidence, promote, rollback, pull, rebuild):
    app.command()(command)
app.command(name="log")(log_command)

if __name__ == "__main__":
    app()
