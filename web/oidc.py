"""Logging in at an OpenID Connect provider, when one is set. Authlib is loaded only then.

The provider says who somebody is; what they may do is kept here, in their account, unless
``OIDC_ROLES_CLAIM`` names a claim that lists roles: the account is then made at the first login and
follows the claim at each.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, redirect, request, session, url_for
from werkzeug.exceptions import NotFound

from config import Settings
from data.ledger import accounts, events
from data.ledger.accounts import ROLES, Account
from web import access, login_session
from web.errors import Refused
from web.identity import public
from web.login import refused, safe_next

if TYPE_CHECKING:
    from authlib.integrations.flask_client.apps import FlaskOAuth2App

oidc = Blueprint("oidc", __name__)
_CLIENT = "limpide_oidc"
_SECONDS = 10


def install(server: Flask) -> None:
    """Serve ``/login/oidc``, which exists when a provider is set."""
    server.register_blueprint(oidc)


@oidc.get("/login/oidc")
@public
def go() -> Response:
    """Send the visitor to the provider, to come back to ``next``."""
    client = _client()
    session["next"] = safe_next(request.args.get("next"))
    try:
        return client.authorize_redirect(url_for("oidc.back", _external=True))
    except Exception as error:
        raise _unavailable(error) from error


@oidc.get("/login/oidc/back")
@public
def back() -> Response | tuple[str, int]:
    """Take in who the provider says has come: state, nonce, signature and issuer are checked."""
    client = _client()
    going_on = safe_next(session.get("next"))
    try:
        claims = client.authorize_access_token()["userinfo"]
        subject = claims["sub"]
    except Exception as error:
        raise _unavailable(error) from error
    account = _account(subject, claims, access.settings().oidc_roles_claim)
    if account is None or account.disabled:
        events.add(
            events.REFUSED,
            account.name if account else "",
            f"subject {subject}",
            login_session.address_hash(),
        )
        return refused()
    login_session.begin(account)
    return redirect(going_on, 303)


def _client() -> "FlaskOAuth2App":
    if not access.settings().oidc_issuer or not access.asks_who():
        raise NotFound
    if _CLIENT not in current_app.extensions:
        current_app.extensions[_CLIENT] = _made(access.settings(), current_app)
    return current_app.extensions[_CLIENT]


def _made(settings: Settings, server: Flask) -> "FlaskOAuth2App":
    from authlib.integrations.flask_client import OAuth

    return OAuth(server).register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": _SECONDS},
    )


def _account(subject: str, claims: Mapping, roles_claim: str) -> Account | None:
    """Return the account of who came, made or changed as the claim of roles says, if one is set."""
    known = accounts.of_subject(subject)
    if not roles_claim:
        return known
    given = claims.get(roles_claim)
    roles = {given} & set(ROLES) if isinstance(given, str) else {*(given or ())} & set(ROLES)
    if not roles:
        return None
    if known is None:
        return accounts.add(_free_name(claims), roles, subject=subject)
    if known.roles != roles:
        accounts.set_roles(known.name, roles)
    return accounts.get(known.name)


def _free_name(claims: Mapping) -> str:
    """Return a name for a new account: as the provider says, made fit, and nobody's yet."""
    told = str(claims.get("preferred_username") or claims.get("email") or claims["sub"]).lower()
    fit = re.sub(r"[^a-z0-9._@-]", "-", told).lstrip("._@-")[:60] or "account"
    taken, wanted, tries = {one.name for one in accounts.all()}, fit, 2
    while wanted in taken or wanted.startswith("demo-"):
        wanted, tries = f"x{fit}"[:56] + f"-{tries}", tries + 1
    return wanted


def _unavailable(error: Exception) -> Exception:
    """Return what is said when the provider can't be reached or its answer can't be believed."""
    if isinstance(error, NotFound):
        return error
    return Refused(502, "provider")
