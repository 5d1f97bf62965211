"""The door: one file in, everything said about it out. Pages, API and letters all come here."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from data import features, portfolios
from data.bank import open_bank
from data.features import COVERED
from data.portfolios import Portfolio
from model import checks, reasons
from model.artifact import Model, champion
from model.explain import contributions
from model.population import prepare, score
from model.results import Assessment, Contribution, Decision, Glance, InvalidRecord, Value
from model.scale import expit
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
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    record = open_bank(portfolio_id).record(client_id)
    if changes:
        _check(portfolio, model, changes)
        record = record | dict(changes)
    return _assess(portfolio, model, record, client_id)


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
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    _check(portfolio, model, record)
    return _assess(portfolio, model, _with_cover(portfolio, record), client_id)


def glance(portfolio_id: str, client_ids: Sequence[str]) -> list[Glance]:
    """Return points and decision of a few clients of the bank, in the order asked."""
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    frame = open_bank(portfolio_id).records(client_ids)
    if frame.is_empty():
        return []
    population = prepare(portfolio, frame)
    _, points = score(model, population)
    rows = frame.to_dicts()
    return [
        Glance(client_id, float(value), decide(model, float(value)), row)
        for client_id, value, row in zip(population.ids, points, rows, strict=True)
    ]


def decide(model: Model, points: float) -> Decision:
    """Return the decision proposed at these points: review inside the grey zone."""
    grey = model.card["grey_zone"]
    if points >= model.pass_mark + grey:
        return "accept"
    return "review" if points >= model.pass_mark - grey else "refuse"


def _check(portfolio: Portfolio, model: Model, record: Mapping) -> None:
    """Refuse a record with every fault at once: whoever sent it mends it in one go."""
    faults = checks.field_faults(portfolio, model, record)
    unsound = {fault.field for fault in faults}
    sound = {name: value for name, value in record.items() if name not in unsound}
    repaired = features.applicant(portfolio, _frame(model, sound)).row(0, named=True)
    faults += checks.impossible(portfolio, repaired, sound)
    if faults:
        raise InvalidRecord(tuple(faults))


def _with_cover(portfolio: Portfolio, record: Mapping) -> dict:
    implied = {
        COVERED + family: any(record.get(name) is not None for name in portfolio.by_source(family))
        for family in portfolio.families
    }
    return implied | {name: value for name, value in record.items() if value is not None}


def _frame(model: Model, record: Mapping) -> pl.DataFrame:
    """Return a one-row frame; an empty field gets the type its column has in the bank.

    Numbers go in as one array: building two hundred columns one by one takes milliseconds.
    """
    texts = model.card["given_texts"]
    words = {name: v for name, v in record.items() if name in texts or isinstance(v, str)}
    flags = {name: v for name, v in record.items() if name.startswith(COVERED)}
    rest = {name: v for name, v in record.items() if name not in words and name not in flags}
    numbers = {name: float(v) for name, v in rest.items() if v is not None}
    return pl.DataFrame(np.array([list(numbers.values())]), schema=list(numbers)).with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(name) for name, v in rest.items() if v is None),
        *(pl.lit(v, dtype=pl.String).alias(name) for name, v in words.items()),
        *(pl.lit(v, dtype=pl.Boolean).alias(name) for name, v in flags.items()),
    )


def _assess(portfolio: Portfolio, model: Model, record: dict, client_id: str | None) -> Assessment:
    frame = features.applicant(portfolio, _frame(model, record))
    row = model.encoding.encode(frame)
    values = frame.row(0, named=True)
    families = (BASE_FAMILY, *features.covered(portfolio, record))
    stages = [stage for stage in model.stages if stage.family in families]
    parts, totals = contributions(stages, model.calibration, model.scale, row)
    points, base = float(totals[0]), float(parts[0, -1])
    moved = tuple(
        Contribution(name, portfolio.columns[name].theme, values[name], float(part))
        for name, part in zip(model.encoding.inputs, parts[0, :-1], strict=True)
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
        base_points=base,
        contributions=moved,
        reasons=reasons.choose(
            portfolio,
            moved,
            values,
            model.card["reference"],
            model.card["ranges"],
            frozenset(name for stage in stages for name in stage.inputs),
        ),
        warnings=checks.warnings(portfolio, model, record, values, families),
        record=record,
        features={name: values[name] for name in model.encoding.inputs},
        families=families[1:],
    )
