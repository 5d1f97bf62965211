import json

import dash
import pytest
from dash import html

from web import headers


@pytest.fixture
def app(bare):
    app = dash.Dash("limpide", server=bare)
    app.layout = html.Div([html.P(id=name) for name in ("in", "out", "one", "two", "here")])
    app.callback(dash.Output("out", "children"), dash.Input("in", "children"))(lambda value: value)
    app.callback(
        dash.Output("one", "children"), dash.Output("two", "children"), dash.Input("in", "children")
    )(lambda value: (value, value))
    app.callback(dash.Output({"row": dash.ALL}, "children"), dash.Input("in", "children"))(
        lambda value: [value] * 2
    )
    app.clientside_callback("value => value", dash.Output("here", "children"), dash.Input("in", "children"))
    headers.secure(bare, app)
    bare.test_client().get("/")
    return bare.test_client()


SOUND = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "children", "value": 1}],
    "changedPropIds": ["in.children"],
}
ONE, TWO = ({"id": name, "property": "children"} for name in ("one", "two"))
PAIR = SOUND | {"output": "..one.children...two.children..", "outputs": [ONE, TWO]}
ROWS = [{"id": {"row": place}, "property": "children"} for place in (1, 2)]
EACH = SOUND | {"output": '{"row":["ALL"]}.children', "outputs": ROWS}
OURS = {"output": "here.children", "outputs": {"id": "here", "property": "children"}}


def test_a_callback_of_our_page_is_answered(app):
    answer = app.post("/_dash-update-component", json=SOUND)
    assert answer.status_code == 200
    assert answer.json["response"] == {"out": {"children": 1}}


def test_so_is_one_with_two_outputs(app):
    answer = app.post("/_dash-update-component", json=PAIR)
    assert answer.json["response"] == {"one": {"children": 1}, "two": {"children": 1}}


def test_so_is_one_that_fills_every_row(app):
    answer = app.post("/_dash-update-component", json=EACH)
    assert answer.json["response"] == {'{"row":1}': {"children": 1}, '{"row":2}': {"children": 1}}


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
        {name: value for name, value in SOUND.items() if name != "outputs"},
        SOUND | {"changedPropIds": [3]},
        SOUND | {"outputs": None},
        SOUND | {"outputs": []},
        SOUND | {"outputs": [SOUND["outputs"]]},
        SOUND | {"outputs": "out.children"},
        SOUND | {"outputs": {"id": "in", "property": "children"}},
        SOUND | {"outputs": {"id": "out", "property": ["children"]}},
        SOUND | {"outputs": [[SOUND["outputs"]]]},
        SOUND | {"inputs": []},
        SOUND | {"inputs": SOUND["inputs"] * 2},
        SOUND | {"state": SOUND["inputs"]},
        PAIR | {"outputs": []},
        PAIR | {"outputs": [ONE]},
        PAIR | {"outputs": ONE},
        PAIR | {"outputs": [TWO, ONE]},
        PAIR | {"outputs": [ONE, TWO, TWO]},
        EACH | {"outputs": ROWS[0]},
        EACH | {"outputs": [ROWS]},
        EACH | {"outputs": [{"id": {"line": 1}, "property": "children"}]},
        SOUND | OURS,
    ],
)
def test_what_could_not_come_from_our_page_is_refused(app, body):
    answer = app.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "bad_request"


def test_so_is_what_is_not_json(app):
    assert app.post("/_dash-update-component", data="{", content_type="application/json").status_code == 400
    assert app.post("/_dash-update-component", data="x").status_code == 415
