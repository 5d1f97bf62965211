"""Who asks, and in which language: session key, language, and the guard on real data."""

import secrets
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, has_request_context, request

from components.i18n import LANGUAGES
from config import Settings
from data import bank, portfolios

_COOKIE = "lang"
_YEAR = 365 * 24 * 3600


class RealDataWithoutLogin(RuntimeError):
    """A bank holds real rows, and nothing yet asks users who they are."""

    def __init__(self, portfolio_id: str):
        self.portfolio_id = portfolio_id
        super().__init__(
            f"APP_ENV=production: the bank of {portfolio_id!r} holds real rows and there is no login yet; "
            f"load synthetic data (python -m data demo {portfolio_id}) or set APP_ENV=development"
        )


def install(server: Flask, settings: Settings) -> None:
    """Set the session key and cookies; in production, hold the guard on real data."""
    production = settings.app_env == "production"
    server.secret_key = settings.secret_key.get_secret_value() or secrets.token_hex(32)
    server.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
    )
    server.after_request(_remember_language)
    if production:
        refuse_real_data()
        server.before_request(_guard)


def refuse_real_data() -> None:
    """Raise :class:`RealDataWithoutLogin` if any bank present holds real rows."""
    for portfolio_id in portfolios.available():
        try:
            synthetic = bank.open_bank(portfolio_id).meta.synthetic
        except bank.BankMissing:
            continue
        if not synthetic:
            raise RealDataWithoutLogin(portfolio_id)


def language() -> str:
    """Return the reader's language, ``fr`` or ``en``.

    The address decides (``?lang=``), else the choice remembered in the cookie, else what
    the browser prefers, else French. A callback has no such address: the page that it
    was called from decides.
    """
    if not has_request_context():
        return "fr"
    asked = _asked() or request.cookies.get(_COOKIE)
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default="fr")


def _asked() -> str | None:
    if request.path.startswith("/_dash"):
        try:
            query = parse_qs(urlsplit(request.referrer or "").query)
        except ValueError:
            return None
        found = query.get("lang", [None])[-1]
    else:
        found = request.args.get("lang")
    return found if found in LANGUAGES else None


def _remember_language(response: Response) -> Response:
    asked = request.args.get("lang")
    is_page = response.mimetype == "text/html" and request.method == "GET"
    if is_page and asked in LANGUAGES and request.cookies.get(_COOKIE) != asked:
        response.set_cookie(
            _COOKIE, asked, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def _guard() -> None:
    # A real bank may be swapped in while the application runs.
    if request.path != "/health":
        refuse_real_data()
