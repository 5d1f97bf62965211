"""Commands on what is in service and on the tracking store."""

from typing import Annotated

import typer

from model import artifact, promotions, track
from model.batch import Evaluation
from model.commands import Portfolio, one_line_on_error, screen, steps

Version = Annotated[str, typer.Argument(help="Version of the model in the store.")]
NoTrack = Annotated[bool, typer.Option("--no-track", help="Log nothing in MLflow.")]
WithPopulation = Annotated[
    bool, typer.Option("--with-population", help="Send rows of clients to the tracking server too.")
]


def log_trained(portfolio: str, version: str, with_population: bool) -> None:
    """Log a version that was just trained; when that fails, say so and how to do it later."""
    try:
        with steps() as show:
            show(f"logging version {version} in {track.place()}")
            record = track.log_training(portfolio, version, with_population=with_population)
    except track.NotTracked as error:
        _warn(f"{error}. The model is saved; log it later with: python -m model log {portfolio} {version}")
    else:
        print(f"logged in {track.place()}: run {record.run_id}, registered version {record.registered}")


def log_evaluated(evaluation: Evaluation, name: str) -> None:
    """Log an evaluation; say so on the screen's other stream, the first one may hold JSON."""
    try:
        with steps() as show:
            show(f"logging the evaluation in {track.place()}")
            track.log_evaluation(evaluation, name)
    except track.NotTracked as error:
        _warn(str(error))


def promote(portfolio: Portfolio, version: Version, no_track: NoTrack = False):
    """Put a version in service."""
    with one_line_on_error():
        artifact.promote(portfolio, version)
    print(f"version {version} of {portfolio} is in service")
    _aliases(portfolio, no_track)


def rollback(portfolio: Portfolio, no_track: NoTrack = False):
    """Put the version that was in service before back in service."""
    with one_line_on_error():
        before = artifact.champion_version(portfolio)
        version = promotions.rollback(portfolio)
    print(f"version {version} of {portfolio} is in service again, instead of {before}")
    _aliases(portfolio, no_track)


def log_command(portfolio: Portfolio, version: Version, with_population: WithPopulation = False):
    """Log a trained version in MLflow that was not logged when it was trained."""
    with one_line_on_error(), steps() as show:
        show(f"logging version {version} in {track.place()}")
        record = track.log_training(portfolio, version, with_population=with_population)
    print(f"logged in {track.place()}: run {record.run_id}, registered version {record.registered}")


def pull(
    uri: Annotated[str, typer.Argument(help="models:/PORTFOLIO@champion or models:/PORTFOLIO/VERSION.")],
    into_service: Annotated[
        bool, typer.Option("--promote", help="Put it in service even if another version is.")
    ] = False,
    without_population: Annotated[
        bool, typer.Option("--without-population", help="Accept one logged without rows of clients.")
    ] = False,
):
    """Bring a registered version into the store, to build the application from it."""
    with one_line_on_error(), steps() as show:
        show(f"pulling {uri} from {track.place()}")
        pulled = track.pull(uri, into_service=into_service, without_population=without_population)
    for remark in pulled.remarks:
        _warn(remark)
    print(f"version {pulled.version} of {pulled.portfolio} is in the store", end="")
    print(" and in service" if pulled.in_service else "; put it in service with promote")


def rebuild(run_id: Annotated[str, typer.Argument(help="Run of a training in MLflow.")]):
    """Train again what a run recorded, and compare byte for byte."""
    with one_line_on_error(), steps() as show:
        again = track.rebuild(run_id, each=lambda step: show(f"done: {step}"))
    for line in again.elsewise:
        _warn(line)
    print(f"version {again.version} of {again.portfolio} trained again from run {run_id}")
    if again.different:
        screen.print(f"error: not byte for byte the same: {', '.join(again.different)}", style="bold")
        raise typer.Exit(2)
    print(f"its {again.stages} stages are byte for byte those of the record")


def _aliases(portfolio: str, no_track: bool) -> None:
    """Have the registry follow the store; the store decides, so a failure is only said."""
    if no_track or not track.is_there():
        return
    try:
        absent = track.set_aliases(portfolio)
    except track.NotTracked as error:
        _warn(str(error))
        return
    for version in absent:
        _warn(f"version {version} is not registered; log it with: python -m model log {portfolio} {version}")


def _warn(text: str) -> None:
    screen.print(f"warning: {text}", markup=False, highlight=False, soft_wrap=True)
