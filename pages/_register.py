"""The register as a page lists it: rows, figures of the month, and the files that wait."""

from collections.abc import Sequence
from datetime import datetime

from components.i18n import t
from components.register import Counts, Line
from components.shell import Place
from data import portfolios
from data.ledger import register
from data.ledger.register import Filters, Row
from web import offered
from web.clock import local, now

PAGE = 12
ALL, WAITING, LETTERS, CONTRARY = "all", "waiting", "letters", "contrary"
VIEWS = (ALL, WAITING, LETTERS, CONTRARY)
KINDS = ("decision",)
_PROPOSES = ("accept", "refuse")


def listed(portfolio_id: str, view: str, after: int | None) -> tuple[list[Row], int]:
    """Return the rows of a view, newest first (those that wait: oldest first), and how many in all."""
    if view == WAITING:
        found = waiting(portfolio_id)
        return found, len(found)
    if view == LETTERS:
        return register.page(_unsent(portfolio_id), after, PAGE)
    return register.page(Filters(portfolio_id, changed=view == CONTRARY or None), after, PAGE)


def letters_to_make(portfolio_id: str) -> int:
    """Return how many decisions are settled and have no letter yet."""
    return register.page(_unsent(portfolio_id), limit=1)[1]


def _unsent(portfolio_id: str) -> Filters:
    return Filters(portfolio_id, KINDS, state="unsent")


def waiting(portfolio_id: str) -> list[Row]:
    """Return what waits for another person, the oldest first: contests, and files passed to a colleague."""
    asked, _ = register.page(Filters(portfolio_id, KINDS, decided="review"), limit=register.MOST_ROWS)
    passed = [row for row in asked if row.reviewed is None and not row.contested]
    return sorted([*register.queue(portfolio_id), *passed], key=lambda row: row.contested or row.at)


def lines(rows: Sequence[Row], place: Place, picked: str) -> list[Line]:
    """Return rows as they are shown; each leads to this page with its thread open."""
    return [
        Line(
            id=row.id,
            client=row.client_id,
            at=local(row.at),
            points=row.points,
            proposed=row.proposed,
            decided=row.decided,
            final=row.final,
            after=_after(row),
            href=place.address(decision=row.id),
            picked=row.id == picked,
            offer=offered.of(row, portfolios.load(row.portfolio)),
        )
        for row in rows
    ]


def _after(row: Row) -> str:
    if row.contested:
        return "contested"
    if row.decided == "review" and row.reviewed is None:
        return "asked"
    if row.reviewed:
        return "overturned" if row.is_overturned else "upheld"
    return "letter" if row.letter else ""


def counts(portfolio_id: str) -> Counts:
    """Return the figures of this month, and what waits now."""
    found = register.figures(portfolio_id, month_start())
    wait = waiting(portfolio_id)
    oldest = min((row.contested or row.at for row in wait), default=None)
    return Counts(
        decisions=found.decisions,
        followed=found.followed_share,
        waiting=len(wait),
        oldest_days=None if oldest is None else (now() - local(oldest)).total_seconds() / 86_400,
        reviewed=found.reviewed,
        overturned=found.overturned,
        review_days=found.review_days,
    )


def month_start() -> datetime:
    """Return the first moment of this month, where the readers are."""
    return now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month(lang: str) -> str:
    """Return the name of this month."""
    return t(f"date.month.{now().month}", lang)
