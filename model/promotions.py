"""Which versions were in service, one after the other, and which one challenges the present one."""

import json
from dataclasses import dataclass

from model import artifact
from model.artifact import PROMOTIONS, champion_version, models_folder


class NothingBefore(ValueError):
    """No earlier version was in service, so there is none to go back to."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """One change of the version in service: ``before`` is None for the first.

    ``back`` says that it undid the promotions since ``version`` was last in service.
    """

    version: str
    before: str | None
    back: bool
    at: str


def history(portfolio_id: str) -> list[Promotion]:
    """Return the changes of the version in service that were noted, oldest first."""
    notes = models_folder(portfolio_id) / PROMOTIONS
    if not notes.exists():
        return []
    return [Promotion(**json.loads(line)) for line in notes.read_text(encoding="utf-8").splitlines() if line]


def previous_version(portfolio_id: str) -> str:
    """Return the version to go back to: the one in service before the present one was promoted.

    Raises
    ------
    NothingBefore
        When the present version is the first, or those before are no longer there.
    """
    present, there = champion_version(portfolio_id), artifact.versions(portfolio_id)
    earlier = [version for version in _line(portfolio_id) if version in there]
    # The pointer decides: a promotion may have been cut off before it was noted.
    while earlier and earlier[-1] == present:
        earlier.pop()
    if not earlier:
        raise NothingBefore(f"version {present} of {portfolio_id!r} is in service and none was before it")
    return earlier[-1]


def rollback(portfolio_id: str) -> str:
    """Put the previous version back in service and return it.

    Raises
    ------
    NothingBefore, model.artifact.ModelMissing
    """
    version = previous_version(portfolio_id)
    artifact.promote(portfolio_id, version, back=True)
    return version


def challenger_version(portfolio_id: str) -> str | None:
    """Return the newest version trained since the one in service, which waits to be promoted."""
    there = artifact.versions(portfolio_id)
    newer = there[there.index(champion_version(portfolio_id)) + 1 :]
    return newer[-1] if newer else None


def _line(portfolio_id: str) -> list[str]:
    """Return the versions that led to the present one, without those that were undone."""
    line: list[str] = []
    for change in history(portfolio_id):
        if not line and change.before is not None:
            line.append(change.before)  # in service before changes were noted
        if change.back and change.version in line:
            while line[-1] != change.version:
                line.pop()
        elif not line or line[-1] != change.version:
            line.append(change.version)
    return line
