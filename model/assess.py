"""The door: one file in, everything said about it out. Pages, API and letters all come here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from data import features, portfolios
from data.bank import open_bank
from data.features import COVERED
from data.portfolios import Portfolio
from model import checks, policy, reasons, segments
from model.artifact import Model
from model.explain import contributions
from model.population import prepare, score
from model.results import (
    STRICTER,
    Assessment,
    Contribution,
    Decision,
    Fault,
    Glance,
    InvalidRecord,
    InvalidRecords,
    Value,
)
from model.scale import expit
from model.service import speaking
from model.stages import BASE_FAMILY


def assess(portfolio_id: str, client_id: str, changes: Mapping[str, Value] | None = None) -> Assessment:
    """Assess a client of the bank, with ``changes`` to the record when asked "what if".

    Raises
    ------
    UnknownPortfolio, BankMissing, UnknownClient, ModelMissing
        When one of them is not there.
    InvalidRecord
        When ``changes`` names a field that does not exist or a value that cannot be.
    """
    portfolio, model = portfolios.load(portfolio_id), speaking(portfolio_id)
    record = open_bank(portfolio_id).record(client_id)
    if changes:
        _check(portfolio, model, changes)
        record = record | dict(changes)
    return _assess(portfolio, model, [record], [client_id])[0]


def assess_record(portfolio_id: str, record: Mapping[str, Value], client_id: str | None = None) -> Assessment:
    """Assess a record that was sent: given columns and, if known, stored history columns.

    A history family counts as collected when ``covered_<family>`` says so or, without it,
    when one of its columns is given.

    Raises
    ------
    UnknownPortfolio, ModelMissing
    InvalidRecord
        With every fault: unknown field, wrong type, unknown category, impossible value.
    """
    portfolio, model = portfolios.load(portfolio_id), speaking(portfolio_id)
    _check(portfolio, model, record)
    return _assess(portfolio, model, [_with_cover(portfolio, record)], [client_id])[0]


def assess_records(
    portfolio_id: str, records: Sequence[Mapping[str, Value]], client_ids: Sequence[str | None]
) -> list[Assessment]:
    """Assess many records at once, many times quicker than one by one (see :func:`assess_record`).

    Raises
    ------
    InvalidRecords
        When any record is unsound: none is assessed, and ``by_index`` holds every fault of each.
    """
    return assess_with(speaking(portfolio_id), records, client_ids)


def assess_with(
    model: Model, records: Sequence[Mapping[str, Value]], client_ids: Sequence[str | None]
) -> list[Assessment]:
    """Assess records by a model that need not be in service (see :func:`assess_records`)."""
    portfolio = portfolios.load(model.card["portfolio"])
    unsound: dict[int, tuple[Fault, ...]] = {}
    for index, record in enumerate(records):
        try:
            _check(portfolio, model, record)
        except InvalidRecord as refused:
            unsound[index] = refused.faults
    if unsound:
        raise InvalidRecords(unsound)
    return _assess(portfolio, model, [_with_cover(portfolio, record) for record in records], client_ids)


def assess_frame(portfolio_id: str, frame: pl.DataFrame) -> list[Assessment]:
    """Assess the clients of a bank's frame (see ``data.bank.Bank.frame``), unchecked, in its order."""
    portfolio, model = portfolios.load(portfolio_id), speaking(portfolio_id)
    ids = frame[portfolio.id_column].cast(pl.String).to_list()
    known = frame.drop(portfolio.target, strict=False)
    return _assess(portfolio, model, known.to_dicts(), ids, known)


def glance(portfolio_id: str, client_ids: Sequence[str]) -> list[Glance]:
    """Return points and decision of a few clients of the bank, in the order asked."""
    portfolio, model = portfolios.load(portfolio_id), speaking(portfolio_id)
    frame = open_bank(portfolio_id).records(client_ids)
    if frame.is_empty():
        return []
    population = prepare(portfolio, frame)
    _, points = score(model, population)
    rows, inputs = frame.to_dicts(), population.frame.to_dicts()
    return [
        Glance(client_id, float(value), _proposed(portfolio, model, float(value), row | read), row)
        for client_id, value, row, read in zip(population.ids, points, rows, inputs, strict=True)
    ]


def decide(model: Model, points: float) -> Decision:
    """Return the decision proposed at these points: review inside the grey zone.

    Decided on whole points, the ones that are shown: a file said to be at 590 is inside a zone
    said to begin at 590.
    """
    above = round(points) - round(model.pass_mark)
    if above >= model.card["grey_zone"]:
        return "accept"
    return "review" if above >= -model.card["grey_zone"] else "refuse"


def _proposed(portfolio: Portfolio, model: Model, points: float, values: Mapping[str, Value]) -> Decision:
    rules = policy.fired(portfolio, values)
    return max((decide(model, points), *(rule.decision for rule in rules)), key=STRICTER.index)


