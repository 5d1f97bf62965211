"""The API on drift: the batches judged, and the same verdict as on the page."""

from flask import Blueprint, Flask, Response

from data import portfolios
from model import batches
from model.drift_results import BatchVerdict
from web import answers, reports, schemas_drift, validation
from web.errors import Refused
from web.identity import requires
from web.openapi import documented

api_drift = Blueprint("api_drift", __name__)


def install(server: Flask) -> None:
    """Serve ``/api/v1/<portfolio>/drift``; call it before the rest of the API, which closes the list."""
    server.register_blueprint(api_drift)


@api_drift.get("/api/v1/<portfolio>/drift")
@requires("manager", "admin", scope="drift")
@documented("drift", asks=schemas_drift.DriftAsked, answers=schemas_drift.Drift, errors=(404, 422))
def get_drift(portfolio: str) -> Response:
    """List the batches judged, with the whole verdict on one of them, by default the latest."""
    portfolios.load(portfolio)
    asked = validation.asked(schemas_drift.DriftAsked).batch
    known = batches.batches(portfolio)
    shown = next((one for one in known if one.id == asked), None)
    if asked and shown is None:
        raise Refused(404, "unknown_batch")
    if not asked and known:
        shown = known[-1]
    listed = [_listed(one) for one in reversed(known)]
    return answers.reply({"portfolio": portfolio, "batches": listed, "verdict": shown})


def _listed(verdict: BatchVerdict) -> dict:
    """Return a batch in the shape of :class:`web.schemas_drift.DriftListed`."""
    told = {name: getattr(verdict, name) for name in schemas_drift.DriftBatch.model_fields}
    made = batches.has_report(verdict.portfolio, verdict.id)
    return told | {"report": reports.addresses(verdict.portfolio, verdict.id)["json"] if made else None}
