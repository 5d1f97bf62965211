"""Dash answers every address with its page; one that names no page of ours says 404 as well.

``/decisions`` names no portfolio: it leads to the register of the first one that has a bank.
"""

import re
from collections.abc import Mapping

import dash
from flask import Blueprint, Flask, Response, redirect, request

from components.i18n import LANGUAGES
from data import banks, portfolios
from web.identity import ADVISOR, MANAGER, requires

_CATCHALL = "/<path:path>"
routes = Blueprint("addresses", __name__)


def check(server: Flask) -> None:
    """Give status 404 to the page that Dash serves for an address nobody registered."""
    server.register_blueprint(routes)
    server.after_request(_mark_unknown)


@routes.get("/decisions")
@requires(ADVISOR, MANAGER)
def decisions() -> Response:
    """Lead to the register of the first portfolio with a bank; the language asked for is kept."""
    first = next(iter(banks.present()), portfolios.available()[0])
    lang = request.args.get("lang")
    return redirect(f"/{first}/decisions" + (f"?lang={lang}" if lang in LANGUAGES else ""))


def _mark_unknown(response: Response) -> Response:
    is_catchall = request.url_rule is not None and request.url_rule.rule == _CATCHALL
    if is_catchall and response.status_code == 200 and not _is_page(request.path):
        response.status_code = 404
    return response


def page_at(path: str) -> Mapping | None:
    """Return the page registered for a path, if there is one."""
    pages = dash.page_registry.values()
    return next((page for page in pages if _fits(page.get("path_template") or page["path"], path)), None)


def _is_page(path: str) -> bool:
    return page_at(path) is not None


def _fits(template: str, path: str) -> bool:
    """Say whether a path fits a page's template and, where it names a portfolio, one that exists."""
    found = re.fullmatch(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", template), path.rstrip("/") or "/")
    return found is not None and found.groupdict().get("portfolio") in (None, *portfolios.available())
