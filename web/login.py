"""Coming in and going out: the login form, the log-out, and, without login, who one chooses to be."""

from datetime import timedelta
from math import ceil
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Flask, Response, redirect, render_template, request, session
from werkzeug.exceptions import NotFound

from components.formats import number
from components.i18n import plural, t
from data import banks
from data.ledger import accounts, events, throttle
from web import access, addresses, identity, login_session, origin
from web.identity import LoginNeeded, public, requires
from web.session import language

login = Blueprint("login", __name__)

TRIES, TRIES_OF_AN_ADDRESS = 5, 30
_TOLD_FROM = 3  # how many tries are left is said once they are so few
_LONGEST = 2_000


def install(server: Flask) -> None:
    """Serve ``/login``, ``/logout`` and ``/identity``."""
    server.register_blueprint(login)


@login.get("/login")
@public
def ask() -> Response | str:
    """Show the form, or go on for who is logged in already."""
    if not access.asks_who():
        return redirect("/", 303)
    try:
        identity.current()
    except LoginNeeded:
        had_ended = "account" in session
        if had_ended:
            session.clear()
        return _form(note="ended" if had_ended else "")
    return redirect(safe_next(request.args.get("next")), 303)


@login.post("/login")
@public
def enter() -> Response | tuple[str, int]:
    """Check name and password; whichever is wrong, the answer and its time are the same."""
    origin.require_same()
    login_session.check_form()
    if not access.asks_who():
        raise NotFound
    name = request.form.get("name", "").strip().lower()[:128]
    by_name = f"name {login_session.keyed(f'name {name}')}"
    by_address = f"address {login_session.address_hash()}"
    try:
        left = throttle.take({by_name: TRIES, by_address: TRIES_OF_AN_ADDRESS})
    except throttle.TooManyTries as error:
        return _form(name, "wait", wait=error.wait), 429
    account = accounts.check(name, request.form.get("password", ""))
    if account is None:
        # What was typed is no account's name, perhaps a password: it is not kept.
        known = name if any(one.name == name for one in accounts.all()) else ""
        events.add(events.FAILED, known, "", login_session.address_hash())
        return _form(name, "unknown", left=left), 401
    throttle.give_back(by_name, whole=True)
    throttle.give_back(by_address)
    login_session.begin(account)
    return redirect(safe_next(request.form.get("next")), 303)


@login.post("/logout")
@public
def leave() -> Response:
    """End the session, everywhere its cookie may have got to."""
    origin.require_same()
    login_session.end()
    reply = redirect("/login" if access.asks_who() else "/", 303)
    reply.headers["Clear-Site-Data"] = '"cache"'
    return reply


@login.get("/identity")
@requires()
def choose() -> Response:
    """Be another of the demo identities, where nobody logs in."""
    origin.require_same()
    name = request.args.get("as", "")
    if access.asks_who() or name not in identity.DEMO:
        raise NotFound
    session["demo"] = name
    there = safe_next(request.args.get("next"))
    page = addresses.page_at(urlsplit(there).path)
    may_open = page is None or identity.DEMO[name] & set(page.get("roles", identity.ROLES))
    return redirect(there if may_open else "/", 303)


def safe_next(asked: str | None) -> str:
    """Return an address of ours to go on to: what was asked if it is one, else Home.

    Examples
    --------
    >>> safe_next("/home_credit/eligibility?client=1")
    '/home_credit/eligibility?client=1'
    >>> safe_next("//elsewhere.example")
    '/'
    """
    if not asked or len(asked) > _LONGEST or not asked.startswith("/"):
        return "/"
    # Browsers read a backslash as a slash, and drop tabs and line breaks.
    plain = unquote(asked.partition("?")[0])
    if "\\" in plain or plain.startswith("//") or not asked.isprintable() or not plain.isprintable():
        return "/"
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    is_ours = not parts.scheme and not parts.netloc and parts.path not in ("/login", "/logout", "/identity")
    return asked if is_ours else "/"


def _form(name: str = "", note: str = "", left: int = 0, wait: timedelta | None = None) -> str:
    lang = language()
    minutes = ceil(wait.total_seconds() / 60) if wait else 0
    said = {
        "": "",
        "ended": t("login.ended", lang),
        "unknown": t("login.unknown", lang),
        "wait": t("login.too_many", lang),
        "refused": t("login.refused", lang),
    }[note]
    more = {
        "ended": t("login.ended_more", lang),
        "unknown": _left(left, lang),
        "wait": plural("login.wait", minutes, lang, count=number(minutes, lang)),
        "refused": t("login.refused_more", lang),
    }.get(note, "")
    return render_template(
        "login.html",
        t=t,
        lang=lang,
        name=name,
        note=note,
        said=said,
        more=more,
        next=safe_next(request.values.get("next")),
        form_token=login_session.form_token(),
        synthetic=all(banks.present().values() or [False]),
        provider=bool(access.settings().oidc_issuer),
        idle=number(access.settings().session_idle_minutes, lang),
    )


def _left(left: int, lang: str) -> str:
    minutes = number(int(throttle.WAIT.total_seconds() / 60), lang)
    if left <= 0:
        return t("login.none_left", lang, minutes=minutes)
    return (
        plural("login.left", left, lang, count=number(left, lang), minutes=minutes)
        if left <= _TOLD_FROM
        else ""
    )


def refused() -> tuple[str, int]:
    """Return the form, saying that who the provider names has no account here."""
    return _form(note="refused"), 403
