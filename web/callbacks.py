"""Dash's own address is checked like any other: a malformed callback is the caller's error, not ours."""

from collections.abc import Mapping
from functools import partial

from dash import ALL, Dash, Output
from flask import Flask, request
from werkzeug.exceptions import BadRequest

_ADDRESS = "/_dash-update-component"


def check(server: Flask, app: Dash) -> None:
    """Refuse with 400 what could not come from one of our pages."""
    server.before_request(partial(_refuse_malformed, app.callback_map))


def _refuse_malformed(known: Mapping) -> None:
    if request.path == _ADDRESS and request.method == "POST" and not _is_sound(request.get_json(), known):
        raise BadRequest


def _is_sound(body: object, known: Mapping) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or body["output"] not in known:
        return False
    declared = known[body["output"]]
    if "callback" not in declared:
        return False  # the browser answers this one itself
    lists = [body.get(name, []) for name in ("inputs", "state", "changedPropIds")]
    if not all(isinstance(one, list) for one in lists) or not all(map(_is_value, lists[0] + lists[1])):
        return False
    if not all(isinstance(one, str) for one in lists[2]):
        return False
    counts = len(declared["inputs"]), len(declared["state"])
    return counts == (len(lists[0]), len(lists[1])) and _fills(body.get("outputs"), declared["output"])


def _is_value(entry: object) -> bool:
    """Say whether an entry is a property of a component, or a list of them (pattern-matching ids)."""
    if isinstance(entry, list):
        return all(map(_is_value, entry))
    return isinstance(entry, dict) and isinstance(entry.get("id"), str | dict) and "property" in entry


def _fills(given: object, declared: Output | list[Output]) -> bool:
    """Say whether the outputs asked for are those that the callback declares, one for one."""
    if isinstance(declared, list | tuple):
        return isinstance(given, list) and len(given) == len(declared) and all(map(_fills, given, declared))
    named = declared.component_id
    if isinstance(named, dict) and ALL in named.values():  # one for each component that it finds
        return isinstance(given, list) and all(_is_output(one, declared) for one in given)
    return _is_output(given, declared)


def _is_output(given: object, declared: Output) -> bool:
    if not isinstance(given, dict) or not _is_value(given):
        return False
    # Dash tells callbacks that share an output apart by what it writes after an "@".
    name = str(given["property"]).partition("@")[0]
    return Output(given["id"], name) == declared
