import base64
import hashlib
import re

import dash
import pytest
from dash import html
from flask import Response

from web import headers


def rules(answer) -> dict[str, str]:
    """Return the content security policy of an answer, rule by rule."""
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.fixture
def app(bare):
    app = dash.Dash("limpide", server=bare)
    app.layout = html.Div([html.P(id="in"), html.P(id="out")])
    app.clientside_callback(
        "function(value) { return value; }", dash.Output("out", "children"), dash.Input("in", "children")
    )
    headers.secure(bare, app)
    return app


@pytest.mark.parametrize("path", ["/text", "/nothing", "/health", "/api/nothing", "/fails/1"])
def test_every_answer_carries_them(visitor, path):
    answer = visitor.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Permitted-Cross-Domain-Policies"] == "none"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert rules(answer)["frame-ancestors"] == "'self'"
    assert rules(answer)["script-src"] == "'self'"


class TestOnceDashIsBuilt:
    def test_scripts_are_ours_or_hashed_and_never_evaluated(self, app, visitor):
        sources = rules(visitor.get("/"))["script-src"].split()
        assert sources[0] == "'self'"
        assert all(source.startswith("'sha256-") for source in sources[1:])

    def test_every_inline_script_of_the_page_is_among_the_hashes(self, app, visitor):
        answer = visitor.get("/")
        page = re.sub(r"<!--.*?-->", "", answer.text, flags=re.S)
        scripts = re.findall(r"<script(?![^>]*(?:src|json))[^>]*>(.*?)</script>", page, flags=re.S)
        assert len(scripts) == 2
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in rules(answer)["script-src"]

    def test_a_script_that_does_not_exist_is_not_repeated_as_html(self, app, visitor):
        for package in ("dash", "nothing"):
            answer = visitor.get(f"/_dash-component-suites/{package}/<script>alert(1)</script>")
            assert answer.status_code == 404
            assert answer.mimetype == "application/json"
            assert "<script>" not in answer.text


def test_a_route_may_bring_its_own_policy(bare):
    bare.add_url_rule(
        "/report", "report", lambda: Response("x", headers={"Content-Security-Policy": "sandbox"})
    )
    assert bare.test_client().get("/report").headers["Content-Security-Policy"] == "sandbox"
