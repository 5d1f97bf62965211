import json

import dash
import pytest
from dash import html

from web import headers


@pytest.fixture
def app(bare):
    app = dash.Dash("limpide", server=bare)
    app.layout = html.Div([html.P(id="in"), html.P(id="out")])
    app.callback(dash.Output("out", "children"), dash.Input("in", "children"))(lambda value: value)
    headers.secure(bare, app)
    bare.test_client().get("/")
    return bare.test_client()


SOUND = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "children", "value": 1}],
    "changedPropIds": ["in.children"],
}


def test_a_callback_of_our_page_is_answered(app):
    answer = app.post("/_dash-update-component", json=SOUND)
    assert answer.status_code == 200
    assert answer.json["response"] == {"out": {"children": 1}}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        None,
        "text",
        SOUND | {"output": "nothing.children"},
        SOUND | {"output": ["out.children"]},
        SOUND | {"inputs": "in.children"},
        SOUND | {"inputs": [1]},
        SOUND | {"inputs": [{"property": "children"}]},
        SOUND | {"inputs": [[{"id": "in"}]]},
        SOUND | {"state": {"id": "in"}},
        SOUND | {"changedPropIds": 3},
    ],
)
def test_what_could_not_come_from_our_page_is_refused(app, body):
    answer = app.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "bad_request"


def test_so_is_what_is_not_json(app):
    assert app.post("/_dash-update-component", data="{", content_type="application/json").status_code == 400
    assert app.post("/_dash-update-component", data="x").status_code == 415
