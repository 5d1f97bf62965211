"""The diagram of a portfolio's tables, drawn as Mermaid from its schema."""

import re
from pathlib import Path

from data.schema import Schema, Table

# Beyond this a table shows its keys and says how many columns it has.
MOST_COLUMNS = 12


class NoPlace(ValueError):
    """A Markdown file has no place for the diagram."""


def draw(schema: Schema) -> str:
    """Return a Mermaid entity-relationship diagram of the tables and their keys."""
    lines = ["erDiagram"]
    for table in schema.tables.values():
        for key in table.foreign_keys:
            lines.append(f'    {key.parent} ||--o{{ {table.name} : "{key.column}"')
    for table in schema.tables.values():
        lines += [f"    {table.name} {{", *_columns(table), "    }"]
    return "\n".join(lines) + "\n"


def renew(path: Path, portfolio_id: str, drawn: str) -> None:
    """Put the diagram in the place that a Markdown file keeps for it."""
    text = path.read_text(encoding="utf-8")
    place = _place(portfolio_id)
    if not place.search(text):
        raise NoPlace(f"{path}: no line {_mark(portfolio_id)!r} followed by a ```mermaid block to renew")
    path.write_text(place.sub(lambda found: f"{found[1]}{drawn}{found[3]}", text), encoding="utf-8")


def shown(path: Path, portfolio_id: str) -> str | None:
    """Return the diagram that a Markdown file shows, or None when it has none."""
    found = _place(portfolio_id).search(path.read_text(encoding="utf-8"))
    return found[2] if found else None


def _mark(portfolio_id: str) -> str:
    return f"<!-- diagram: {portfolio_id} -->"


def _place(portfolio_id: str) -> re.Pattern[str]:
    return re.compile(rf"({re.escape(_mark(portfolio_id))}\n```mermaid\n)(.*?)(```)", re.DOTALL)


def _columns(table: Table) -> list[str]:
    all_of_them = len(table.columns) <= MOST_COLUMNS
    shown = [name for name in table.columns if all_of_them or name in table.keys]
    lines = [f"        {table.columns[name]} {name}{_role(table, name)}" for name in shown]
    if rest := len(table.columns) - len(shown):
        lines.append(f'        etc and_others "{rest} more columns"')
    return lines


def _role(table: Table, column: str) -> str:
    roles = []
    if column in table.primary_key:
        roles.append("PK")
    if any(key.column == column for key in table.foreign_keys):
        roles.append("FK")
    return f" {', '.join(roles)}" if roles else ""
