"""What is asked of a portfolio to be made, and what its file makes of it: the plan, and what to tell."""

import difflib
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data import new_portfolio_names as names
from data import new_portfolio_read as reading
from data.encryption import BANK, attach_new
from data.flat_values import POINT
from data.load_files import LoadError
from data.load_sources import Source
from data.new_portfolio_kinds import IDENTIFIER, Choice, by_year, choose, settle_days
from data.new_portfolio_read import Seen
from data.new_portfolio_target import Outcome, check_id, leaks, outcome
from data.new_portfolio_write import Plan

# A portfolio is read by people; planning a query also takes DuckDB longer than in proportion.
MOST_COLUMNS = 500
MANY_INPUTS = 200
# Fewer cases of either outcome teach little that lasts.
FEW_CASES = 100
# Costs that nobody gave balance both outcomes, up to that many to one.
MOST_RATIO = 100
MEMORY = "2GB"
ROW = "ROW"


@dataclass(frozen=True)
class Asked:
    """What whoever makes a portfolio asks for; see ``python -m data new-portfolio --help``."""

    name: str
    file: Path
    target: str
    positive: str
    negative: tuple[str, ...] = ()
    id_column: str = ""
    drop: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    is_good: bool = False
    false_negative: float | None = None
    false_positive: float = 1.0
    name_fr: str = ""
    name_en: str = ""
    currency: str = ""
    decimal: str = POINT
    replace: bool = False


def planned(asked: Asked, work: Path, key: str) -> Plan:
    """Read the file and infer all that is to be written.

    Raises
    ------
    LoadError
        When the file cannot become a portfolio, with the remedy.
    """
    source = reading.open_source(asked.file, work)
    if len(source.header) > MOST_COLUMNS:
        raise LoadError(
            f"{source.name}: {len(source.header):,} columns, {MOST_COLUMNS:,} at most can be read by people; "
            "make a file of those that matter"
        )
    with attach_new(work / "read.duckdb", key, memory_limit=MEMORY, temp_directory=str(work)) as connection:
        connection.execute(f"USE {BANK}")
        rows = reading.read(connection, source)
        reading.check_header(connection, source)
        called = _Called.by(asked, source)
        seen = reading.look(connection, source, asked.decimal, rows)
        safe = names.safe_names(source.header)
        found = outcome(source.name, seen[called.target], safe[called.target], asked.positive, asked.negative)
        if called.id_column:
            check_id(connection, source, seen[called.id_column])
        found_in = [_chosen(seen[name], safe, called) for name in source.header if name not in called.apart]
        choices = _named_apart(settle_days(found_in), _borne(source))
        kept = tuple(one for one in choices if not one.dropped)
        dropped = tuple(one for one in choices if one.dropped)
        inputs = [one for one in kept if one.role == "input"]
        _check_inputs(source, inputs, dropped)
        leaking = leaks(connection, found, inputs)
    return _plan(asked, source, found, _id(seen, safe, called), kept, dropped, leaking)


def _borne(source: Source) -> set[str]:
    """Return the names that a column made here may not bear, since the file's own would be read for it."""
    return {name.casefold() for pair in names.safe_names(source.header).items() for name in pair}


def _named_apart(choices: Sequence[Choice], borne: Collection[str]) -> list[Choice]:
    used, apart = set(borne), []
    for one in choices:
        name = names.free(one.name, used) if one.since else one.name
        used.add(name.casefold())
        apart.append(replace(one, name=name))
    return apart


@dataclass(frozen=True)
class _Called:
    """The columns that were named, in the file's spelling."""

    target: str
    id_column: str
    drop: frozenset[str]
    protected: frozenset[str]
    use: frozenset[str]

    @classmethod
    def by(cls, asked: Asked, source: Source) -> "_Called":
        def find(name: str, option: str) -> str:
            return _column(source, name, option)

        lists = {
            option: frozenset(find(name, f"--{option}") for name in getattr(asked, option))
            for option in ("drop", "protected", "use")
        }
        called = cls(find(asked.target, "--target"), find(asked.id_column, "--id"), **lists)
        for option, there in (("--id", {called.id_column}), *((f"--{key}", lists[key]) for key in lists)):
            if called.target in there:
                raise LoadError(f"{source.name}: {called.target} is both --target and {option}; name it once")
        for one, other in (("drop", "protected"), ("drop", "use"), ("protected", "use")):
            if twice := lists[one] & lists[other]:
                raise LoadError(f"{source.name}: {min(twice)} is both --{one} and --{other}; name it once")
        return called

    @property
    def apart(self) -> set[str]:
        return {self.target, self.id_column}


def _column(source: Source, name: str, option: str) -> str:
    """Return the file's spelling of a column, which may be named as the house will."""
    if not name or name in source.header:
        return name
    spelt = {safe: there for there, safe in names.safe_names(source.header).items()}
    spelt |= {there.casefold(): there for there in source.header}
    if found := spelt.get(name) or spelt.get(name.casefold()):
        return found
    near = difflib.get_close_matches(name, source.header, n=3) or list(source.header)[:8]
    raise LoadError(f"{source.name}: no column {name!r} for {option}; there are {', '.join(near)}...")


