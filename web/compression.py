"""Compression of everything sent, and how long a browser may keep it."""

from dash.fingerprint import check_fingerprint
from flask import Flask, Request, Response, request
from flask_compress import Compress

_SUITES = "/_dash-component-suites/"
_ASSETS = "/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


class SuiteCache:
    """Keeps the compressed form of Dash's own scripts, and of nothing else.

    plotly.js takes a tenth of a second to compress, a whole second on a small host, and
    never changes while the process lives. Answers about clients have an empty key and
    are never kept.
    """

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, an encoding and a script separated by ``;``."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep ``value`` if its key names a script."""
        if not key.endswith(";"):
            self._kept[key] = value


def script_key(asked: Request) -> str:
    """Return the package and file of one of Dash's scripts, or an empty text.

    The fingerprint in the name is left out: Dash accepts any, and each would otherwise
    be kept apart, without bound.
    """
    if not asked.path.startswith(_SUITES):
        return ""
    return check_fingerprint(asked.path)[0]


def install(server: Flask) -> None:
    """Compress every answer worth it with Brotli or gzip, and set its caching header."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_CACHE_BACKEND=SuiteCache,
        COMPRESS_CACHE_KEY=script_key,
    )
    Compress(server)
    server.after_request(_keep)


def _keep(response: Response) -> Response:
    if response.status_code not in (200, 304):
        response.headers["Cache-Control"] = "no-store"
    elif request.path.startswith(_SUITES):
        # Dash gives fingerprinted files a year; the others carry an ETag to ask again with.
        if response.cache_control.max_age:
            response.headers["Cache-Control"] = _FOREVER
    elif request.path.startswith(_ASSETS):
        # `?m=` is the file's modification time, put there by Dash; fonts are named by the CSS without it.
        response.headers["Cache-Control"] = _FOREVER if "m" in request.args else _A_DAY
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
