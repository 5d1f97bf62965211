"""The words of the interface, in French and English, kept in ``locales/*.json``."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from data.portfolios import Portfolio

LANGUAGES = ("fr", "en")
LOCALES = Path(__file__).parent / "locales"

NARROW = "\u202f"  # French: between thousands, before % ; ? !
WIDE = "\u00a0"  # French: before : and €, inside « »
_FRENCH_SPACING = (
    (re.compile(r"(?<!\s) (?=[;?!%])"), NARROW),
    (re.compile(r"(?<!\s) (?=:)"), WIDE),
    (re.compile(r"(?<=«) | (?=»)"), WIDE),
)


def t(key: str, lang: str, /, **values: object) -> str:
    """Return the text of ``key`` in ``lang``, its ``{placeholders}`` filled from ``values``.

    Raises
    ------
    KeyError
        When there is no such key in that language, or a placeholder has no value.
    """
    return texts(lang)[key].format(**values)


def own(portfolio: Portfolio, key: str, lang: str, /, **values: object) -> str:
    """Return the text of ``key`` as this portfolio says it (``texts`` of its words), else :func:`t`."""
    said = portfolio.words(lang).get("texts", {}).get(key)
    return t(key, lang, **values) if said is None else typeset(said, lang).format(**values)


def plural(key: str, count: int, lang: str, /, **values: object) -> str:
    """Return ``key.one`` or ``key.many`` as ``count`` asks, with ``count`` among the values.

    French counts zero as singular, English as plural.
    """
    return t(_counted(key, count, lang), lang, **{"count": count} | values)


def own_plural(portfolio: Portfolio, key: str, count: int, lang: str, /, **values: object) -> str:
    """Return what :func:`plural` does, as this portfolio says it."""
    return own(portfolio, _counted(key, count, lang), lang, **{"count": count} | values)


def _counted(key: str, count: int, lang: str) -> str:
    single = abs(count) < 2 if lang == "fr" else abs(count) == 1
    return f"{key}.{'one' if single else 'many'}"


def keys(lang: str) -> frozenset[str]:
    """Return every key known in ``lang``."""
    return frozenset(texts(lang))


@cache
def texts(lang: str) -> Mapping[str, str]:
    """Return all texts of ``lang``: ``<lang>.json`` and every ``*.<lang>.json`` beside it.

    Raises
    ------
    KeyError
        When the language is unknown.
    ValueError
        When two files hold the same key.
    """
    if lang not in LANGUAGES:
        raise KeyError(f"language {lang!r}: expected one of {', '.join(LANGUAGES)}")
    found: dict[str, str] = {}
    for path in [LOCALES / f"{lang}.json", *sorted(LOCALES.glob(f"*.{lang}.json"))]:
        for key, text in json.loads(path.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"{path.name}: key {key!r} is already defined in another file")
            found[key] = typeset(text, lang)
    return found


def typeset(text: str, lang: str) -> str:
    """Return ``text`` with typographic apostrophes and, in French, its proper spaces.

    Whoever writes a locale file types ordinary spaces and apostrophes.
    """
    text = text.replace("'", "’")
    if lang == "fr":
        for pattern, space in _FRENCH_SPACING:
            text = pattern.sub(space, text)
    return text
