"""Evidently's reports, as the files they are: shown in a frame of the Drift page, or taken away."""

import gzip
from urllib.parse import quote

from flask import Blueprint, Flask, Response, request

from data import portfolios
from model import batches
from model.batches import UnknownBatch
from web.errors import Refused
from web.identity import requires

reports = Blueprint("reports", __name__)

# A report names categories as they stood in a file that somebody sent. Whatever is in it, it runs
# as nobody's: no address, no cookie, no other page can be reached from it, framed or not.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "sandbox allow-scripts",
    )
)


def install(server: Flask) -> None:
    """Serve ``/reports``."""
    server.register_blueprint(reports)


def addresses(portfolio_id: str, batch_id: str) -> dict[str, str]:
    """Return where the report of a batch lies: ``html`` to show, ``download`` and ``json`` to keep."""
    here = f"/reports/{quote(portfolio_id, safe='')}/drift/{quote(batch_id, safe='')}"
    return {"html": here, "download": f"{here}?download=html", "json": f"{here}?download=json"}


@reports.get("/reports/<portfolio>/drift/<batch>")
@requires("manager", "admin")
def drift_report(portfolio: str, batch: str) -> Response:
    """Answer the report of a batch, as a page or, with ``download=html`` or ``json``, as a file."""
    portfolios.load(portfolio)
    wanted = request.args.get("download", "")
    if wanted not in ("", "html", "json"):
        raise Refused(404, "unknown_batch")
    try:
        path = batches.report_file(portfolio, batch, batches.REPORT if wanted == "json" else batches.HTML)
        content = path.read_bytes()
    except (UnknownBatch, OSError):
        raise Refused(404, "unknown_batch") from None
    reply = Response(content, mimetype="application/json" if wanted == "json" else "text/html")
    if wanted:
        reply.headers["Content-Disposition"] = f'attachment; filename="limpide-drift-{batch}.{wanted}"'
    if wanted != "json":
        reply.headers["Content-Security-Policy"] = POLICY
        _packed(reply)
    # Asked again at each visit, sent again only when it was made anew.
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.add_etag()
    return reply.make_conditional(request)


def _packed(reply: Response) -> None:
    """Send the page gzipped, as it is kept, to whoever reads that; unpacked to the others."""
    reply.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        reply.headers["Content-Encoding"] = "gzip"
    else:
        reply.set_data(gzip.decompress(reply.get_data()))
