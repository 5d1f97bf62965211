"""What every command shares: the application they belong to, errors in one line, progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Train, measure and use models.")
screen = Console(stderr=True)
Portfolio = Annotated[str, typer.Argument(help="Portfolio id, for example home_credit.")]


@contextmanager
def one_line_on_error() -> Iterator[None]:
    """Turn what the user can mend into one clear line and exit code 2."""
    try:
        yield
    except ModuleNotFoundError as error:
        told = f"error: {error.name} is not installed; pip install -r requirements.txt"
        screen.print(told, style="bold", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    except (ValueError, LookupError, OSError) as error:
        for line in getattr(error, "faults", (error,)):
            screen.print(f"error: {line}", style="bold", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Show the step under way and the time it has taken."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("starting")
        yield lambda text: progress.update(task, description=text)
