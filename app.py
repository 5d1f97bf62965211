"""The front door: settings, Flask, the HTTP side, then Dash with its pages."""

from dash import Dash, page_registry
from flask import Flask

import web
from components import shell
from config import settings
from pages import _access
from web import errors, headers


def create() -> Dash:
    """Build the application; gunicorn serves its Flask ``server``."""
    flask = Flask("limpide")
    web.install(flask, settings())
    dash = Dash(
        "limpide",
        server=flask,
        use_pages=True,
        pages_folder="pages",
        assets_folder="assets",
        title="Limpide",
        update_title="",
        serve_locally=True,
        on_error=errors.on_callback_error,
    )
    dash.layout = shell.frame
    headers.secure(flask, dash)
    # Dash finishes its set-up lazily at the first request, and requests that arrive meanwhile
    # fail with "Callback function not found": make that first request ourselves.
    _access.guard(page_registry)
    with _access.building(flask):
        flask.preprocess_request()
    return dash


app = create()
server = app.server

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=settings().port, debug=False)
