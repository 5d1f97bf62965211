"""The time as readers are told it: the zone is a setting, what is kept stays in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config import settings


def local(at: datetime) -> datetime:
    """Return a moment in the readers' time zone."""
    return at.astimezone(ZoneInfo(settings().time_zone))


def now() -> datetime:
    """Return this moment in the readers' time zone."""
    return local(datetime.now(UTC))


def due(since: datetime) -> datetime:
    """Return when an answer to a contest is due."""
    return since + timedelta(days=settings().review_days)


def months_kept() -> int:
    """Return the months that a decision is kept after its last act."""
    return settings().retention_months
