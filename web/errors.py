"""Every error answer has one shape, made here: people get a page, programs get JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson
from dash import html, set_props
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Blueprint, Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from components.formats import number
from components.i18n import t
from data.bank import BankLocked, BankMissing, BankUnreadable, UnknownClient
from data.ledger.drafts import EntryInvalid, SameAccount
from data.ledger.entries import KeyReused, UnknownEntry
from data.ledger.errors import LedgerUnavailable
from data.ledger.waiting import FileWaits, NothingWaits
from data.portfolios import UnknownPortfolio
from model.artifact import ModelDamaged, ModelMissing
from model.service import ModelStopped
from web import requestlog
from web.identity import Forbidden, LoginNeeded
from web.session import RealDataWithoutLogin, language

# Where the shell shows what went wrong in a callback.
CALLBACK_PLACE = "shell-error"

_FORESEEN: Mapping[type[Exception], tuple[int, str]] = {
    UnknownPortfolio: (404, "unknown_portfolio"),
    UnknownClient: (404, "unknown_client"),
    BankMissing: (503, "bank_missing"),
    BankLocked: (503, "bank_unreadable"),
    BankUnreadable: (503, "bank_unreadable"),
    ModelStopped: (503, "model_stopped"),
    ModelMissing: (503, "model_missing"),
    ModelDamaged: (503, "model_damaged"),
    RealDataWithoutLogin: (503, "no_login"),
    LedgerUnavailable: (503, "ledger_unavailable"),
    UnknownEntry: (404, "unknown_decision"),
    KeyReused: (409, "key_reused"),
    SameAccount: (403, "same_account"),
    EntryInvalid: (422, "invalid_entry"),
    FileWaits: (409, "file_waits"),
    NothingWaits: (409, "nothing_waits"),
    LoginNeeded: (401, "login_needed"),
    Forbidden: (403, "forbidden"),
    DependencyException: (404, "not_found"),
    InvalidResourceError: (404, "not_found"),
}
_BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
}


class Refused(ValueError):
    """A request that cannot be answered: ``code`` names its text, ``details`` say what and where."""

    def __init__(self, status: int, code: str, details: Sequence[Mapping] = (), **values: object):
        self.status, self.code, self.details, self.values = status, code, tuple(details), values
        super().__init__(f"{status} {code}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told of an error, whoever it is told to."""

    status: int
    code: str
    message: str
    details: Sequence[Mapping] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def install(server: Flask) -> None:
    """Answer every error of ``server`` from here."""
    server.register_blueprint(Blueprint("web", __name__, template_folder="templates"))
    server.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response | HTTPException:
    """Return the answer to ``error``: JSON to programs, a page to people."""
    if isinstance(error, HTTPException) and (error.response or (error.code or 500) < 400):
        return error  # a redirection is no error
    if isinstance(error, LoginNeeded) and not _from_program():
        return redirect(login_address(), 303)
    problem = describe(error, language())
    if problem.status == 500:
        requestlog.unexpected(error)
    reply = _as_json(problem) if _from_program() else _as_page(problem)
    reply.headers.extend(problem.headers)
    return reply


def login_address() -> str:
    """Return where to log in, and come back from to the page that was asked for."""
    query = request.query_string.decode("ascii", "replace")
    here = f"{request.path}?{query}" if query else request.path
    return f"/login?{urlencode({'next': here})}" if here != "/" else "/login"


def describe(error: Exception, lang: str) -> Problem:
    """Return what is told of ``error`` in ``lang``; never its own message, which may hold anything."""
    if isinstance(error, Refused):
        message = t(f"web.error.{error.code}", lang, **error.values)
        return Problem(error.status, error.code, message, error.details)
    if isinstance(error, HTTPException):
        return _of_http(error, lang)
    for kind, (status, code) in _FORESEEN.items():
        if isinstance(error, kind):
            headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
            return Problem(status, code, t(f"web.error.{code}", lang), headers=headers)
    return Problem(500, "internal_error", t("web.error.internal_error", lang))


def on_callback_error(error: Exception) -> None:
    """Tell the reader that a callback failed, in the shell, and leave the screen as it was.

    Given to Dash as ``on_error``. The shell holds an element called ``CALLBACK_PLACE``.
    """
    problem = describe(error, language())
    if problem.status == 500:
        requestlog.unexpected(error)
    number_told = t("web.error.number", language(), number=requestlog.request_id())
    told = html.Div([html.P(html.B(problem.message)), html.P(number_told)], className="error", role="alert")
    set_props(CALLBACK_PLACE, {"children": told})


def _of_http(error: HTTPException, lang: str) -> Problem:
    status = error.code or 500
    code = _BY_STATUS.get(status, "bad_request" if status < 500 else "internal_error")
    values = {"limit": number(request.max_content_length or 0, lang)} if status == 413 else {}
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return Problem(status, code, t(f"web.error.{code}", lang, **values), headers=headers)


def _from_program() -> bool:
    if request.path.startswith(("/api/", "/_dash", "/uploads/", "/jobs/")) or request.path == "/health":
        return request.path != "/api/docs"
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _as_json(problem: Problem) -> Response:
    told = {
        "code": problem.code,
        "message": problem.message,
        "details": problem.details,
        "request_id": requestlog.request_id(),
    }
    if request.path.startswith("/_dash"):  # read by assets/access.js
        told |= _for_the_page(problem)
    return Response(orjson.dumps({"error": told}), problem.status, mimetype="application/json")


def _for_the_page(problem: Problem) -> dict:
    lang = language()
    if problem.status != 401:
        return {"number": t("web.error.number", lang, number=requestlog.request_id())}
    kept, text = t("login.kept", lang), t("login.again", lang)
    return {"login": {"address": "/login", "kept": kept, "text": text}}


def _as_page(problem: Problem) -> Response:
    lang = language()
    page = render_template(
        "error.html", t=t, lang=lang, message=problem.message, number=requestlog.request_id()
    )
    return Response(page, problem.status, mimetype="text/html")
