from pathlib import Path

import dash
import pytest
from dash import html
from flask import Flask

import web
from config import Settings
from data.bank import BankMissing, UnknownClient
from data.portfolios import UnknownPortfolio
from model.artifact import ModelMissing
from web import errors, schemas
from web.errors import Refused, describe

SECRET_ID = "4815162342"


def told(answer) -> dict:
    """Return the error of an answer, checked to have the one shape."""
    assert answer.mimetype == "application/json"
    assert schemas.Error.model_validate(answer.json, strict=True)
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-ID"]
    return answer.json["error"]


class TestPrograms:
    def test_get_json_under_api(self, visitor):
        answer = visitor.get("/api/nothing")
        assert answer.status_code == 404
        assert told(answer)["code"] == "not_found"

    def test_get_json_when_they_prefer_it(self, visitor):
        answer = visitor.get("/nothing", headers={"Accept": "application/json"})
        assert told(answer)["code"] == "not_found"

    def test_are_told_which_methods_an_address_answers(self, visitor):
        answer = visitor.delete("/api/v1/portfolios")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert told(answer)["code"] == "method_not_allowed"

    @pytest.mark.parametrize(
        "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/portfolios", "/api/v1/a/b/c"]
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
    def test_get_404_at_any_other_address(self, visitor, method, path):
        answer = visitor.open(path, method=method, headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert told(answer)

    def test_read_in_the_language_they_ask_for(self, visitor):
        french, english = (told(visitor.get(f"/api/nothing?lang={lang}"))["message"] for lang in ("fr", "en"))
        assert french == "Cette adresse n’existe pas."
        assert english == "There is nothing at this address."


class TestPeople:
    def test_get_a_page_with_the_number_to_give_to_support(self, visitor):
        answer = visitor.get("/nothing", headers={"Accept": "text/html", "Accept-Language": "en"})
        assert answer.mimetype == "text/html"
        assert 'lang="en"' in answer.text
        assert answer.headers["X-Request-ID"] in answer.text

    def test_see_no_html_of_their_own_repeated(self, visitor):
        answer = visitor.get("/<script>alert(1)</script>", headers={"Accept": "text/html"})
        assert "<script>" not in answer.text


class TestTheUnforeseen:
    @pytest.mark.parametrize("accept", ["application/json", "text/html"])
    def test_is_told_in_one_polite_sentence_without_its_trace(self, visitor, accept):
        answer = visitor.get(f"/fails/{SECRET_ID}", headers={"Accept": accept})
        assert answer.status_code == 500
        for word in ("Traceback", "ValueError", "KeyError", SECRET_ID, ".py"):
            assert word not in answer.text

    def test_is_logged_by_its_kind_and_its_causes_and_never_by_its_words(self, visitor, logged):
        answer = visitor.get(f"/fails/{SECRET_ID}")
        written = logged.text
        assert "ValueError" in written
        assert "KeyError" in written
        assert "conftest.py" in written
        assert answer.headers["X-Request-ID"] in written
        assert SECRET_ID not in written


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnknownPortfolio("x"), 404, "unknown_portfolio"),
        (UnknownClient(SECRET_ID), 404, "unknown_client"),
        (BankMissing(Path("x.duckdb")), 503, "bank_missing"),
        (ModelMissing("x"), 503, "model_missing"),
        (Refused(400, "not_finite"), 400, "not_finite"),
        (RuntimeError(SECRET_ID), 500, "internal_error"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_error_has_its_status_its_code_and_a_sentence(error, status, code, lang):
    problem = describe(error, lang)
    assert (problem.status, problem.code) == (status, code)
    assert problem.message.endswith((".", "train", "s."))
    assert SECRET_ID not in problem.message


def test_a_redirection_is_no_error(bare):
    bare.add_url_rule("/folder/", "folder", lambda: "here")
    assert bare.test_client().get("/folder").status_code == 308


def failed_callback():
    """Return the answer to a callback that fails, called from an English page."""
    server = Flask("limpide")
    web.install(server, Settings(_env_file=None))
    app = dash.Dash("limpide", server=server, on_error=errors.on_callback_error)
    app.layout = html.Div([html.P(id="in"), html.P(id="out"), html.Div(id=errors.CALLBACK_PLACE)])

    @app.callback(dash.Output("out", "children"), dash.Input("in", "children"))
    def fail(_value):
        raise ValueError(SECRET_ID)

    sent = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "in", "property": "children", "value": 1}],
        "changedPropIds": ["in.children"],
    }
    page = "http://localhost/home_credit/eligibility?client=1&lang=en"
    return server.test_client().post("/_dash-update-component", json=sent, headers={"Referer": page})


class TestACallbackThatFails:
    def test_is_told_in_the_shell_in_the_language_of_the_page(self):
        answer = failed_callback()
        shown = str(answer.get_json(force=True)["sideUpdate"][errors.CALLBACK_PLACE]["children"])
        assert "Something unforeseen" in shown
        assert answer.headers["X-Request-ID"] in shown

    def test_says_nothing_of_the_client_in_answer_or_log(self, logged):
        answer = failed_callback()
        assert SECRET_ID not in answer.text
        assert SECRET_ID not in logged.text
        assert "ValueError" in logged.text
