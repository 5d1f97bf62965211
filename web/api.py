"""The API: the same assessment as on the pages, for programs."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map

from components.formats import number
from data import bank, portfolios
from data.ledger.drafts import is_kept
from data.portfolios import Portfolio
from model import artifact, assess, recourse
from model.results import Assessment, Fault, InvalidRecords
from web import acts, answers, campaigns, model_schemas, schemas, validation
from web.bodies import LARGEST_WHOLE, read_json
from web.errors import Refused
from web.identity import current, public, requires
from web.limits import MAX_RECORDS, MAX_RECORDS_BODY
from web.model_answers import model_card
from web.openapi import documented
from web.session import language

api = Blueprint("api", __name__)
MOST_DETAILS = 100
AT_ONCE = 100
_KNOWN = "api_rules"


def install(server: Flask) -> None:
    """Serve ``/health`` and ``/api`` on ``server``."""
    server.register_blueprint(api)
    # Dash answers any other address with a page: within /api, nothing is left to it.
    rules = [rule.empty() for rule in server.url_map.iter_rules() if rule.rule.startswith("/api/")]
    server.extensions[_KNOWN] = Map(rules)
    server.before_request(_options)
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    server.add_url_rule("/api/<path:rest>", "api.unknown", _unknown, methods=methods)
    server.add_url_rule("/api", "api.root", _unknown, methods=methods, strict_slashes=False)


@api.get("/health")
@public
@documented("health", answers=schemas.Health)
def health() -> Response:
    """Say that the application answers, and what is in place."""
    return answers.reply(answers.health())


@api.get("/api/v1/portfolios")
@requires(scope="any")
@documented("portfolios", asks=schemas.Asked, answers=schemas.Portfolios)
def list_portfolios() -> Response:
    """List the portfolios."""
    lang = _language()
    states = [answers.portfolio_state(name, lang) for name in portfolios.available()]
    return answers.reply({"portfolios": states})


@api.get("/api/v1/<portfolio>/clients")
@requires("advisor", "manager", scope="read")
@documented("clients", asks=schemas.ClientsAsked, answers=schemas.Clients, errors=(404, 422, 503))
def list_clients(portfolio: str) -> Response:
    """List the clients whose file number begins as asked."""
    portfolios.load(portfolio)
    asked = validation.asked(schemas.ClientsAsked)
    found, total = bank.open_bank(portfolio).search(asked.search, asked.limit, asked.offset)
    clients = [{"client_id": client_id} for client_id in found]
    return answers.reply({"total": total, "limit": asked.limit, "offset": asked.offset, "clients": clients})


@api.get("/api/v1/<portfolio>/model")
@requires(scope="any")
@documented("model", asks=schemas.Asked, answers=model_schemas.ModelCard, errors=(404, 422, 503))
def get_model(portfolio: str) -> Response:
    """Return what the model in service is and is worth."""
    portfolios.load(portfolio)
    _language()
    return answers.reply(model_card(artifact.champion(portfolio)))


# <path:...>: the file numbers of a portfolio of one's own may hold slashes.
@api.get("/api/v1/<portfolio>/clients/<path:client_id>")
@requires("advisor", "manager", scope="read")
@documented("record", asks=schemas.Asked, answers=schemas.Record, errors=(404, 422, 503))
def get_record(portfolio: str, client_id: str) -> Response:
    """Return what the bank holds of a client."""
    portfolios.load(portfolio)
    _language()
    record = bank.open_bank(portfolio).record(_known_length(client_id))
    return answers.reply({"client_id": client_id, "portfolio": portfolio, "record": record})


@api.get("/api/v1/<portfolio>/clients/<path:client_id>/assessment")
@requires("advisor", "manager", scope="assess")
@documented("assessment", asks=schemas.Asked, answers=schemas.Assessment, errors=(404, 422, 503))
def get_assessment(portfolio: str, client_id: str) -> Response:
    """Assess a client of the bank."""
    portfolios.load(portfolio)
    lang = _language()
    found = assess.assess(portfolio, _known_length(client_id))
    return answers.reply(answers.written(_kept([found], lang)[0], lang))


@api.get("/api/v1/<portfolio>/clients/<path:client_id>/recourse")
@requires("advisor", "manager", scope="assess")
@documented("recourse", asks=schemas.Asked, answers=schemas.Recourse, errors=(404, 422, 503))
def get_recourse(portfolio: str, client_id: str) -> Response:
    """Return what would change the decision proposed for a client of the bank."""
    portfolios.load(portfolio)
    lang = _language()
    found = assess.assess(portfolio, _known_length(client_id))
    ways = recourse.recourse(portfolio, client_id)
    # It tells points and what they propose: an assessment like any other.
    acts.keep_assessments([found], lang, current(), ways)
    return answers.reply(answers.recourse(ways, lang))


@api.post("/api/v1/<portfolio>/assessments")
@requires("advisor", "manager", scope="assess")
@documented(
    "assessments",
    asks=schemas.AssessmentsAsked,
    answers=schemas.Assessment,
    errors=(400, 404, 413, 415, 422, 503),
    takes_records=True,
    as_csv=True,
)
def post_assessments(portfolio: str) -> Response:
    """Assess one record or a list of records that were sent; a list may be ranked as a campaign."""
    chosen = portfolios.load(portfolio)
    asked = campaigns.asked(chosen)
    sent = read_json(MAX_RECORDS_BODY)
    records = sent if isinstance(sent, list) else [sent]
    if not 0 < len(records) <= MAX_RECORDS:
        count, most = number(len(records), asked.lang), number(MAX_RECORDS, asked.lang)
        raise Refused(422, "list_length", count=count, most=most)
    found = _assess(records, chosen, asked.lang, in_list=isinstance(sent, list))
    standings = campaigns.standings(chosen, found, asked)
    if asked.as_csv:
        return answers.as_csv(chosen, found, standings)
    # Written one by one: a thousand assessments as objects of JSON are large.
    written = (
        [answers.written(one, asked.lang) for one in found]
        if standings is None
        else [answers.written(found[place], asked.lang, standing) for place, standing in standings]
    )
    return answers.reply(written if isinstance(sent, list) else written[0])


def _assess(sent: Sequence, portfolio: Portfolio, lang: str, in_list: bool) -> list[Assessment]:
    """Assess the records sent, or refuse them together, naming what is wrong in each."""
    found: list[Assessment] = []
    faults: dict[int, tuple[Fault, ...]] = {}
    for start in range(0, len(sent), AT_ONCE):
        some = sent[start : start + AT_ONCE]
        unsound = {index: fault for index, record in enumerate(some) if (fault := _shape(portfolio, record))}
        if not unsound:
            try:
                records = [_values(portfolio, record) for record in some]
                ids = [_id(portfolio, record) for record in some]
                found += assess.assess_records(portfolio.id, records, ids)
            except InvalidRecords as error:
                unsound = error.by_index
        faults |= {start + index: those for index, those in unsound.items()}
        if len(faults) >= MOST_DETAILS:
            break
    if faults:
        details = [
            validation.of_record(portfolio, fault, lang, index if in_list else None)
            for index, those in faults.items()
            for fault in those
        ]
        raise Refused(422, "invalid_record", details[:MOST_DETAILS])
    return _kept(found, lang)


def _kept(found: Sequence[Assessment], lang: str) -> list[Assessment]:
    """Return assessments once the ledger holds them all: without it, nothing is answered."""
    kept = acts.keep_assessments(found, lang, current())
    return [replace(one, decision_id=entry.id) for one, entry in zip(found, kept, strict=True)]


def _shape(portfolio: Portfolio, record: object) -> tuple[Fault, ...]:
    """Return what keeps ``record`` from being a record at all."""
    if not isinstance(record, dict):
        return (Fault("", "wrong_type", record, "a record"),)
    if not _values(portfolio, record):
        return (Fault("", "wrong_type", {}, "a record"),)
    given = record.get(portfolio.id_column)
    return () if _is_id(given) else (Fault(portfolio.id_column, "wrong_type", given, "a short text"),)


def _values(portfolio: Portfolio, record: dict) -> dict:
    return {name: value for name, value in record.items() if name != portfolio.id_column}


def _id(portfolio: Portfolio, record: dict) -> str | None:
    given = record.get(portfolio.id_column)
    if given is None:
        return None
    return str(int(given)) if isinstance(given, float) else str(given)


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= validation.LONGEST_ID and bool(value.strip()) and is_kept(value)
    if isinstance(value, float):  # a column with gaps is often sent as 5.0
        return value.is_integer() and abs(value) <= LARGEST_WHOLE
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _language() -> str:
    return validation.asked(schemas.Asked).lang or language()


def _known_length(client_id: str) -> str:
    if len(client_id) > validation.LONGEST_ID:
        raise bank.UnknownClient(client_id)
    return client_id


def _options() -> Response | None:
    """Answer OPTIONS with the methods of the address itself, not with those of what refuses others."""
    if request.method != "OPTIONS" or not request.path.startswith("/api"):
        return None
    known = current_app.extensions[_KNOWN].bind("").allowed_methods(request.path)
    if not known:
        raise NotFound
    return Response(status=204, headers={"Allow": ", ".join(sorted(known))})


@requires(scope="any")
def _unknown(rest: str = "") -> None:
    """Refuse an address that is not the API's, or is not for this method."""
    current_app.extensions[_KNOWN].bind("").match(request.path, method=request.method)
    raise NotFound
