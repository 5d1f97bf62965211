"""The command ``python -m model evidence``: what training measured, read back as lines. Fits nothing."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import orjson
import typer

from model.artifact import champion
from model.commands import Portfolio, one_line_on_error
from model.measures import measured


class NotMeasured(LookupError):
    """The model in service was trained without its evidence."""


def evidence(
    portfolio: Portfolio,
    part: Annotated[str, typer.Option(help="Only this part, for example learning.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
):
    """Print how sure the model in service is: learning curve, ablations, seeds, directions, fewer inputs."""
    with one_line_on_error():
        held = measured(champion(portfolio), "evidence.json")
        if held is None:
            raise NotMeasured(f"not measured; train with: python -m model train {portfolio} --with-evidence")
        if part and part not in held:
            raise NotMeasured(f"part {part!r} was not measured; there are {', '.join(held)}")
        shown = {part: held[part]} if part else held
    if as_json:
        typer.echo(orjson.dumps(shown).decode())
        return
    for name, content in shown.items():
        typer.echo(f"{name}:")
        typer.echo("\n".join(f"  {line}" for line in lines(content)))


def lines(content: object) -> Iterator[str]:
    """Yield one line for each entry: what it names, then its figures with their intervals."""
    if isinstance(content, list):
        for one in content:
            yield _line(one)
    elif isinstance(content, Mapping):
        for name, value in content.items():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                yield from (f"{name} {_line(one)}" for one in value)
            elif isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values()):
                yield from (f"{name} {key} {_line(one)}" for key, one in value.items())
            else:
                yield f"{name} {_line(value)}"


def _line(value: object) -> str:
    if isinstance(value, Mapping) and set(value) == {"value", "low", "high"}:
        return "{value:.4f} ({low:.4f} to {high:.4f})".format(**value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_line(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " ".join(map(_line, value))
    return f"{value:.4f}" if isinstance(value, float) else str(value)
