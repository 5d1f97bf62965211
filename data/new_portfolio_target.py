"""Who is who in a flat file and what became of them: its id and its outcome, or what stands in the way."""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from data.flat_values import number, numeral
from data.load_files import LoadError
from data.load_sources import Source
from data.new_portfolio_kinds import TRUTHS, Choice
from data.new_portfolio_read import MOST_VALUES, TABLE, Seen
from data.schema import literal

SHOWN = 10
# A leak among fewer lines may be chance; what foresees an outcome honestly never reaches such an F1.
FEW_LINES, TELLING = 50, 0.95


@dataclass(frozen=True)
class Outcome:
    """The two outcomes of a file.

    ``positive`` is the value to foresee as the bank holds it in the type ``sql``, ``allowed`` all
    the values that the bank may hold, ``missing`` the file's words for an outcome not known.
    """

    seen: Seen
    name: str
    sql: str
    positive: str | int
    allowed: tuple[str | int, ...]
    missing: tuple[str, ...]
    positives: int
    negatives: int
    condition: str

    @property
    def unlabelled(self) -> int:
        return self.seen.rows - self.positives - self.negatives


def outcome(file: str, seen: Seen, name: str, positive: str, negative: Sequence[str]) -> Outcome:
    """Tell the two outcomes that a column holds.

    Raises
    ------
    LoadError
        When there are not two, naming those that there are and what to say.
    """
    where = f"{file}: column {seen.name}"
    if not seen.given:
        raise LoadError(f"{where} is empty; an outcome is needed on some lines to learn from")
    if seen.distinct == 1:
        (only,) = seen.values
        raise LoadError(f"{where} always holds {only!r}; a second outcome is needed to learn from")
    listed = _listed(seen, list(seen.values)[:SHOWN])
    if seen.distinct > MOST_VALUES:
        raise LoadError(
            f"{where} has {seen.distinct:,} values ({listed}...); an outcome has two: name its column"
        )
    known = _same(seen.values, positive)
    if not known:
        raise LoadError(f"{where} never holds {positive!r}; it holds {listed}: say which with --positive")
    if len(known) > 1 and not _is_number(positive):
        raise LoadError(f"{where} holds {', '.join(known)}: give one of them exactly with --positive")
    others = [value for value in seen.values if value not in known]
    alike = [value for value in others if _plain(value) == _plain(positive)]
    if alike and alike != others:
        raise LoadError(
            f"{where} spells {positive!r} in other ways too ({_listed(seen, alike)}); write it "
            "alike on every line"
        )
    if not others:
        raise LoadError(f"{where} always holds {positive!r}; a second outcome is needed to learn from")
    bad = [value for one in negative for value in _same(seen.values, one)]
    if lost := [one for one in negative if not _same(seen.values, one)]:
        raise LoadError(f"{where} never holds {lost[0]!r}; it holds {listed}: say which with --negative")
    if set(bad) & set(known):
        raise LoadError(f"{where}: {positive!r} is given as both outcomes; give another --negative")
    if not negative and len({_plain(value) for value in others}) > 1:
        raise LoadError(
            f"{where} has {seen.distinct} values: {listed}; say which is the other outcome with --negative "
            "(several may be given): lines with any further value then have none"
        )
    return _outcome(seen, name, known, bad or others)


def _listed(seen: Seen, some: Sequence[str]) -> str:
    return ", ".join(f"{value} ({seen.values[value]:,})" for value in some)


def _outcome(seen: Seen, name: str, known: Sequence[str], others: Sequence[str]) -> Outcome:
    missing = [value for value in seen.values if value not in {*known, *others}]
    truths = {value.lower() for value in seen.values} <= TRUTHS
    if truths:
        codes = {value: int(value.lower() in ("true", "vrai")) for value in (*known, *others)}
    elif seen.numbers == seen.given == seen.whole and not seen.coded and not seen.percents:
        codes = {value: int(float(value)) for value in (*known, *others)} if _all_plain(seen.values) else {}
    else:
        codes = {}
    return Outcome(
        seen=seen,
        name=name,
        sql="BIGINT" if codes else "VARCHAR",
        positive=codes.get(known[0], known[0]),
        allowed=tuple(dict.fromkeys(codes.get(value, value) for value in (*known, *others))),
        missing=tuple(missing),
        positives=sum(seen.values[value] for value in known),
        negatives=sum(seen.values[value] for value in others),
        condition=f"CASE WHEN {_among(seen, known)} THEN 1 WHEN {_among(seen, others)} THEN 0 END",
    )