def _chosen(seen: Seen, safe: Mapping[str, str], called: _Called) -> Choice:
    name = seen.name
    choice = choose(seen, safe[name], wanted=name in called.use | called.protected)
    if name in called.drop:
        return replace(choice, dropped="as asked with --drop")
    if name in called.use or not (name in called.protected or names.is_protected(name)):
        return choice
    return replace(by_year(choice) if choice.since else choice, role="protected")


def _id(seen: Mapping[str, Seen], safe: Mapping[str, str], called: _Called) -> Choice | None:
    if not called.id_column:
        return None
    who = seen[called.id_column]
    is_whole = (
        who.numbers == who.whole == who.given and not who.coded and abs(who.high) < 1e15 and not who.mark
    )
    sql = "BIGINT" if is_whole else "VARCHAR"
    return Choice(who, safe[who.name], sql=sql, role="id")


def _check_inputs(source: Source, inputs: Sequence[Choice], dropped: Sequence[Choice]) -> None:
    if not inputs:
        why = (
            "; ".join(f"{one.seen.name}: {one.dropped}" for one in dropped[:5]) or "all of them are protected"
        )
        raise LoadError(f"{source.name}: no column is left to learn from ({why}); add some, or --use COL")


def _plan(
    asked: Asked,
    source: Source,
    found: Outcome,
    who: Choice | None,
    kept: tuple[Choice, ...],
    dropped: tuple[Choice, ...],
    leaking: Mapping[str, float],
) -> Plan:
    symbols = [one.seen.currency for one in kept if one.seen.currency]
    title = names.label(asked.name)
    return Plan(
        name=asked.name,
        file=source.name,
        titles={"fr": asked.name_fr or asked.name_en or title, "en": asked.name_en or asked.name_fr or title},
        outcome=found,
        id_choice=who,
        row=names.free(ROW, _borne(source)),
        choices=kept,
        dropped=dropped,
        leaking=leaking,
        is_good=asked.is_good,
        false_negative=asked.false_negative or asked.false_positive * _ratio(found),
        false_positive=asked.false_positive,
        currency=asked.currency or (max(set(symbols), key=symbols.count) if symbols else ""),
        decimal=asked.decimal,
    )


def _ratio(found: Outcome) -> float:
    """Return how many other outcomes there are to each positive one: the mark is then the average."""
    return float(min(max(round(found.negatives / found.positives), 1), MOST_RATIO))


def _why(found: Outcome) -> str:
    """Say where the costs that nobody gave come from."""
    to_one = found.negatives / found.positives
    if 1 <= round(to_one) <= MOST_RATIO:
        return "as there are cases"
    return f"though there are {to_one:,.0f} others to each" if to_one > 1 else "though most lines are cases"


def told(asked: Asked, plan: Plan) -> Iterator[str]:
    """Yield what was inferred, then warnings that say what to do."""
    found, inputs = plan.outcome, plan.inputs
    share = found.positives / (found.positives + found.negatives)
    yield f"{plan.file}: {found.seen.rows:,} lines, {found.seen.name} = {asked.positive} on {share:.1%}"
    if plan.id_choice is None:
        yield "no --id: each line is a client of its own, told by its number in the file"
    for kind in dict.fromkeys(one.kind for one in inputs):
        yield f"{kind}: {', '.join(one.seen.name for one in inputs if one.kind == kind)}"
    for one in plan.protected:
        yield f"{one.seen.name}: kept to watch fairness, not used; --use {_shell(one.seen.name)} to use it"
    for one in plan.dropped:
        remedy = f"; --id {_shell(one.seen.name)} names clients by it" if _may_be_id(plan, one) else ""
        yield f"{one.seen.name}: left out ({one.dropped}){remedy}"
    for one in plan.choices:
        if one.since:
            how = "of which the year is kept" if one.is_year else f"counted in days since {one.since}"
            yield f"{one.seen.name}: dates, {how}"
    if asked.false_negative is None:
        yield (
            f"costs: a case missed counts {plan.false_negative:g} times a false alarm, {_why(found)}; "
            "--false-negative and --false-positive say otherwise"
        )
    yield from (f"warning: {line}" for line in _warnings(plan))


def _warnings(plan: Plan) -> Iterator[str]:
    found = plan.outcome
    for one in plan.choices:
        yield from (f"{one.seen.name}: {line}" for line in one.told)
        if one.name in plan.leaking:
            share = plan.leaking[one.name]
            how = "without fail" if share == 1 else f"on {math.floor(1_000 * share) / 10:.1f}% of lines"
            told = f"{one.seen.name} tells the outcome {how} by itself"
            yield f"{told}: known afterwards only? --drop {_shell(one.seen.name)}"
    if found.unlabelled:
        yield f"{found.unlabelled:,} lines have no known outcome: they are scored, never learnt from"
    if (cases := min(found.positives, found.negatives)) < FEW_CASES:
        yield f"{cases:,} of the rarer outcome: too few to learn what lasts; add lines first"
    if len(plan.inputs) > MANY_INPUTS:
        yield f"{len(plan.inputs):,} inputs: forms are made for {MANY_INPUTS}; --drop what matters little"


def _may_be_id(plan: Plan, one: Choice) -> bool:
    return plan.id_choice is None and one.dropped == IDENTIFIER and one.seen.given == one.seen.rows


def _shell(name: str) -> str:
    return name if name.isidentifier() else f"'{name}'"
