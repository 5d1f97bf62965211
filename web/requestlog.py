"""One log line per request, holding nothing that identifies a client.

The line names the route's template, never the address itself: file numbers travel in
paths and queries. For the same reason an unexpected error is logged by its kind and the
places it went through, without its message.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

import orjson
from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("limpide.web")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ROOT = Path(__file__).resolve().parents[1]


def install(server: Flask) -> None:
    """Give each request an id, answer it in ``X-Request-ID`` and log one line per request."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Werkzeug's own access log, in development, writes whole addresses.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server.before_request(_begin)
    server.after_request(_finish)


def request_id() -> str:
    """Return the id of the current request: short, to be read aloud to support.

    Always ours: an id sent by the caller could carry a file number into the log.
    """
    if not has_request_context():
        return ""
    if "request_id" not in g:
        number = secrets.token_hex(4).upper()
        g.request_id = f"{number[:4]}-{number[4:]}"
    return g.request_id


def unexpected(error: BaseException) -> None:
    """Log an error that nobody foresaw: its kind, its causes and where they came from."""
    log.error(_line(request_id=request_id(), route=_route(), errors=list(_chain(error))))


def _begin() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    spent = time.perf_counter() - g.get("started", time.perf_counter())
    log.info(
        _line(
            request_id=request_id(),
            method=request.method if request.method in _METHODS else "other",
            route=_route(),
            status=response.status_code,
            ms=round(1000 * spent, 1),
        )
    )
    return response


def _route() -> str:
    if not has_request_context() or request.url_rule is None:
        return "none"
    return request.url_rule.rule


def _chain(error: BaseException | None) -> Iterator[dict]:
    while error is not None:
        frames = extract_tb(error.__traceback__)
        yield {
            "kind": type(error).__name__,
            "where": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
        }
        error = error.__cause__ or error.__context__


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name


def _line(**values: object) -> str:
    return orjson.dumps(values).decode()
