"""The API of decisions: keep one, read the register, contest, review."""

from datetime import datetime

from flask import Blueprint, Flask, Response, request

from data import portfolios
from data.ledger import entries, register
from data.ledger.drafts import FIRST
from data.ledger.entries import Entry
from data.ledger.register import Filters, Row
from model.results import InvalidRecord
from web import acts, answers, audit, codes, schemas, validation
from web import schemas_decisions as shapes
from web.errors import Refused
from web.identity import ADVISOR, MANAGER, current, requires
from web.openapi import documented
from web.session import language

decisions = Blueprint("decisions", __name__)
KEY = "Idempotency-Key"


def install(server: Flask) -> None:
    """Serve ``/api/v1/decisions``; before :func:`web.api.install`, which refuses what is left."""
    server.register_blueprint(decisions)


@decisions.get("/api/v1/decisions")
@requires(ADVISOR, MANAGER, scope="read")
@documented("decisions", asks=shapes.DecisionsAsked, answers=shapes.Decisions, errors=(401, 403, 422, 503))
def list_decisions() -> Response:
    """List what was decided, newest first."""
    asked = validation.asked(shapes.DecisionsAsked)
    chosen = Filters(
        portfolio=asked.portfolio or None,
        kinds=(asked.kind,) if asked.kind else FIRST,
        search=asked.client_id or None,
        decided=codes.sought(asked.portfolio, asked.decided, asked.lang or language()),
        changed=None if asked.contrary is None else asked.contrary == "true",
        state=asked.state,
    )
    found, total = register.page(chosen, asked.after or None, asked.limit)
    following = found[-1].number if len(found) == asked.limit else None
    listed = [_listed(row) for row in found]
    return answers.reply({"total": total, "limit": asked.limit, "next": following, "decisions": listed})


@decisions.post("/api/v1/decisions")
@requires(ADVISOR, scope="decide")
@documented(
    "decide",
    asks=schemas.Asked,
    takes=shapes.DecisionSent,
    answers=shapes.DecisionRead,
    errors=(400, 401, 403, 404, 409, 413, 415, 422, 503),
    once=True,
)
def post_decision() -> Response:
    """Keep a decision on a client; the file is assessed at this moment."""
    lang, sent = _language(), validation.sent(shapes.DecisionSent)
    decided = codes.meant(portfolios.load(sent.portfolio), sent.decided, lang)
    kept = acts.decide(
        sent.portfolio,
        sent.client_id,
        decided,
        sent.motive,
        lang,
        current(),
        offer=sent.offer,
        key=_key(),
        asked=sent.model_dump(exclude_none=True) | {"act": "decide"},
    )
    return _read(kept.id, lang)


@decisions.get("/api/v1/decisions/<decision_id>")
@requires(ADVISOR, MANAGER, scope="read")
@documented("decision", asks=schemas.Asked, answers=shapes.DecisionRead, errors=(401, 403, 404, 422, 503))
def get_decision(decision_id: str) -> Response:
    """Return a decision as it was shown that day, and what came after it."""
    return _read(decision_id, _language())


@decisions.post("/api/v1/decisions/<decision_id>/contests")
@requires(ADVISOR, MANAGER, scope="decide")
@documented(
    "contest",
    asks=schemas.Asked,
    takes=shapes.ContestSent,
    answers=shapes.DecisionRead,
    errors=(400, 401, 403, 404, 409, 413, 415, 422, 503),
    once=True,
)
def post_contest(decision_id: str) -> Response:
    """Keep what the client says, and what corrected values would give."""
    lang, sent = _language(), validation.sent(shapes.ContestSent)
    decision = _first(decision_id)
    try:
        acts.contest(decision, sent.statement, sent.corrections, lang, current(), key=_key())
    except InvalidRecord as error:
        chosen = portfolios.load(decision.portfolio)
        told = [validation.of_record(chosen, fault, lang, None) for fault in error.faults]
        raise Refused(422, "invalid_record", told) from None
    return _read(decision_id, lang)


