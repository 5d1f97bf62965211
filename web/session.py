"""What the application remembers of a visitor: the signed cookie and its key, and the language."""

import logging
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, has_request_context, request

from components.i18n import LANGUAGES
from config import Settings

log = logging.getLogger("limpide.web")
_COOKIE = "lang"
_KEY_FILE = "session.key"
_YEAR = 365 * 24 * 3600


class RealDataWithoutLogin(RuntimeError):
    """A bank holds real rows, nobody logs in, and the request does not come from this machine."""

    def __init__(self, portfolio_id: str):
        self.portfolio_id = portfolio_id
        super().__init__(
            f"the bank of {portfolio_id!r} holds real rows, which are shown to other machines only once "
            "everyone logs in: set AUTH=on"
        )


def install(server: Flask, settings: Settings) -> None:
    """Set the key and the rules of the session cookie."""
    secure = settings.app_env == "production"
    server.secret_key = settings.secret_key.get_secret_value() or _kept_key(settings.store_dir)
    server.config.update(
        # With this prefix a browser takes the cookie from this very host alone, over TLS.
        SESSION_COOKIE_NAME="__Host-limpide" if secure else "limpide",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=3600 * settings.session_hours,
    )
    server.after_request(_remember_language)


def _kept_key(folder: Path) -> str:
    """Return the key of a development server: random, kept in the store, so that its workers share it."""
    path = folder / _KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / f".{_KEY_FILE}.{secrets.token_hex(8)}"
        file = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(file, "w") as written:
                written.write(secrets.token_hex(32))
            os.link(own, path)  # whole from the start, and never over another's
        except FileExistsError:
            pass
        finally:
            own.unlink()
        key = path.read_text().strip()
        if len(key) >= 32:
            return key
    except OSError as error:
        log.warning("no session key can be kept in the store: %s", type(error).__name__)
    return secrets.token_hex(32)


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
