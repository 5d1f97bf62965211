"""How much one caller may ask of the API."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config import Settings

MAX_BODY = 1_000_000  # bytes, anywhere but below
MAX_RECORDS_BODY = 8_000_000  # bytes: room for MAX_RECORDS complete records
MAX_RECORDS = 1_000
MOST_DISCARDED = 64_000_000


def install(server: Flask, settings: Settings) -> None:
    """Limit the size of bodies and the rate of calls, counted per address and per worker."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    server.after_request(_discard_body)
    Limiter(
        get_remote_address,
        app=server,
        application_limits=[settings.api_rate_limit],
        application_limits_exempt_when=_is_not_api,
        storage_uri="memory://",
        headers_enabled=True,
    )


def _is_not_api() -> bool:
    return not request.path.startswith("/api/")


def _discard_body(response: Response) -> Response:
    """Read a refused body to its end: a caller still sending would not see why it was refused."""
    if response.status_code == 413:
        left = min(request.content_length or MOST_DISCARDED, MOST_DISCARDED)
        while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 65_536))):
            left -= len(chunk)
    return response
