"""The command ``python -m model compare``."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from model import compared, track
from model.commands import Portfolio, one_line_on_error, screen, steps
from model.commands_track import NoTrack
from model.compare_told import lines

if TYPE_CHECKING:
    from collections.abc import Mapping

Metric = Literal["auc", "recall", "precision", "f1", "accuracy", "balanced_accuracy", "brier", "cost"]
Search = Literal["none", "grid", "tpe"]


def compare(
    portfolio: Portfolio,
    metric: Annotated[Metric, typer.Option(help="What chooses, on folds of the rows learnt from.")] = "auc",
    search: Annotated[Search, typer.Option(help="How to look for better settings of the best.")] = "tpe",
    finalists: Annotated[int, typer.Option(min=1, help="How many of the best to look for.")] = 2,
    trials: Annotated[int, typer.Option(min=1, help="Most settings tried of each.")] = 4,
    minutes: Annotated[float | None, typer.Option(min=0, help="Longest search of each.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this algorithm; may be repeated. All seven by default.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same comparison.")] = 42,
    no_track: NoTrack = False,
):
    """Compare algorithms on everyone and on each segment; figures are of rows never learnt from."""
    with one_line_on_error(), steps() as show:
        # scikit-learn and Optuna load for seconds, which other commands are spared.
        from model.compare import run
        from model.compare_search import Asked

        found = run(
            portfolio,
            metric=metric,
            search=Asked(search, finalists, trials, minutes),
            seed=seed,
            only=only or compared.ALGORITHMS,
            each=lambda step: show(f"done: {step}"),
        )
    typer.echo("\n".join(lines(found)))
    typer.echo(f"kept in {compared.path(portfolio)}")
    asked = {"metric": metric, "search": search, "finalists": finalists, "trials": trials, "seed": seed}
    if remark := _logged(found, asked, wanted=not no_track):
        screen.print(f"warning: {remark}", markup=False, highlight=False, soft_wrap=True)


def _logged(found: "Mapping", asked: dict, *, wanted: bool) -> str:
    """Log each algorithm of each population as a trial; return what went wrong, if anything did."""
    study = track.Study(found["portfolio"], "compare", asked | {"created": found["created"]}, wanted=wanted)
    models = [
        (population["name"], one) for population in found["populations"] for one in population["algorithms"]
    ]
    for number, (population, one) in enumerate(models):
        about = {"population": population, "algorithm": one["name"]}
        study.trial(number, about, _values(one["metrics"]), seconds=one["seconds"])
    kept = found["populations"][0]["retained"]
    study.end({"algorithm": kept["name"]} | kept["parameters"], _values(kept["metrics"]))
    return study.remark


def _values(figures: "Mapping") -> dict[str, float]:
    return {name: figure["value"] for name, figure in figures.items()}
