"""The lender's own rules: read from ``[[policy]]`` of a portfolio, applied after the model, told apart.

A rule can only make a proposal more careful: it asks for a review, or refuses, and never accepts what
the model does not. What it looks at is not provided: it says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from data.portfolios import Portfolio
from model.results import STRICTER, Decision, PolicyReason, Value

_SIDES = ("above", "below")


class BadPolicy(ValueError):
    """A rule of ``portfolio.toml`` cannot be applied; the message names it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Files whose ``column`` lies ``above`` (or ``below``) ``limit`` get at best ``decision``."""

    code: str
    column: str
    side: str
    limit: float
    decision: Decision


def rules(portfolio: Portfolio) -> tuple[Rule, ...]:
    """Return the rules of a portfolio, in the order of its file.

    Raises
    ------
    BadPolicy
        When a rule names no column that is read, no side or no decision it may take.
    """
    return tuple(_rule(portfolio, given) for given in portfolio.settings.get("policy", ()))


def fired(portfolio: Portfolio, values: Mapping[str, Value]) -> tuple[PolicyReason, ...]:
    """Return the rules that a file falls under, the strictest first.

    ``values`` holds the record and what was computed from it.
    """
    found = [
        PolicyReason(rule.code, rule.column, float(values[rule.column]), rule.limit, rule.side, rule.decision)
        for rule in rules(portfolio)
        if _falls_under(rule, values.get(rule.column))
    ]
    return tuple(sorted(found, key=lambda one: -STRICTER.index(one.decision)))


def _falls_under(rule: Rule, value: Value) -> bool:
    if isinstance(value, str | bool) or value is None:
        return False
    # Not a number is neither above nor below.
    return value > rule.limit if rule.side == "above" else value < rule.limit


def _rule(portfolio: Portfolio, given: Mapping) -> Rule:
    code = given.get("code")
    sides = [side for side in _SIDES if side in given]
    column = portfolio.columns.get(given.get("column"))
    if not code or len(sides) != 1 or column is None or column.kind in ("category", "flag"):
        raise BadPolicy(f"policy {code!r}: a code, a column that holds a number, and above or below")
    if column.role == "protected":
        raise BadPolicy(f"policy {code!r}: no rule may look at {column.name}, which is protected")
    if given.get("decision") not in STRICTER[1:]:
        raise BadPolicy(f"policy {code!r}: decision must be one of {', '.join(STRICTER[1:])}")
    return Rule(code, column.name, sides[0], float(given[sides[0]]), given["decision"])
