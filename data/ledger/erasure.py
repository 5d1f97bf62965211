"""What is kept about one client: given out whole, erased on request, erased when its time is over.

Erased is the content, and with it the client's number; the row of the chain stays, says when and
by which entry it was erased, and leads to nobody.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select

from data.ledger import chain, events, store
from data.ledger.chain import written_moment
from data.ledger.drafts import OWN, Author, Draft, row
from data.ledger.entries import Entry, read_entry, selection
from data.ledger.tables import entries, entry_contents, entry_keys, erasures
from data.ledger.tables import events as noted

REQUEST, RETENTION = "request", "retention"
AT_A_TIME = 1_000
ANY = "*"  # stands for the portfolio of an erasure that concerns several


@dataclass(frozen=True, slots=True)
class Purged:
    """How many entries lost their content, and how many events were removed."""

    entries: int
    events: int


def export_client(portfolio: str, client_id: str) -> dict[str, Any]:
    """Return everything that the ledger holds about a client, as JSON can hold it.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """
    mine = (entries.c.portfolio == portfolio, entry_contents.c.client_id == client_id)
    with store.reading() as connection:
        found = [read_entry(one) for one in connection.execute(selection().where(*mine)).mappings()]
        file = noted.c.target == f"{portfolio}/{client_id}"
        looked = select(noted.c.at).where(noted.c.kind == events.VIEW, file)
        views = list(connection.execute(looked.order_by(noted.c.id)).scalars())
    return {
        "portfolio": portfolio,
        "client_id": client_id,
        "exported": written_moment(datetime.now(UTC)),
        "entries": [_told(entry) for entry in found],
        # When the file was looked at; by whom is the looker's own.
        "views": [written_moment(at) for at in views],
    }


def as_csv(exported: Mapping[str, Any]) -> str:
    """Return an export as CSV: one line per value, after the entry that holds it."""
    buffer = io.StringIO()
    lines = csv.writer(buffer, lineterminator="\r\n")
    lines.writerow(("entry", "kind", "at", "field", "value"))
    for entry in exported["entries"]:
        for field, value in _values(entry):
            lines.writerow((entry["id"], entry["kind"], entry["at"], field, _cell(value)))
    for at in exported["views"]:
        lines.writerow(("", events.VIEW, at, "", ""))
    return buffer.getvalue()


def erase_client(portfolio: str, client_id: str, author: Author) -> int:
    """Erase what every entry about a client says; return how many did.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When nothing was erased.
    """
    mine = (entries.c.portfolio == portfolio, entry_contents.c.client_id == client_id)
    asked = select(entry_contents.c.number).join(entries, entries.c.number == entry_contents.c.number)
    with store.writing() as connection:
        chain.lock(connection)
        numbers = list(connection.execute(asked.where(*mine).order_by(entries.c.number)).scalars())
        _erase(connection, portfolio, numbers, REQUEST, author)
    store.overwrite()
    return len(numbers)


def purge(months: int, event_months: int, author: Author) -> Purged:
    """Erase the decisions whose last act (letter, review ...) is more than ``months`` ago.

    A decision that was contested and not yet reviewed is kept. Events of more than
    ``event_months`` ago are removed.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When not all of it could be done; what was done is entered.
    """
    now, erased = datetime.now(UTC), 0
    while numbers := _purge_some(months_before(now, months), author):
        erased += numbers
    if erased:
        store.overwrite()
    return Purged(erased, events.purge(event_months))


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many months before, or the last one of a shorter month."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=years, month=month + 1)


def _purge_some(before: datetime, author: Author) -> int:
    """Erase the oldest decisions that are due, some at a time so that writers need not wait long."""
    with store.writing() as connection:
        chain.lock(connection)
        due = list(connection.execute(_due(before).limit(AT_A_TIME)).scalars())
        asked = select(entry_contents.c.number).join(entries, entries.c.number == entry_contents.c.number)
        asked = asked.where(or_(entries.c.id.in_(due), entries.c.about.in_(due))).order_by(entries.c.number)
        numbers = list(connection.execute(asked).scalars())
        _erase(connection, ANY, numbers, RETENTION, author)
        return len(numbers)


def _due(before: datetime) -> Select:
    """Choose the decisions on which nothing was done since a moment and nothing waits."""
    later = entries.alias("later")
    last = select(func.max(later.c.at)).where(later.c.about == entries.c.id).scalar_subquery()
    number = select(func.max(later.c.number)).where(later.c.about == entries.c.id)
    contest = number.where(later.c.kind == "contest").scalar_subquery()
    review = number.where(later.c.kind == "review").scalar_subquery()
    limit = written_moment(before)
    return (
        select(entries.c.id)
        .join(entry_contents, entry_contents.c.number == entries.c.number)
        .where(entries.c.about.is_(None), entries.c.kind.not_in(OWN), entries.c.at < limit)
        .where(func.coalesce(last, entries.c.at) < limit)
        .where(or_(contest.is_(None), and_(review.is_not(None), review > contest)))
        .order_by(entries.c.number)
    )


def _erase(
    connection: Connection, portfolio: str, numbers: Sequence[int], cause: str, author: Author
) -> None:
    """Enter the erasures, then remove what they name."""
    for start in range(0, len(numbers), AT_A_TIME):
        some = list(numbers[start : start + AT_A_TIME])
        draft = Draft("erasure", portfolio, "", {"cause": cause, "entries": some})
        (by,) = chain.append(connection, [row(draft, author)])
        connection.execute(insert(erasures), [{"number": number, "by": by} for number in some])
        connection.execute(delete(entry_contents).where(entry_contents.c.number.in_(some)))
        # A key says what was asked: it goes with the answer.
        within = erasures.c.number.between(entry_keys.c.first, entry_keys.c.first + entry_keys.c["count"] - 1)
        connection.execute(delete(entry_keys).where(exists().where(within).where(erasures.c.by == by)))


def _told(entry: Entry) -> dict[str, Any]:
    told = asdict(entry) | {"at": written_moment(entry.at), "roles": list(entry.roles)}
    return {name: value for name, value in told.items() if name != "erased"}


def _values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every value under its path, as ``content.reasons.0.text``."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _values(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple) and value:
        for place, inner in enumerate(value):
            yield from _values(inner, f"{path}.{place}")
    else:
        yield path, value


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None or value in ({}, [], ()) else value
