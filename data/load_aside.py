"""Rows that are set aside, and parent tables made of the rows that point at them.

``set_aside`` under a table of ``portfolio.toml`` says which rows to do without:
``missing`` columns, columns ``outside`` two limits, and ``values`` of columns. ``filled_from`` says
of which columns of the main table a parent is made when it has no file of its own.
"""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

from collections.abc import Mapping, Sequence

from data.portfolios import Portfolio
from data.schema import Schema, literal, quoted


def about(portfolio: Portfolio, table: str) -> Mapping:
    """Return what ``portfolio.toml`` says of a table."""
    return portfolio.settings.get("tables", {}).get(table, {})


def may_lack(portfolio: Portfolio, table: str) -> Sequence[str]:
    """Return the columns whose absence has a row set aside rather than refused."""
    return about(portfolio, table).get("set_aside", {}).get("missing", ())


def kept(portfolio: Portfolio, table: str, rows: str) -> str:
    """Return the SQL of those ``rows`` of a table that are not set aside."""
    reasons = _reasons(portfolio, table).values()
    return f"SELECT * FROM ({rows}) WHERE NOT ({' OR '.join(reasons)})" if reasons else rows


def counted(portfolio: Portfolio, table: str, rows: str) -> str:
    """Return the SQL of how many rows there are under each reason, the first that holds for a row.

    Empty when no row may be set aside. A row that is kept has no reason.
    """
    reasons = _reasons(portfolio, table)
    if not reasons:
        return ""
    cases = " ".join(f"WHEN {held} THEN {literal(words)}" for words, held in reasons.items())
    return f"SELECT CASE {cases} END AS reason, count(*) FROM ({rows}) GROUP BY reason ORDER BY 2 DESC, 1"


def filled(portfolio: Portfolio, schema: Schema, table: str) -> bool:
    """Whether a table is made of the main table's rows when it has no file."""
    return table != schema.main and "filled_from" in about(portfolio, table)


def parent_rows(portfolio: Portfolio, schema: Schema, table: str, main: str) -> str:
    """Return the SQL of the rows of a parent made of the ``main`` rows: for each key, what it mostly has."""
    names = about(portfolio, table)["filled_from"]
    (key,) = schema.tables[table].primary_key
    given = ", ".join(f"{quoted(found)} AS {quoted(name)}" for name, found in names.items())
    columns = ", ".join(map(quoted, names))
    return (
        f"SELECT {columns} FROM (SELECT {given} FROM ({main})) WHERE {quoted(key)} IS NOT NULL "
        f"GROUP BY {columns} QUALIFY row_number() OVER "
        f"(PARTITION BY {quoted(key)} ORDER BY count(*) DESC, {columns}) = 1"
    )


def _reasons(portfolio: Portfolio, table: str) -> dict[str, str]:
    """Return why a row is set aside, in words, each with the SQL that holds for such a row."""
    rules = about(portfolio, table).get("set_aside", {})
    reasons = {f"without {name}": f"{quoted(name)} IS NULL" for name in rules.get("missing", ())}
    for name, (low, high) in rules.get("outside", {}).items():
        beyond = f"coalesce({quoted(name)} NOT BETWEEN {low!r} AND {high!r}, false)"
        reasons[f"with {name} outside {low:g} to {high:g}"] = beyond
    for name, values in rules.get("values", {}).items():
        spelt = ", ".join(literal(value) if isinstance(value, str) else repr(value) for value in values)
        words = ", ".join(map(str, values))
        reasons[f"with {name} {words}"] = f"coalesce({quoted(name)} IN ({spelt}), false)"
    return reasons
