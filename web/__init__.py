"""The plain HTTP side of the application: session, API, errors, headers, request log."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from data.ledger.address import address
from web import (
    access,
    api,
    api_decisions,
    api_drift,
    compression,
    documentation,
    errors,
    exports,
    headers,
    letter_routes,
    limits,
    login,
    metrics,
    oidc,
    progress,
    reports,
    requestlog,
    session,
    uploads,
)


def install(server: Flask, settings: Settings) -> None:
    """Put everything that is not a page on ``server``; call it before Dash is built.

    Once Dash is built, call :func:`web.headers.secure` so that its inline scripts are
    named in the content security policy.

    Raises
    ------
    data.ledger.address.BadAddress
        When DATABASE_URL cannot be used. Whether the database answers is found out when it is needed.
    """
    address(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    # After-request functions run last registered first: the log line comes last of all.
    requestlog.install(server)
    compression.install(server)
    headers.install(server)
    session.install(server, settings)
    errors.install(server)
    limits.install(server, settings)
    access.install(server, settings)
    login.install(server)
    oidc.install(server)
    documentation.install(server)
    api_drift.install(server)
    api_decisions.install(server)
    api.install(server)
    metrics.install(server, settings)
    uploads.install(server)
    progress.install(server)
    reports.install(server)
    letter_routes.install(server)
    exports.install(server)
