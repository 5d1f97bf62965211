"""What is wrong with a record that was sent, and what to look at in one that is assessed."""

import math
from collections.abc import Mapping

from data.features import COVERED
from data.portfolios import Column, Portfolio
from model.artifact import Model
from model.results import Fault, Value, Warning
from model.stages import BASE_FAMILY

# Only what weighs is worth a warning: inputs among the heaviest, as measured at training.
HEAVY = 20


def field_faults(portfolio: Portfolio, model: Model, record: Mapping) -> list[Fault]:
    """Return a fault for each field that does not exist or holds a value of the wrong type."""
    found = (_field_fault(portfolio, model, name, value) for name, value in record.items())
    return [fault for fault in found if fault]


def _field_fault(portfolio: Portfolio, model: Model, name: str, value: object) -> Fault | None:
    if name == portfolio.id_column:
        return None
    if name.startswith(COVERED) and name.removeprefix(COVERED) in portfolio.families:
        wrong = value is not None and not isinstance(value, bool)
        return Fault(name, "wrong_type", value, "true or false") if wrong else None
    column = portfolio.columns.get(name)
    if column is None or column.source == "made" or column.role == "target":
        return Fault(name, "unknown_field", value, "a field listed in the documentation")
    if value is None:
        return None
    if column.role == "note":  # known of the file, read by no model: a value of its kind will do
        is_text = column.kind == "category"
        return _kind_fault(name, value) if is_text else _number_fault(column, value)
    known = model.card["given_texts"].get(name)
    if known is not None or column.kind == "category":
        return _text_fault(name, value, known or [])
    return _number_fault(column, value)


def _text_fault(name: str, value: object, known: list[str]) -> Fault | None:
    fault = _kind_fault(name, value)
    return fault if fault or value in known else Fault(name, "unknown_category", value, known)


def _kind_fault(name: str, value: object) -> Fault | None:
    return None if isinstance(value, str) else Fault(name, "wrong_type", value, "text")


def _number_fault(column: Column, value: object) -> Fault | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return Fault(column.name, "wrong_type", value, "a number")
    return None


def impossible(portfolio: Portfolio, repaired: Mapping[str, Value], given: Mapping) -> list[Fault]:
    """Return a fault for each given value outside the bounds of ``columns.csv``.

    ``repaired`` holds the same record after the portfolio's repairs, so that the source's own
    codes for "not provided" are not taken for absurd values.
    """
    faults = []
    for name in given:
        column, value = portfolio.columns.get(name), repaired.get(name)
        if (
            column is None
            or isinstance(value, str | bool)
            or value is None
            or column.role in ("id", "target", "note")
        ):
            continue
        low = -math.inf if column.low is None else column.low
        high = math.inf if column.high is None else column.high
        if not low <= value <= high:
            faults.append(Fault(name, "impossible", value, [column.low, column.high]))
    return faults


def warnings(
    portfolio: Portfolio,
    model: Model,
    record: Mapping[str, Value],
    repaired: Mapping[str, Value],
    families: tuple[str, ...],
) -> tuple[Warning, ...]:
    """Return what an advisor should check before deciding, the weightiest first."""
    found: list[Warning] = []
    absurd = {fault.field: fault for fault in impossible(portfolio, repaired, record)}
    for rank, name in enumerate(model.card["important"]):
        column = portfolio.columns[name]
        if column.source == "made" or column.family not in families:
            continue
        value = repaired[name]
        if name in absurd:
            found.append(Warning(name, "impossible", value, _bounds(absurd[name].expected)))
        elif value is None:
            found += _missing(portfolio, column, record, rank)
        elif isinstance(value, str):
            if value not in model.card["categories"].get(name, ()):
                found.append(Warning(name, "unseen", value))
        elif (
            not (ordinary := model.card["ranges"].get(name, [-math.inf, math.inf]))[0] <= value <= ordinary[1]
        ):
            found.append(Warning(name, "out_of_range", value, _bounds(ordinary)))
    trained = [stage.family for stage in model.stages if stage.family in portfolio.families]
    found += [Warning(family, "not_collected", None) for family in trained if family not in families]
    return tuple(found)


def _missing(portfolio: Portfolio, column: Column, record: Mapping[str, Value], rank: int) -> list[Warning]:
    # A code that was repaired means "not applicable" in the source (no employer, say): no warning.
    wanted = record.get(column.name) is None and column.source == BASE_FAMILY and rank < HEAVY
    return [Warning(column.name, "missing", None)] if wanted and _applies(portfolio, column, record) else []


def _applies(portfolio: Portfolio, column: Column, record: Mapping[str, Value]) -> bool:
    """Say whether this file can have a value at all (no car, no age of the car)."""
    conditions = portfolio.settings.get("applies", {}).get(column.name, {})
    return all(record.get(name) in allowed for name, allowed in conditions.items())


def _bounds(edges: object) -> dict[str, float]:
    low, high = edges
    return {name: edge for name, edge in (("low", low), ("high", high)) if edge is not None}
