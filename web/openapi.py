"""The API's description in OpenAPI 3.1, drawn from the routes, the schemas and the portfolios."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from components.i18n import t, typeset
from data import portfolios
from data.portfolios import Column, Portfolio
from model import artifact
from web import codes, model_schemas, schemas, schemas_decisions, schemas_drift
from web.bodies import LARGEST_WHOLE
from web.limits import MAX_RECORDS
from web.validation import ID_PATTERN, LONGEST_ID

VERSION = "1.0.0"
_OPERATION = "api_operation"
_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Operation:
    """What the description says of one route; ``name`` is its key in the texts."""

    name: str
    answers: type[BaseModel]
    asks: type[BaseModel] | None
    errors: tuple[int, ...]
    takes_records: bool
    takes: type[BaseModel] | None
    once: bool
    as_csv: bool


def documented(
    name: str,
    *,
    answers: type[BaseModel],
    asks: type[BaseModel] | None = None,
    errors: tuple[int, ...] = (),
    takes_records: bool = False,
    takes: type[BaseModel] | None = None,
    once: bool = False,
    as_csv: bool = False,
) -> Callable[[Callable], Callable]:
    """Mark a view as part of the API's description.

    Parameters
    ----------
    takes : what the body holds; records of a portfolio with ``takes_records``
    once : whether a key makes the request happen once
    as_csv : whether the answer may be asked for as CSV
    """

    def mark(view: Callable) -> Callable:
        setattr(view, _OPERATION, Operation(name, answers, asks, errors, takes_records, takes, once, as_csv))
        return view

    return mark


def operations(server: Flask) -> Iterator[tuple[str, str, Operation]]:
    """Yield address template, method and operation of each documented route."""
    for rule in server.url_map.iter_rules():
        operation = getattr(server.view_functions[rule.endpoint], _OPERATION, None)
        if operation:
            method = "post" if "POST" in rule.methods else "get"
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method, operation


def document(server: Flask, lang: str) -> dict:
    """Return the OpenAPI document of ``server``, told in ``lang``."""
    paths: dict[str, dict] = {}
    for path, method, operation in operations(server):
        paths.setdefault(path, {})[method] = _operation(path, operation, lang)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": t("web.api.title", lang),
            "version": VERSION,
            "description": t("web.api.description", lang),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(lang) | {name: s for name, s in _records(lang)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def record_schema(portfolio: Portfolio, lang: str) -> dict:
    """Return the JSON schema of a record of ``portfolio``: every field that may be sent."""
    words, known = portfolio.words(lang), _known_texts(portfolio)
    sent = [c for c in portfolio.columns.values() if c.source != "made" and c.role != "target"]
    fields = {column.name: _field(portfolio, column, known.get(column.name), lang) for column in sent}
    for family in portfolio.families:
        told = t("web.field.covered", lang, family=words.get("families", {}).get(family, family))
        fields[f"covered_{family}"] = {"type": ["boolean", "null"], "description": told}
    return {
        "type": "object",
        "title": typeset(words.get("name", portfolio.id), lang),
        "properties": fields,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _known_texts(portfolio: Portfolio) -> Mapping[str, Sequence[str]]:
    """Return the texts that the model in service knows for each column; it refuses any other."""
    try:
        return artifact.champion(portfolio.id).card["given_texts"]
    except (artifact.ModelMissing, artifact.ModelDamaged):
        return {}


def _field(portfolio: Portfolio, column: Column, known: Sequence[str] | None, lang: str) -> dict:
    described: dict = {"description": typeset(column.label(lang), lang)}
    if column.role == "id":
        whole = {"minimum": -LARGEST_WHOLE, "maximum": LARGEST_WHOLE}  # beyond, digits are lost
        text = {"maxLength": LONGEST_ID, "pattern": ID_PATTERN}
        return {"type": ["string", "integer", "null"]} | text | whole | described
    if known is not None:
        return {"enum": [*known, None]} | described
    if column.kind == "category":
        return {"type": ["string", "null"]} | described
    bounds = {"minimum": column.low, "maximum": column.high}
    # A flag without bounds is written in letters by the source.
    kind = ["string", "null"] if column.kind == "flag" and column.low is None else ["number", "null"]
    return {"type": kind} | described | {name: edge for name, edge in bounds.items() if edge is not None}


def _operation(path: str, operation: Operation, lang: str) -> dict:
    answer = {"$ref": _REF + operation.answers.__name__}
    if operation.takes_records:
        answer = {"oneOf": [answer, {"type": "array", "items": answer}]}
    described = {
        "operationId": operation.name,
        "summary": t(f"web.api.{operation.name}.summary", lang),
        "description": t(f"web.api.{operation.name}.description", lang),
        "parameters": [
            *_path_parameters(path, lang),
            *_query_parameters(operation.asks, lang),
            *([_key_parameter(lang)] if operation.once else []),
        ],
        # None is asked for where nobody logs in.
        **({"security": [{"token": []}, {}]} if operation.asks else {}),
        "responses": {"200": _content(t("web.api.answered", lang), answer)} | _errors(operation, lang),
    }
    if operation.takes_records:
        described["requestBody"] = {"required": True} | _records_body(lang)
    if operation.takes:
        body = _content(t("web.api.sent", lang), {"$ref": _REF + operation.takes.__name__})
        described["requestBody"] = {"required": True} | body
    if operation.as_csv:
        described["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
    return described


def _key_parameter(lang: str) -> dict:
    told = t("web.field.key", lang)
    schema = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}
    return {"name": "Idempotency-Key", "in": "header", "description": told, "schema": schema}


def _path_parameters(path: str, lang: str) -> Iterator[dict]:
    for name in re.findall(r"{(\w+)}", path):
        schema: dict = {"type": "string"}
        if name == "portfolio":
            schema["enum"] = list(portfolios.available())
        told = t(f"web.field.{name}", lang)
        yield {"name": name, "in": "path", "required": True, "description": told, "schema": schema}


def _query_parameters(asks: type[BaseModel] | None, lang: str) -> Iterator[dict]:
    if asks is None:
        return
    for name, schema in asks.model_json_schema()["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in ("description", "title")}
        if "anyOf" in kept:  # optional: leaving it out says so
            kept = kept["anyOf"][0]
        told = t(schema["description"], lang)
        if schemas.DECISIONS in schema:
            kept, told = {"type": "string", "enum": _codes(schema)}, f"{told} {_codes_told(schema)}"
        yield {"name": name, "in": "query", "description": told, "schema": kept}


def _codes(schema: Mapping) -> list[str]:
    """Return every code that a field may hold in one portfolio or another."""
    every = (
        codes.possible(portfolios.load(name), schema[schemas.DECISIONS]) for name in portfolios.available()
    )
    return list(dict.fromkeys(code for known in every for code in known))


def _codes_told(schema: Mapping) -> str:
    """Say the codes of each portfolio."""
    told = (
        f"{name}: {', '.join(codes.possible(portfolios.load(name), schema[schemas.DECISIONS]))}"
        for name in portfolios.available()
    )
    return f"({'; '.join(told)})"


def _of_decisions(schema: Mapping, lang: str) -> dict:
    """Return the schema of a field that holds a decision, by the codes of the portfolios."""
    may_lack = {"type": "null"} in schema.get("anyOf", ())
    kind, missing = (["string", "null"], [None]) if may_lack else ("string", [])
    told = f"{t(schema['description'], lang)} {_codes_told(schema)}"
    # The register also holds decisions of portfolios that are gone, by the codes of the house.
    kept = schema[schemas.DECISIONS] if may_lack else ()
    known = dict.fromkeys((*_codes(schema), *kept, *missing))
    return {"type": kind, "enum": list(known), "description": told}


def _errors(operation: Operation, lang: str) -> dict:
    # Whatever asks who is there may refuse, or find the ledger, which knows, silent.
    always = {401, 403, 422, 429, 500, 503} if operation.asks else set()
    error = {"$ref": _REF + schemas.Error.__name__}
    return {
        str(status): _content(t(f"web.status.{status}", lang), error)
        for status in sorted({*operation.errors, *always})
    }


def _records_body(lang: str) -> dict:
    records = [{"$ref": _REF + _record_name(name)} for name in portfolios.available()]
    one = records[0] if len(records) == 1 else {"anyOf": records}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_RECORDS}
    return _content(t("web.api.records", lang), {"oneOf": [one, many]})


def _content(told: str, schema: dict) -> dict:
    return {"description": told, "content": {"application/json": {"schema": schema}}}


def _records(lang: str) -> Iterator[tuple[str, dict]]:
    for portfolio_id in portfolios.available():
        yield _record_name(portfolio_id), record_schema(portfolios.load(portfolio_id), lang)


def _record_name(portfolio_id: str) -> str:
    return f"Record_{portfolio_id}"


def _schemas(lang: str) -> dict:
    return _translated(_raw_schemas(), lang)


@cache
def _raw_schemas() -> Mapping:
    answered = (
        schemas.Health,
        schemas.Portfolios,
        schemas.Clients,
        schemas.Record,
        schemas.Assessment,
        schemas.Recourse,
        model_schemas.ModelCard,
        schemas_drift.Drift,
        schemas_decisions.Decisions,
        schemas_decisions.DecisionRead,
        schemas.Error,
    )
    taken = (
        schemas_decisions.DecisionSent,
        schemas_decisions.ContestSent,
        schemas_decisions.ReviewSent,
    )
    shapes = [(model, "serialization") for model in answered] + [(model, "validation") for model in taken]
    _, found = models_json_schema(shapes, ref_template=_REF + "{model}")
    return found["$defs"]


def _translated(schema: object, lang: str) -> object:
    """Return a schema with its descriptions, which are keys, turned into words; titles left out."""
    if isinstance(schema, list):
        return [_translated(item, lang) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get(schemas.DECISIONS), list):
        return _of_decisions(schema, lang)
    told = {}
    for key, value in schema.items():
        if key == "description" and isinstance(value, str):
            if value.startswith("web."):  # what pydantic takes from a docstring is left out
                told[key] = t(value, lang)
        elif key != "title" or not isinstance(value, str):
            told[key] = _translated(value, lang)
    return told