def check_id(connection: duckdb.DuckDBPyConnection, source: Source, seen: Seen) -> None:
    """Refuse an id that is missing on a line, or there twice."""
    where, (place, above) = (
        f"{source.name}: column {seen.name}",
        ("line", 1) if source.delimiter else ("row", 0),
    )
    if seen.given < seen.rows:
        ((line,),) = connection.execute(
            f"SELECT min(line) + {above} FROM {TABLE} WHERE {seen.place} IS NULL"
        ).fetchall()
        raise LoadError(
            f"{where} is empty on {seen.rows - seen.given:,} {place}s, first on {place} {line}; an id is "
            "needed on each, or leave --id out: each line is then numbered"
        )
    if seen.distinct < seen.rows:
        twice = [value for value, count in seen.values.items() if count > 1][:3]
        raise LoadError(
            f"{where} names the same client on several lines ({seen.rows - seen.distinct:,} repeated, "
            f"for example {', '.join(twice)}); keep one line of each, or leave --id out: each line is one"
        )


def leaks(
    connection: duckdb.DuckDBPyConnection, found: Outcome, choices: Sequence[Choice]
) -> dict[str, float]:
    """Return the inputs that tell the outcome, as a copy of it does, with the share of lines told right.

    An input does when some of its values, numbers on one side of a mark, or its being given at all
    call the rarer outcome so well that recall and precision together (F1) reach ``TELLING``.
    """
    if found.positives + found.negatives < FEW_LINES:
        return {}
    told = {choice.name: _told_right(connection, found, choice) for choice in choices}
    return {name: share for name, share in told.items() if share}


def _told_right(connection: duckdb.DuckDBPyConnection, found: Outcome, choice: Choice) -> float:
    """Return the share of lines on which a column alone tells the outcome, 0 when it tells too little."""
    seen, cases = choice.seen, min(found.positives, found.negatives)
    has_few = seen.distinct * 10 <= seen.rows
    hits, lines = _groups(connection, found, "v" if has_few else "v IS NULL", seen.place)
    is_called = 2 * hits > lines
    calls = [(hits[is_called].sum(keepdims=True), lines[is_called].sum(keepdims=True))]
    if choice.sql == "DOUBLE" and not choice.since:
        read = number(numeral(f"CAST({seen.place} AS VARCHAR)"), seen.mark, lenient=True)
        hits, lines = (np.cumsum(each) for each in _groups(connection, found, "v", read))
        calls += [(hits, lines), (hits[-1:] - hits, lines[-1:] - lines)]
    best = 0.0
    for hits, called in calls:
        telling = 2 * hits / (cases + called) >= TELLING
        right = found.positives + found.negatives - cases - called + 2 * hits
        best = max(best, right[telling].max(initial=0.0))
    return best / (found.positives + found.negatives)


def _groups(
    connection: duckdb.DuckDBPyConnection, found: Outcome, by: str, value: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return, in order of what groups the lines, how many have the rarer outcome and how many there are."""
    rarer = 1 if found.positives <= found.negatives else 0
    rows = connection.execute(
        f"SELECT count(*) FILTER (o = {rarer}) AS hits, count(*) AS lines "
        f"FROM (SELECT {value} AS v, {found.condition} AS o FROM {TABLE}) "
        f"WHERE o IS NOT NULL GROUP BY {by} ORDER BY {by} NULLS FIRST"
    ).fetchnumpy()
    return rows["hits"].astype(float), rows["lines"].astype(float)


def _same(values: Mapping[str, int], asked: str) -> list[str]:
    """Return the texts of a file that mean the value asked for: as written, else as number or in any case."""
    if asked in values and not _is_number(asked):
        return [asked]
    wanted = _plain(asked)
    return [value for value in values if _plain(value) == wanted]


def _plain(value: str) -> str:
    return repr(float(value)) if _is_number(value) else value.strip().casefold()


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _all_plain(values: Mapping[str, int]) -> bool:
    return all(map(_is_number, values))


def _among(seen: Seen, values: Sequence[str]) -> str:
    return f"CAST({seen.place} AS VARCHAR) IN ({', '.join(map(literal, values))})"
