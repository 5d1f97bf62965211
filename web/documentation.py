"""The API's description, for programs (OpenAPI) and for people (a page that needs no other host)."""

from flask import Blueprint, Flask, Response, current_app, render_template, request

from components.formats import number
from components.i18n import t
from data import portfolios
from web import answers, openapi, schemas, validation
from web.identity import requires
from web.limits import MAX_RECORDS, MAX_RECORDS_BODY
from web.session import language

documentation = Blueprint("documentation", __name__)


def install(server: Flask) -> None:
    """Serve the description of the API."""
    server.register_blueprint(documentation)


@documentation.get("/api/openapi.json")
@requires(scope="any")
def as_json() -> Response:
    """Serve the description of the API as OpenAPI."""
    lang = validation.asked(schemas.Asked).lang or language()
    return answers.reply(openapi.document(current_app, lang))


@documentation.get("/api/docs")
@requires(scope="any")
def as_page() -> str:
    """Serve the description of the API as a page."""
    lang = language()
    document = openapi.document(current_app, lang)
    shapes = document["components"]["schemas"]
    return render_template(
        "api.html",
        t=t,
        lang=lang,
        document=document,
        records={name: shapes.pop(f"Record_{name}") for name in portfolios.available()},
        shapes=shapes,
        most=number(MAX_RECORDS, lang),
        largest=number(MAX_RECORDS_BODY, lang),
        kind=kind,
        bounds=bounds,
        example=_example,
    )


def kind(schema: dict) -> str:
    """Return the type of a JSON schema in short: ``number, null`` or ``[Reason]``."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{kind(schema['items'])}]"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return ", ".join(kind(choice) for choice in schema[several])
    types = schema.get("type") or ("string, null" if None in schema.get("enum", ()) else "any")
    return types if isinstance(types, str) else ", ".join(types)


def bounds(schema: dict, lang: str) -> str:
    """Return what a JSON schema allows: its bounds, or the values it lists."""
    if "const" in schema:
        return schema["const"]
    listed = schema.get("enum") or schema.get("examples")
    if listed:
        return ", ".join("null" if one is None else one for one in listed)
    low, high = (schema.get(end) for end in ("minimum", "maximum"))
    known = {(True, True): "between", (True, False): "least", (False, True): "most"}
    ends = known.get((low is not None, high is not None))
    if ends is None:
        return ""
    return t(f"web.docs.{ends}", lang, low=f"{low or 0:.10g}", high=f"{high or 0:.10g}")


def _example(path: str, method: str) -> str:
    """Return a command line that tries an address here."""
    address = request.host_url.rstrip("/") + path.replace("{portfolio}", portfolios.available()[0])
    address = address.replace("{client_id}", "$CLIENT")
    if method == "post":
        return f"curl -H 'Content-Type: application/json' --data @record.json {address}"
    return f"curl {address}"
