"""Who looked at which file, and who took data away: noted in the ledger when everyone logs in."""

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock

from flask import has_request_context

from data.ledger import events
from web import identity, login_session

# One look at a file is many requests: noted once in so many seconds.
_SECONDS, _MOST = 600, 4_096
DECIDING = "decide"  # the act whose parts name the file as what they are about
_noted: OrderedDict[tuple[str, str], float] = OrderedDict()
_noting = Lock()


def viewed(portfolio: str, client: str) -> None:
    """Note that who asks looks at a client's file. Without login there is nobody to name.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When it cannot be noted: a file is not shown then.
    """
    if not client or not has_request_context():
        return  # erased, or about nobody's file
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
    """Note the files that a callback is about: its ids say which, and that of what was pressed."""
    places = [body.get(place) for place in ("outputs", "inputs", "state")]
    for portfolio, client in sorted(set(_files([*places, _pressed(body.get("changedPropIds"))]))):
        viewed(portfolio, client)


def _pressed(changed: object) -> list[dict]:
    """Return the ids of what was pressed, which a browser sends apart from the others, as text."""
    found = []
    for one in changed if isinstance(changed, list) else ():
        if isinstance(one, str) and one.startswith("{"):
            with suppress(ValueError):
                found.append({"id": json.loads(one.rpartition(".")[0])})
    return found


def _files(found: object) -> list[tuple[str, str]]:
    if isinstance(found, list):
        return [file for one in found for file in _files(one)]
    named = found.get("id") if isinstance(found, dict) else None
    if not isinstance(named, dict):
        return []
    portfolio = named.get("portfolio")
    client = named.get("about") if named.get("act") == DECIDING else named.get("client")
    return (
        [(portfolio[:64], client[:64])]
        if isinstance(portfolio, str) and isinstance(client, str) and client
        else []
    )
