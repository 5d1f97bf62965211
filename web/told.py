"""Reasons and warnings of an assessment in words, as every machine that asks is told them."""

from components.sentences import reason_text, warning_text
from data.portfolios import Portfolio
from model.results import Assessment


def reasons(portfolio: Portfolio, found: Assessment, lang: str) -> list[dict]:
    """Return the reasons of an assessment, the weightiest first, with their sentences."""
    return [
        {
            "code": reason.code,
            "feature": reason.feature,
            "direction": reason.direction,
            "text": reason_text(portfolio, reason, lang),
        }
        for reason in found.reasons
    ]


def warnings(portfolio: Portfolio, found: Assessment, lang: str) -> list[dict]:
    """Return what to check before deciding, with its sentences."""
    return [
        {
            "field": warning.field,
            "code": warning.code,
            "text": " ".join(warning_text(portfolio, warning, lang)),
        }
        for warning in found.warnings
    ]
