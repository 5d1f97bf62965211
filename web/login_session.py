"""The session of somebody who logged in: how it begins, how long it lasts, how it ends.

The cookie is signed and says only whose session it is, since when, and with which ``epoch`` of the
account. Whether it still holds is asked of the ledger at each request, so that it ends everywhere
at once: with a log-out, a closed account, a new password or other roles.
"""

import hashlib
import hmac
import secrets
import time

from flask import current_app, request, session

from config import Settings
from data.ledger import accounts, events
from data.ledger.accounts import Account
from web.errors import Refused
from web.identity import User

_SECONDS_BETWEEN = 60  # the cookie is not renewed at every request
# What a page asks by itself, while nobody touches it, keeps no session alive.
_BY_ITSELF = ("/jobs/current",)


def begin(account: Account) -> None:
    """Open a session for an account, with nothing left of whatever session the visitor brought."""
    end()
    now = int(time.time())
    number = secrets.token_urlsafe(18)
    session.update(account=account.name, epoch=account.epoch, number=number, begun=now, seen=now)
    events.add(events.LOGIN, account.name, _target(number), address_hash())


def end() -> None:
    """End the visitor's session, if there is one: its cookie is worth nothing from now on."""
    account, number = session.get("account"), session.get("number")
    session.clear()
    if account and number:
        events.add(events.LOGOUT, account, _target(number), address_hash())


def found(settings: Settings) -> User | None:
    """Return whose session the request belongs to, if it still holds."""
    name, number = session.get("account"), session.get("number")
    if not name or not number:
        return None
    now, seen = int(time.time()), session.get("seen", 0)
    if (
        now - seen > 60 * settings.session_idle_minutes
        or now - session["begun"] > 3600 * settings.session_hours
    ):
        return None
    try:
        account = accounts.get(name)
    except accounts.UnknownAccount:
        return None
    if account.disabled or account.epoch != session["epoch"] or events.has(events.LOGOUT, _target(number)):
        return None
    if now - seen >= _SECONDS_BETWEEN and request.path not in _BY_ITSELF:
        session["seen"] = now
    return User(name, account.roles, False, "api" if request.path.startswith("/api/") else "page")


def form_token() -> str:
    """Return what a form of ours sends along, to show that it is ours."""
    if "form" not in session:
        session["form"] = secrets.token_urlsafe(18)
    return session["form"]


def check_form() -> None:
    """Refuse a form that does not bring the token of the session.

    Raises
    ------
    Refused
        403.
    """
    known, sent = session.get("form", ""), request.form.get("form_token", "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode("utf-8", "replace")):
        raise Refused(403, "stale_form")


def address_hash() -> str:
    """Return the caller's address as it may be kept: hashed with the application's key."""
    return keyed(f"address {request.remote_addr}")


def keyed(text: str) -> str:
    """Return a text hashed with the application's key: 32 hexadecimal digits."""
    key = current_app.secret_key
    key = key.encode() if isinstance(key, str) else key
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _target(number: str) -> str:
    return f"session {hashlib.sha256(number.encode()).hexdigest()[:24]}"
