"""Who may do what, held in one place: every route, page and callback, and nothing undeclared.

A route declares its access (``web.identity.requires``, ``public``), a page its ``roles`` in
``register_page``, a callback has those of the page that defines it. With login on, whatever
declares nothing is refused.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import dash
from dash import Dash
from flask import Flask, current_app, request, session

from config import Settings
from data import bank, portfolios
from data.ledger import tokens
from web import addresses, audit, identity, login_session, origin
from web.identity import ROLES, Access, Forbidden, User
from web.session import RealDataWithoutLogin

SETTINGS = "limpide_access_settings"
_CALLBACK = "/_dash-update-component"
_APP = "limpide_callbacks"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

_ANYONE, _KNOWN = Access(is_public=True), Access(ROLES)
# Dash's own routes, by endpoint. A page is held to its roles besides, and a callback to its page's.
DASH: Mapping[str, Access] = {
    "_dash_assets.static": _ANYONE,  # style and type, for the login page too
    "/_favicon.ico": _ANYONE,
    "static": _ANYONE,  # a folder that is not there
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": _KNOWN,
    "/_dash-layout": _KNOWN,
    "/_dash-dependencies": _KNOWN,
    "/_reload-hash": _KNOWN,
    _CALLBACK: _KNOWN,
    "/": _KNOWN,
    "/<path:path>": _KNOWN,
}


def install(server: Flask, settings: Settings) -> None:
    """Hold every request to what its route declares."""
    server.extensions[SETTINGS] = settings
    server.extensions[identity.FINDER] = _find
    server.before_request(_hold)


def check(server: Flask, app: Dash) -> None:
    """Have callbacks held to the roles of their pages; call it once Dash is built."""
    server.extensions[_APP] = app.callback_map


def settings() -> Settings:
    """Return the settings that access goes by here."""
    return current_app.extensions[SETTINGS]


def asks_who() -> bool:
    """Say whether everyone logs in here."""
    return settings().asks_who


def declared(endpoint: str) -> Access | None:
    """Return who may call a route, or nothing when it does not say."""
    return identity.access_of(current_app.view_functions.get(endpoint)) or DASH.get(endpoint)


def page_roles(page: Mapping) -> tuple[str, ...] | None:
    """Return the roles that a page declares, or nothing when it declares none."""
    return tuple(page["roles"]) if page.get("roles") else None


def callback_roles(known: Mapping) -> tuple[str, ...] | None:
    """Return the roles of a callback of Dash's map: those of the page whose module defines it."""
    module = getattr(known.get("callback"), "__module__", None)
    if module == "dash.dash":  # the one that opens pages: each asks for itself
        return ROLES
    return page_roles(dash.page_registry.get(module, {}))


def _find() -> User | None:
    """Find out who asks: a token, else a session, else, without login, whoever they choose to be."""
    sent = request.headers.get("Authorization", "")
    if sent[:7].lower() == "bearer ":
        return _of_token(sent[7:].strip())
    if asks_who():
        return login_session.found(settings())
    name = session.get("demo")
    name = name if name in identity.DEMO else next(iter(identity.DEMO))
    return User(name, identity.DEMO[name], True, "api" if request.path.startswith("/api/") else "page")


def _of_token(secret: str) -> User | None:
    token = tokens.check(secret)
    if token is None:
        return None
    able = token.owner_roles
    scopes = frozenset(one for one in token.scopes if able is None or identity.SCOPES[one] in able)
    roles = frozenset(identity.SCOPES[one] for one in scopes)
    return User(f"{tokens.ACCOUNT}{token.name}", roles, False, "api", scopes) if scopes else None


def _hold() -> None:
    if request.endpoint is None:
        return  # there is nothing there: 404 or 405, whoever asks
    access = declared(request.endpoint)
    if access is not None and access.is_public:
        return _hold_form()
    _hold_real_data()
    user = identity.current()
    if access is None:
        return _hold_undeclared(user)
    identity.require(*access.roles, scope=access.scope)
    if not user.scopes:
        _hold_sender()
    if request.endpoint == "/<path:path>" or request.endpoint == "/":
        _hold_page(user)
    elif request.endpoint == _CALLBACK and request.method == "POST":
        _hold_callback(user)
    asked = request.view_args or {}
    if "portfolio" in asked and "client_id" in asked:
        audit.viewed(asked["portfolio"], asked["client_id"])
    return None


def _hold_undeclared(user: User) -> None:
    if not user.is_demo:
        raise Forbidden("nothing says who may do this")


def _hold_sender() -> None:
    """Refuse an act that another site has the visitor's browser do."""
    if request.method not in _SAFE:
        origin.require_same()
        if not request.path.startswith("/api/"):  # which takes no forms, and says so
            _hold_form()


def _hold_form() -> None:
    if request.method == "POST" and request.mimetype in _FORMS:
        login_session.check_form()


def _hold_page(user: User) -> None:
    page = addresses.page_at(request.path)
    if page is None:
        return  # the page that says so
    roles = page_roles(page)
    if roles is None:
        return _hold_undeclared(user)
    identity.require(*roles)
    return None


def _hold_callback(user: User) -> None:
    body = request.get_json()
    named = body.get("output") if isinstance(body, dict) else None
    known = current_app.extensions.get(_APP, {}).get(named) if isinstance(named, str) else None
    if known is None or "callback" not in known:
        return  # refused as malformed right after
    roles = callback_roles(known)
    if roles is None:
        return _hold_undeclared(user)
    identity.require(*roles)
    audit.viewed_in(body)
    return None


def _hold_real_data() -> None:
    """Show real rows without login to this machine only; a bank may be swapped in at any time."""
    if not asks_who() and not _is_here():
        refuse_real_data()


def refuse_real_data() -> None:
    """Raise :class:`RealDataWithoutLogin` if any bank present holds real rows."""
    for portfolio_id in portfolios.available():
        try:
            synthetic = bank.open_bank(portfolio_id).meta.synthetic
        except bank.BankMissing:
            continue
        if not synthetic:
            raise RealDataWithoutLogin(portfolio_id)


def _is_here() -> bool:
    """Say whether a request comes from this machine, to this machine's name, through no proxy.

    The name is looked at because another site can make its own lead here.
    """
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")):
        return False
    try:
        from_here = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return from_here and urlsplit(f"//{request.host}").hostname in ("localhost", "127.0.0.1", "::1")
