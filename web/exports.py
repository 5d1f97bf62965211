"""The register as a file: one line for each decision, without what was said in it."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, abort

from data import portfolios
from data.ledger import register
from data.ledger.register import Filters, Row
from web import audit, codes, offered
from web.clock import local
from web.identity import MANAGER, requires

exports = Blueprint("exports", __name__)
COLUMNS = (
    "id", "kind", "at", "client_id", "account", "channel", "points", "proposed", "decided", "final",
    "model_version", "language", "letter", "contested", "reviewed", "offer",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
_DECISIONS = ("proposed", "decided", "final")
_MOMENTS = ("at", "letter", "contested", "reviewed")


def install(server: Flask) -> None:
    """Serve the register as CSV."""
    server.register_blueprint(exports)


@exports.get("/exports/<portfolio>/register.csv")
@requires(MANAGER)
def register_file(portfolio: str) -> Response:
    """Return the register of a portfolio, newest first, with moments in the readers' time zone."""
    if portfolio not in portfolios.available():
        abort(404)
    audit.exported(f"register {portfolio}")
    first, _ = register.page(Filters(portfolio), None, register.MOST_ROWS)
    named = {"Content-Disposition": f'attachment; filename="{portfolio}-register.csv"'}
    # The first page is read before anything is sent: a silent ledger is told as one.
    return Response(_lines(portfolio, first), mimetype="text/csv", headers=named)


def _lines(portfolio: str, rows: list[Row]) -> Iterator[str]:
    yield _line(COLUMNS)
    while rows:
        for row in rows:
            yield _line([_cell(row, name) for name in COLUMNS])
        rows, _ = register.page(Filters(portfolio), rows[-1].number, register.MOST_ROWS)


def _cell(row: Row, name: str) -> object:
    if name == "offer":
        return offered.of(row, portfolios.load(row.portfolio))
    value = getattr(row, name)
    if name in _DECISIONS:
        return codes.told(row.portfolio, value) or ""
    if name in _MOMENTS:
        return local(value).isoformat(timespec="seconds") if value else ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _line(cells) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
