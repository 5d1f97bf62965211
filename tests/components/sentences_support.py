"""Reasons made by hand, and what every sentence for a client must keep to."""

import re
from dataclasses import replace

from components.i18n import typeset
from data import portfolios
from model.results import Reason

HOME_CREDIT = portfolios.load("home_credit")
NUMBERS = [name for name in HOME_CREDIT.inputs if HOME_CREDIT.columns[name].kind not in ("flag", "category")]
# Said of a client these blame, promise or say nothing; some are the workshop's own words.
BANNED = (
    "score too low", "low score", "insufficient score", "internal policy", "our policy", "credit policy",
    "high risk", "high-risk", "risk profile", "profile", "bad payer", "creditworth", "denied", "reject",
    "shap", "log-odds", "logit", "feature", "default", "algorithm", "undefined",
    "score insuffisant", "note insuffisante", "insuffisan", "politique interne", "politique de", "profil",
    "risque élevé", "à risque", "mauvais", "solvab", "défaut", "probabilité", "algorithme", "intelligence",
    "malheureusement", "unfortunately", "félicitations", "congratulations", "oups", "oops",
)  # fmt: skip
BANNED_WORDS = re.compile(r"\b(IA|AI|XNA|XAP|NaN|nan|None|null|[A-Z]+_[A-Z_0-9]+)\b(?! of)")


def numbers(column: portfolios.Column) -> dict[str, float]:
    """Values of a number that stand below, near and above a reference, within its bounds."""
    low = -1000.0 if column.low is None else max(column.low, -1000.0)
    high = low + 2000.0 if column.high is None else min(column.high, low + 2000.0)
    return {"below": low + 0.31 * (high - low), "near": low + 0.5 * (high - low), "above": high}


def values(column: portfolios.Column, lang: str) -> dict[str, float | str]:
    if column.kind == "flag":
        return {"below": 0.0, "near": 1.0, "above": 1.0}
    if column.kind == "category":
        codes = list(HOME_CREDIT.words(lang)["categories"][column.name])
        return dict(zip(("below", "near", "above"), (codes[0], codes[1], codes[-1]), strict=True))
    return numbers(column)


def reason(feature: str, direction: str, standing: str, lang: str, **changes) -> Reason:
    column = HOME_CREDIT.columns[feature]
    known = values(column, lang)
    told = Reason(
        code=f"{feature}.{direction}",
        feature=feature,
        direction=direction,
        points=-12.4 if direction == "takes" else 12.4,
        value=None if standing == "missing" else known[standing],
        reference=known["near"],
        standing=standing,
        features=(feature,),
    )
    return replace(told, **changes)


def assert_reads_well(text: str, lang: str) -> None:
    """Fail on anything that a reader aloud would stumble on."""
    assert text.strip() == text
    assert text
    assert not re.search(r"[{}\[\]<>_]", text), text
    assert not re.search(r"\s\s|\s[.,)]|\.\.", text), text
    assert text[0].isupper() or text[0].isdigit() or text[0] in "«“−", text
    assert text[-1] in ".…", text
    assert "'" not in text, text
    assert "-" not in re.findall(r"(?<![\w])-(?=\d)", text), f"hyphen for a minus: {text}"
    assert not [phrase for phrase in BANNED if phrase in text.lower()], text
    assert not BANNED_WORDS.search(text), text
    if lang == "fr":
        assert typeset(text, "fr") == text, text
        assert not re.search(r"[^\u202f\s][;?!%]|(?<![\u00a0\d]):(?!\d)", text), f"space missing: {text}"
    else:
        assert not re.search(r"[\u202f«»]|\s[:;?!%]", text), f"French typography in English: {text}"
