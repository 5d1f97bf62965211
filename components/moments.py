"""Days and hours as lists and threads tell them: "18 nov., 10 h 42", "18 Nov, 10:42"."""

from datetime import datetime

from components import formats
from components.i18n import t

Moment = datetime  # already in the time zone of the reader


def day(at: Moment, lang: str) -> str:
    """Return a day in full: "18 novembre 2026"."""
    return formats.date(at.date(), lang)


def short(at: Moment, now: Moment, lang: str) -> str:
    """Return a day for a list, its year only when it is not this one."""
    ordinal = t("date.first", lang) if at.day == 1 else str(at.day)
    told = t("moment.short", lang, day=ordinal, month=t(f"moment.month.{at.month}", lang))
    return told if at.year == now.year else f"{told} {at.year}"


def hour(at: Moment, lang: str) -> str:
    """Return an hour: "10 h 42" or "10:42"."""
    return t("moment.hour", lang, hour=at.hour, minute=f"{at.minute:02d}")


def full(at: Moment, now: Moment, lang: str) -> str:
    """Return a day and an hour, for a list."""
    return t("moment.full", lang, day=short(at, now, lang), hour=hour(at, lang))
