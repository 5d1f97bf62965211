"""Who looked at which file, and who took data away: noted in the ledger when everyone logs in."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from flask import has_request_context

from data.ledger import events
from web import identity, login_session

# One look at a file is many requests: noted once in so many seconds.
_SECONDS, _MOST = 600, 4_096
_noted: OrderedDict[tuple[str, str], float] = OrderedDict()
_noting = Lock()


def viewed(portfolio: str, client: str) -> None:
    """Note that who asks looks at a client's file. Without login there is nobody to name.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When it cannot be noted: a file is not shown then.
    """
    if not has_request_context():
        return
    user = identity.current()
    if user.is_demo:
        return
    key, now = (user.name, f"{portfolio[:64]}/{client[:64]}"), time.monotonic()
    with _noting:
        if now - _noted.get(key, -_SECONDS) < _SECONDS:
            return
    events.add(events.VIEW, *key, login_session.address_hash())
    with _noting:
        _noted[key] = now
        _noted.move_to_end(key)
        while len(_noted) > _MOST:
            _noted.popitem(last=False)


def exported(what: str) -> None:
    """Note that who asks took data away; ``what`` names it without a value of it."""
    user = identity.current()
    if not user.is_demo:
        events.add(events.EXPORT, user.name, what, login_session.address_hash())


def viewed_in(body: Mapping) -> None:
    """Note the files that a callback is about: its ids say which."""
    for place in ("outputs", "inputs", "state"):
        for portfolio, client in sorted(set(_files(body.get(place)))):
            viewed(portfolio, client)


def _files(found: object) -> list[tuple[str, str]]:
    if isinstance(found, list):
        return [file for one in found for file in _files(one)]
    named = found.get("id") if isinstance(found, dict) else None
    if not isinstance(named, dict):
        return []
    portfolio, client = named.get("portfolio"), named.get("client")
    return (
        [(portfolio[:64], client[:64])]
        if isinstance(portfolio, str) and isinstance(client, str) and client
        else []
    )