@decisions.post("/api/v1/decisions/<decision_id>/reviews")
@requires(MANAGER, scope="review")
@documented(
    "review",
    asks=schemas.Asked,
    takes=shapes.ReviewSent,
    answers=shapes.DecisionRead,
    errors=(400, 401, 403, 404, 409, 413, 415, 422, 503),
    once=True,
)
def post_review(decision_id: str) -> Response:
    """Keep the outcome of a review by another person than who decided."""
    lang, sent = _language(), validation.sent(shapes.ReviewSent)
    first = _first(decision_id)
    decided = codes.meant(portfolios.load(first.portfolio), sent.decided, lang, shapes.OUTCOMES)
    acts.review(first, decided, sent.reasons, lang, current(), key=_key())
    return _read(decision_id, lang)


def _language() -> str:
    return validation.asked(schemas.Asked).lang or language()


def _key() -> str | None:
    """Return what makes the request happen once, if the caller gave it."""
    given = request.headers.get(KEY)
    if given is not None and not (0 < len(given) <= 128 and given.isprintable()):
        raise Refused(422, "bad_key")
    return given


def _first(decision_id: str) -> Entry:
    """Return a decision or an assessment: what can be contested.

    Raises
    ------
    data.ledger.entries.UnknownEntry
    Refused
        409, when it was erased.
    """
    found = entries.get(decision_id)
    if found.kind not in FIRST:
        raise entries.UnknownEntry("no decision has that id")
    if found.content is None:
        raise Refused(409, "erased")
    return found


def _read(decision_id: str, lang: str) -> Response:
    """Answer a decision with all that is about it; unchanged, it is not sent twice."""
    found, *later = entries.thread(decision_id)
    if found.kind not in FIRST:
        raise entries.UnknownEntry("no decision has that id")
    audit.viewed(found.portfolio, found.client_id)
    row = register.page(Filters(kinds=FIRST, search=found.id), limit=1)[0][0]
    reply = answers.reply(_listed(row) | _shown(found, lang) | {"events": [_event(one) for one in later]})
    # In no cache of a browser or on the way; a program may keep the ETag and ask again with it.
    reply.headers["Cache-Control"] = "no-store"
    reply.set_etag(f"{found.number}-{later[-1].number if later else 0}-{int(row.is_erased)}-{lang}")
    return reply.make_conditional(request) if request.method == "GET" else reply


def _listed(row: Row) -> dict:
    return {
        "id": row.id,
        "kind": row.kind,
        "at": _when(row.at),
        "portfolio": row.portfolio,
        "client_id": row.client_id,
        "account": row.account,
        "channel": row.channel,
        "points": row.points,
        "proposed": codes.told(row.portfolio, row.proposed),
        "decided": codes.told(row.portfolio, row.decided),
        "final": codes.told(row.portfolio, row.final),
        "model_version": row.model_version,
        "contested": _when(row.contested),
        "reviewed": _when(row.reviewed),
        "letter": _when(row.letter),
        "erased": row.is_erased,
    }


def _shown(entry: Entry, lang: str) -> dict:
    content = entry.content or {}
    score = content.get("score") or {}
    texts = content.get("texts", {})
    told = texts.get(lang) or texts.get(content.get("language")) or {}
    reasons = told.get("reasons") or {"lines": [], "rules": []}
    return {
        "probability": score.get("probability"),
        "threshold": score.get("threshold"),
        "pass_mark": score.get("pass_mark"),
        "motive": content.get("motive", ""),
        "offer": content.get("offer"),
        "reasons": [
            {
                "code": line["code"],
                "direction": line["direction"],
                "points": line["points"],
                "text": line["before"] + line["value"] + line["after"],
            }
            for line in reasons["lines"]
        ],
        "rules": list(reasons["rules"]),
    }


def _event(entry: Entry) -> dict:
    content = entry.content or {}
    return {
        "id": entry.id,
        "kind": entry.kind,
        "at": _when(entry.at),
        "account": entry.account,
        "points": entry.points,
        "decided": codes.told(entry.portfolio, entry.decided),
        "text": content.get("statement") or content.get("reasons") or "",
    }


def _when(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
