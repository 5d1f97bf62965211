"""Results of the model, written as the API answers them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import orjson
from flask import Response

from components.i18n import typeset
from components.proposals import change_text, limits_text, proposal_text, rules_text, summary_text
from components.sentences import policy_text, reasons_told, warnings_told
from data import bank, portfolios
from data.portfolios import Portfolio
from model import artifact, ranking
from model.ranking import Ranking
from model.results import Assessment, Proposal, Recourse
from web import metrics, requestlog
from web.exports import FORMULA

Found = TypeVar("Found")
Standings = Sequence[tuple[int, Ranking]]


def reply(content: object) -> Response:
    """Return ``content`` as JSON. NaN, which JSON does not know, becomes null."""
    return Response(_written(content), mimetype="application/json")


def written(found: Assessment, lang: str, standing: Ranking | None = None) -> orjson.Fragment:
    """Return an assessment as JSON already written: a thousand of them take little memory so.

    ``standing`` is where it stands in a list that is ranked.
    """
    ranked = {} if standing is None else {"ranking": standing}
    return orjson.Fragment(_written(assessment(found, lang) | ranked))


def as_csv(portfolio: Portfolio, found: Sequence[Assessment], standings: Standings | None) -> Response:
    """Return assessments as flat rows, in the columns that ``python -m model score`` writes."""
    for one in found:
        metrics.assessed(one, "api")
    rows = [ranking.row(portfolio, one) for one in found]
    for row in rows:  # a number of the caller's own that a spreadsheet would compute
        if (row[portfolio.id_column] or "").startswith(FORMULA):
            row[portfolio.id_column] = f"'{row[portfolio.id_column]}"
    text = ranking.frame(portfolio, rows, standings).write_csv()
    named = {"Content-Disposition": f'attachment; filename="{portfolio.id}-assessments.csv"'}
    return Response(text, mimetype="text/csv", headers=named)


def assessment(found: Assessment, lang: str) -> dict:
    """Return an assessment in the shape of :class:`web.schemas.Assessment`, its texts in ``lang``."""
    portfolio = portfolios.load(found.portfolio)
    metrics.assessed(found, "api")
    return {
        "client_id": found.client_id,
        "portfolio": found.portfolio,
        "model_version": found.model_version,
        "probability": found.probability,
        "points": found.points,
        "threshold": found.threshold,
        "pass_mark": found.pass_mark,
        "grey_low": found.grey_low,
        "grey_high": found.grey_high,
        "decision": portfolio.code(found.decision),
        "proposal": portfolio.code(found.proposal),
        "policy": [
            {
                "code": rule.code,
                "decision": portfolio.code(rule.decision),
                "text": policy_text(portfolio, rule, lang),
            }
            for rule in found.policy
        ],
        "base_points": found.base_points,
        "contributions": found.contributions,  # orjson writes dataclasses field by field
        "reasons": reasons_told(portfolio, found, lang),
        "warnings": warnings_told(portfolio, found, lang),
        "decision_id": found.decision_id,
    } | ({"offers": found.offers} if "offers" in portfolio.settings else {})


def recourse(found: Recourse, lang: str) -> dict:
    """Return what would change a decision in the shape of :class:`web.schemas.Recourse`."""
    portfolio, model = portfolios.load(found.portfolio), artifact.champion(found.portfolio)
    sentences = (
        summary_text(portfolio, found, lang),
        limits_text(portfolio, found.levers, lang),
        rules_text(portfolio, lang) if found.levers else "",
    )
    return {
        "client_id": found.client_id,
        "portfolio": found.portfolio,
        "model_version": model.version,
        "decision": portfolio.code(found.decision),
        "points": found.points,
        "pass_mark": model.pass_mark,
        "proposals": [_proposal(portfolio, proposal, lang) for proposal in found.proposals],
        "levers": [
            {
                "field": lever.feature,
                "label": _label(portfolio, lever.feature, lang),
                "value": lever.value,
                "low": lever.low,
                "high": lever.high,
                "step": lever.step,
            }
            for lever in found.levers
        ],
        "tried": found.tried,
        "text": " ".join(part for part in sentences if part),
    }


def _proposal(portfolio: Portfolio, proposal: Proposal, lang: str) -> dict:
    changes = [
        {
            "field": change.feature,
            "label": _label(portfolio, change.feature, lang),
            "from": change.before,
            "to": change.after,
            "text": change_text(portfolio, change, lang),
        }
        for change in proposal.changes
    ]
    return {
        "changes": changes,
        "points": proposal.points,
        "probability": proposal.probability,
        "decision": portfolio.code(proposal.decision),
        "effort": proposal.effort,
        "text": proposal_text(portfolio, proposal, lang),
    }


def _label(portfolio: Portfolio, feature: str, lang: str) -> str:
    return typeset(portfolio.columns[feature].label(lang), lang)


def portfolio_state(portfolio_id: str, lang: str) -> dict:
    """Return a portfolio and what is in place for it (:class:`web.schemas.PortfolioState`)."""
    words = portfolios.load(portfolio_id).words(lang)
    stored, model = bank_part(portfolio_id), model_part(portfolio_id)
    return {
        "id": portfolio_id,
        "name": words.get("name", portfolio_id),
        "question": words.get("question", ""),
        "synthetic": stored["synthetic"],
        "clients": stored["clients"],
        "model_version": model["version"],
    }


def health() -> dict:
    """Return the state of the application (:class:`web.schemas.Health`)."""
    found = [
        {"id": name, "bank": bank_part(name), "model": model_part(name)} for name in portfolios.available()
    ]
    ready = any(entry["bank"]["state"] == entry["model"]["state"] == "ready" for entry in found)
    return {"status": "ok", "ready": ready, "portfolios": found}


def bank_part(portfolio_id: str) -> dict:
    """Return the state of a portfolio's bank (:class:`web.schemas.BankPart`)."""
    state, opened = _state(lambda: bank.open_bank(portfolio_id), bank.BankMissing)
    return {
        "state": state,
        "synthetic": opened.meta.synthetic if opened else None,
        "clients": opened.meta.clients if opened else None,
    }


def model_part(portfolio_id: str) -> dict:
    """Return the state of a portfolio's champion (:class:`web.schemas.ModelPart`)."""
    state, model = _state(lambda: artifact.champion(portfolio_id), artifact.ModelMissing)
    return {"state": state, "version": model.version if model else None}


def _state(find: Callable[[], Found], missing: type[Exception]) -> tuple[str, Found | None]:
    try:
        return "ready", find()
    except missing:
        return "missing", None
    except Exception as error:
        requestlog.unexpected(error)
        return "unreadable", None


def _written(content: object) -> bytes:
    # `default`: DuckDB gives some computed columns as decimals.
    return orjson.dumps(content, default=float, option=orjson.OPT_SERIALIZE_NUMPY)
