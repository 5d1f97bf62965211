"""The command ``python -m model tune``."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from model import track
from model.commands import Portfolio, one_line_on_error, screen
from model.commands_track import NoTrack
from model.tune_space import Objective, Search

if TYPE_CHECKING:
    from model.tune_study import Trial

INTERRUPTED = 130


def tune(
    portfolio: Portfolio,
    search: Annotated[Search, typer.Option(help="How settings are chosen.")] = "tpe",
    objective: Annotated[
        Objective, typer.Option(help="What is lowered; ties of `cost` go to the AUC.")
    ] = "cost",
    trials: Annotated[int, typer.Option(min=1, help="Most trials, the default being the first.")] = 50,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Longest search; the check on fresh folds comes after.")
    ] = None,
    family: Annotated[str, typer.Option(help="Stage whose settings are looked for.")] = "application",
    seed: Annotated[int, typer.Option(help="Same seed and trials, same search.")] = 42,
    threads: Annotated[int, typer.Option(min=1, help="Threads of each fit.")] = 1,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Begin anew, or go on with the same search.")
    ] = False,
    nested: Annotated[
        bool, typer.Option(help="Also search five times without a fifth of the files (5 x as long).")
    ] = False,
    no_track: NoTrack = False,
):
    """Look for better settings, and keep them only if they hold on fresh folds."""
    with one_line_on_error():
        # Optuna loads for a second, which other commands are spared.
        from model.tune_run import lines, run

    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    asked = {"search": search, "objective": objective, "trials": trials, "family": family, "seed": seed}
    with one_line_on_error(), Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("reading the bank", total=trials)
        logged = track.Study(portfolio, f"tune {family}", asked, wanted=not no_track)

        def each(trial: "Trial") -> None:
            state = "pruned" if trial.pruned else "complete"
            figures = trial.measures | {"value": trial.value}
            logged.trial(trial.number, trial.parameters, figures, state=state, seconds=trial.seconds)

        try:
            tuned = run(
                portfolio, **asked, minutes=minutes, threads=threads, fresh=fresh, nested=nested, each=each,
                step=lambda done, text: progress.update(task, completed=done, description=text),
            )  # fmt: skip
        except KeyboardInterrupt:
            progress.stop()
            screen.print("interrupted; the trials that ended are kept: the same command goes on from there")
            raise typer.Exit(INTERRUPTED) from None
        gained = {f"fresh_{name}_gain": gain.value for name, gain in tuned.fresh.items()}
        logged.end(tuned.found.winner.parameters, tuned.found.winner.measures | gained)
    print("\n".join(lines(tuned)))
    if logged.remark:
        print(f"warning: {logged.remark}")
