"""Security headers, with a content security policy that allows no evaluated script."""

from collections.abc import Iterable, Sequence

from dash import Dash
from dash.exceptions import InvalidResourceError
from flask import Flask, Response, current_app, request

from web import access, addresses, callbacks, errors

_YEAR = 365 * 24 * 3600
_SHOWING = ("text/html", "application/json", "application/pdf", "text/csv")
_STATIC = ("_dash_assets.static", "static")
_HASHES = "inline_script_hashes"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "SAMEORIGIN",
    "X-Permitted-Cross-Domain-Policies": "none",
    # Same origin only: addresses hold file numbers, and callbacks read their language from here.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(server: Flask) -> None:
    """Send the security headers with every answer."""
    server.after_request(_protect)


def secure(server: Flask, app: Dash) -> None:
    """Bring Dash under the house's rules; call it once Dash and its pages are built.

    Its inline scripts are allowed by their hashes, its answer to an unknown script, which
    repeats the address as HTML, is replaced by ours, malformed callbacks are refused, and an
    address that names no page has status 404.
    """
    server.extensions[_HASHES] = app.csp_hashes
    server.register_error_handler(InvalidResourceError, errors.answer)
    access.check(server, app)
    callbacks.check(server, app)
    addresses.check(server)


def policy(script_hashes: Iterable[str] = ()) -> str:
    """Return the content security policy that allows our own scripts and those hashed."""
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        # Plotly and React style elements in place.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    # What may show a client's file stays in no cache, nor behind the browser's back button after a log-out.
    if response.mimetype in _SHOWING and request.endpoint not in _STATIC:
        response.headers.setdefault("Cache-Control", "no-store")
    # A route may bring its own, stricter or for a sandboxed frame.
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = policy(_hashes(response))
    return response


def _hashes(response: Response) -> Sequence[str]:
    """Return the hashes of the page's inline scripts, read late: Dash adds one at its first request."""
    if response.mimetype != "text/html" or _HASHES not in current_app.extensions:
        return ()
    return current_app.extensions[_HASHES]()