def _check(portfolio: Portfolio, model: Model, record: Mapping) -> None:
    """Refuse a record with every fault at once: whoever sent it mends it in one go."""
    faults = checks.field_faults(portfolio, model, record)
    unsound = {fault.field for fault in faults}
    sound = {name: value for name, value in record.items() if name not in unsound}
    repaired = features.applicant(portfolio, _frame(model, [sound])).row(0, named=True)
    faults += checks.impossible(portfolio, repaired, sound)
    if faults:
        raise InvalidRecord(tuple(faults))


def _with_cover(portfolio: Portfolio, record: Mapping) -> dict:
    implied = {
        COVERED + family: any(record.get(name) is not None for name in portfolio.by_source(family))
        for family in portfolio.families
    }
    return implied | {name: value for name, value in record.items() if value is not None}


def _frame(model: Model, records: Sequence[Mapping]) -> pl.DataFrame:
    """Return records as a frame; an empty field gets the type its column has in the bank.

    Numbers go in as one array: building two hundred columns one by one takes milliseconds.
    """
    texts = model.card["given_texts"]
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: [record.get(name) for record in records] for name in names}
    words = {name for name in names if name in texts or any(isinstance(v, str) for v in columns[name])}
    flags = {name for name in names if name.startswith(COVERED)}
    empty = {name for name in names if all(v is None for v in columns[name])} - words - flags
    numbers = [name for name in names if name not in words | flags | empty]
    rows = [[np.nan if v is None else float(v) for v in columns[name]] for name in numbers]
    # Said, not guessed: with as many records as numbers, Polars would take one for the other.
    frame = pl.DataFrame(
        np.array(rows, dtype=np.float64).reshape(len(numbers), len(records)).T, schema=numbers, orient="row"
    )
    if len(records) > 1:  # alone, a number that is there is not missing
        frame = frame.with_columns(pl.all().fill_nan(None))
    return frame.with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(name) for name in empty),
        *(pl.Series(name, columns[name], dtype=pl.String) for name in words),
        *(pl.Series(name, columns[name], dtype=pl.Boolean) for name in flags),
    )


def _assess(
    portfolio: Portfolio,
    model: Model,
    records: Sequence[Mapping],
    client_ids: Sequence[str | None],
    frame: pl.DataFrame | None = None,
) -> list[Assessment]:
    """Assess records; ``frame`` holds them already as a frame where the caller has one."""
    complete = features.applicant(portfolio, _frame(model, records) if frame is None else frame)
    matrix = model.encoding.encode(complete)
    covered = [(BASE_FAMILY, *features.covered(portfolio, record)) for record in records]
    routed = [segments.route(portfolio, record) if segments.serve(model) else None for record in records]
    found: list[Assessment | None] = [None] * len(records)
    for way in dict.fromkeys(zip(covered, routed, strict=True)):
        rows = [row for row, those in enumerate(zip(covered, routed, strict=True)) if those == way]
        families, segment = way
        stages = [stage for stage in model.stages if stage.family in (*families, segment)]
        parts, points = contributions(stages, model.calibration, model.scale, matrix[rows])
        present = frozenset(name for stage in stages for name in stage.inputs)
        for place, row in enumerate(rows):
            found[row] = _account(
                portfolio,
                model,
                client_ids[row],
                records[row],
                complete.row(row, named=True),
                parts[place],
                float(points[place]),
                families,
                present,
            )
    return _with_offers(model, found, matrix)


def _with_offers(model: Model, found: list[Assessment], matrix: np.ndarray) -> list[Assessment]:
    """Say which offers are likely where acceptance is proposed; of the others nothing is said."""
    rows = [row for row, one in enumerate(found) if one.proposal == "accept"]
    if model.offers is None or not rows:
        return found
    for row, shares in zip(rows, model.offers.shares(matrix[rows]), strict=True):
        found[row] = replace(found[row], offers=model.offers.likeliest(shares))
    return found


def _account(
    portfolio: Portfolio,
    model: Model,
    client_id: str | None,
    record: Mapping,
    values: Mapping[str, Value],
    parts: np.ndarray,
    points: float,
    families: tuple[str, ...],
    present: frozenset[str],
) -> Assessment:
    """Put together all that is said of one file."""
    moved = tuple(
        Contribution(name, portfolio.columns[name].theme, values[name], float(part))
        for name, part in zip(model.encoding.inputs, parts[:-1], strict=True)
    )
    grey = model.card["grey_zone"]
    return Assessment(
        client_id=client_id,
        portfolio=portfolio.id,
        model_version=model.version,
        probability=expit(model.scale.log_odds(points)),
        points=points,
        threshold=model.threshold,
        pass_mark=model.pass_mark,
        grey_low=model.pass_mark - grey,
        grey_high=model.pass_mark + grey,
        decision=decide(model, points),
        base_points=float(parts[-1]),
        contributions=moved,
        reasons=reasons.choose(
            portfolio, moved, values, model.card["reference"], model.card["ranges"], present
        ),
        warnings=checks.warnings(portfolio, model, record, values, families),
        record=record,
        features={name: values[name] for name in model.encoding.inputs},
        families=families[1:],
        policy=policy.fired(portfolio, values),
    )
