"""Dash's own address is checked like any other: a malformed callback is the caller's error, not ours."""

from collections.abc import Mapping
from functools import partial

from dash import Dash
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
    lists = [body.get(name, []) for name in ("inputs", "state", "changedPropIds")]
    return all(isinstance(one, list) for one in lists) and all(map(_is_value, lists[0] + lists[1]))


def _is_value(entry: object) -> bool:
    """Say whether an entry is a property of a component, or a list of them (pattern-matching ids)."""
    if isinstance(entry, list):
        return all(map(_is_value, entry))
    return isinstance(entry, dict) and isinstance(entry.get("id"), str | dict) and "property" in entry
