"""Reading a JSON body strictly: what is doubtful is refused, not guessed."""

import json
import math

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from web.errors import Refused

_EXACT_DIGITS = 15  # of a whole number, its sign among them: up to here it is the same as a float
LARGEST_WHOLE = 10 ** (_EXACT_DIGITS - 1) - 1  # either sign


def read_json(limit: int) -> object:
    """Return the JSON value in the body of the request, of at most ``limit`` bytes.

    Raises
    ------
    Refused
        400 when the body is not UTF-8 JSON, names a field twice, or holds NaN or Infinity.
    werkzeug.exceptions.UnsupportedMediaType
        When the body is not announced as JSON.
    werkzeug.exceptions.RequestEntityTooLarge
        When it is too large.
    """
    request.max_content_length = limit
    body = request.get_data(cache=False)
    if request.content_length is None and len(body) >= limit:
        raise RequestEntityTooLarge  # sent in chunks: Werkzeug cuts it off without a word
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole)
        if "\\ud" in text.lower():  # half a surrogate pair is no text
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise Refused(400, "invalid_json", line=error.lineno, column=error.colno) from None
    except UnicodeError:
        raise Refused(400, "invalid_text") from None
    except RecursionError:
        raise Refused(400, "too_deep") from None
    return value


def shown(value: object, longest: int = 80) -> object:
    """Return a received value as it may be repeated in an answer: plain and short."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str) and len(value) > longest:
        return value[: longest - 1] + "…"
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise Refused(400, "field_twice", [{"field": shown(twice), "code": "field_twice"}])
    return found


def _constant(_name: str) -> None:
    raise Refused(400, "not_finite")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else float(digits)
