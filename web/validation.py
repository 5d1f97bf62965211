"""What is wrong with what was sent, told field by field: value, what was expected, remedy."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from components.formats import number
from components.i18n import t
from data.portfolios import Portfolio
from model.results import Fault
from web.bodies import read_json, shown
from web.errors import Refused
from web.limits import MAX_BODY
from web.session import language

Model = TypeVar("Model", bound=BaseModel)
_KINDS = {
    "a number": "number",
    "text": "text",
    "a short text": "short_text",
    "true or false": "boolean",
    "a record": "record",
}
LONGEST_ID = 64
ID_PATTERN = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"  # not empty; the ledger's databases keep no NUL


def asked(schema: type[Model]) -> Model:
    """Return the query of the request as ``schema``.

    Raises
    ------
    Refused
        422, naming each parameter that is unknown or out of bounds.
    """
    try:
        return schema.model_validate(request.args.to_dict())
    except ValidationError as error:
        lang = language()
        described = schema.model_json_schema()["properties"]
        details = [_of_query(fault, described, lang) for fault in error.errors()]
        raise Refused(422, "invalid_query", details) from None


def sent(schema: type[Model]) -> Model:
    """Return the body of the request as ``schema``.

    Raises
    ------
    Refused
        400 when it is no JSON; 422, naming each field that is missing, unknown or out of bounds.
    """
    lang, body = language(), read_json(MAX_BODY)
    try:
        return schema.model_validate(body, strict=True)
    except ValidationError as error:
        described = schema.model_json_schema()["properties"]
        raise Refused(
            422, "invalid_body", [_of_body(one, described, lang) for one in error.errors()]
        ) from None


def _of_body(fault: Mapping, described: Mapping[str, Mapping], lang: str) -> dict:
    if not fault["loc"]:
        expected = t("web.expected.object", lang, fields=", ".join(described))
        return {"field": "", "code": "wrong_type", "value": shown(fault["input"]), "expected": expected,
                "remedy": t("web.remedy.body", lang)}  # fmt: skip
    told = _of_query(fault, described, lang) | {"remedy": t("web.remedy.body", lang)}
    if fault["type"] == "missing":
        return told | {"code": "missing", "value": None}
    if fault["type"].endswith("_type") or fault["type"] == "literal_error":
        return told | {"code": "wrong_type" if fault["type"].endswith("_type") else "impossible"}
    return told


def of_record(portfolio: Portfolio, fault: Fault, lang: str, index: int | None) -> dict:
    """Return what is told of a fault in a record; ``index`` is its place in the list sent."""
    place = {} if index is None else {"index": index}
    return place | {
        "field": shown(fault.field),
        "code": fault.code,
        "value": shown(fault.value),
        "expected": _expected(portfolio, fault, lang),
        "remedy": _remedy(portfolio, fault, lang),
    }


def _of_query(fault: Mapping, described: Mapping[str, Mapping], lang: str) -> dict:
    name = str(fault["loc"][0])
    if name not in described:
        known = t("web.expected.one_of", lang, allowed=", ".join(described))
        remedy = _other_name(name, described, lang)
        return {
            "field": shown(name),
            "code": "unknown_field",
            "value": shown(fault["input"]),
            "expected": known,
            "remedy": remedy,
        }
    return {
        "field": name,
        "code": "wrong_type" if "parsing" in fault["type"] else "impossible",
        "value": shown(fault["input"]),
        "expected": _by_schema(described[name], lang),
        "remedy": t("web.remedy.query", lang),
    }


def _by_schema(schema: Mapping, lang: str) -> str:
    """Say in words what a parameter's JSON schema allows."""
    if schema.get("type") == "object":
        return t("web.expected.record", lang)
    for choice in (schema, *schema.get("anyOf", ())):
        if "enum" in choice or "const" in choice:
            allowed = choice.get("enum") or [choice["const"]]
            return t("web.expected.one_of", lang, allowed=", ".join(allowed))
    for choice in (schema, *schema.get("anyOf", ())):
        if choice.get("type") == "number":
            low, high = number(choice["minimum"], lang), number(choice["maximum"], lang)
            return t("web.expected.between", lang, low=low, high=high)
    if schema.get("type") == "integer":
        low, high = number(schema["minimum"], lang), number(schema["maximum"], lang)
        return t("web.expected.whole_between", lang, low=low, high=high)
    return t("web.expected.text_up_to", lang, longest=schema["maxLength"])


def _expected(portfolio: Portfolio, fault: Fault, lang: str) -> str:
    if fault.code == "impossible":
        low, high = (None if edge is None else f"{edge:.10g}" for edge in fault.expected)
        known = "between" if low and high else "least" if low else "most"
        return t(f"web.expected.{known}", lang, low=low, high=high)
    if fault.code == "unknown_category":
        return t("web.expected.one_of", lang, allowed=", ".join(fault.expected))
    if fault.code == "wrong_type":
        return t(f"web.expected.{_KINDS[fault.expected]}", lang, longest=LONGEST_ID)
    return t("web.expected.field", lang, portfolio=portfolio.id)


def _remedy(portfolio: Portfolio, fault: Fault, lang: str) -> str:
    if fault.code == "unknown_field":
        return _other_name(fault.field, portfolio.columns, lang)
    return t(f"web.remedy.{fault.code}", lang)


def _other_name(name: str, known: Iterable[str], lang: str) -> str:
    spelt = {other.upper(): other for other in known}
    near = get_close_matches(name[:64].upper(), spelt, n=1)
    return t("web.remedy.near", lang, name=spelt[near[0]]) if near else t("web.remedy.unknown_field", lang)
