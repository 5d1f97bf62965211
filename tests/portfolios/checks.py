"""What every portfolio must pass, built in or made by command."""

import json
import re
import sys
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from dash._utils import to_json
from flask import Flask

from components import formats
from components.i18n import LANGUAGES, typeset
from data import portfolios
from model.assess import assess, assess_records
from tests.seen import of_kind, plain, text

OF_A_FILE = ("eligibility", "interpretation", "comparison", "simulation")
OF_THE_MODEL = ("performance", "fairness", "drift", "home", "decisions")
UNSAID = re.compile(r"\bnan\b|\bNone\b|[{}]|\bplural\b")


def shown(name: str, portfolio_id: str, lang: str, client: str | None = None):
    """Return a page as its layout gives it."""
    return sys.modules[f"pages.{name}"].layout(portfolio=portfolio_id, client=client, lang=lang)


def reads_well(portfolio_id: str, page) -> None:
    """Hold a page to be whole: one title, no word missing, no column told by its code."""
    said = text(page)
    assert len(of_kind(page, "H1")) == 1
    if found := UNSAID.search(said):
        pytest.fail(f"{said[max(0, found.start() - 60) : found.end() + 60]!r}")
    for column in portfolios.load(portfolio_id).columns.values():
        labels = " ".join(typeset(column.label(lang), lang) for lang in LANGUAGES)
        is_code = len(column.name) > 3 and column.name.lower() not in labels.lower()
        assert not is_code or not re.search(rf"\b{re.escape(column.name)}\b", said), column.name
    json.loads(to_json(page))


def agrees(server: Flask, portfolio_id: str, ids: Sequence[str]) -> None:
    """Hold page, API, door and scoring of many at once to say the same of the same files."""
    portfolio, visitor = portfolios.load(portfolio_id), server.test_client()
    alone = [assess(portfolio_id, client) for client in ids]
    together = assess_records(portfolio_id, [one.record for one in alone], ids)
    wordings = portfolio.words("fr")["decisions"]
    for client, found, many in zip(ids, alone, together, strict=True):
        address = f"/api/v1/{portfolio_id}/clients/{quote(client, safe='')}"
        answer = visitor.get(f"{address}/assessment?lang=fr").json
        assert answer["client_id"] == client
        assert answer["points"] == found.points == many.points
        assert answer["probability"] == found.probability
        assert answer["decision"] == portfolio.code(found.decision)
        assert adds_up(answer) < 1e-6
        with server.test_request_context("/"):
            said = plain(shown("eligibility", portfolio_id, "fr", client))
        assert f"{plain(formats.points(found.points, 'fr'))} points" in said
        assert plain(typeset(wordings[found.proposal], "fr")) in said


def adds_up(answer: dict) -> float:
    """Return by how much the contributions of an assessment miss its points."""
    parts = sum(one["points"] for one in answer["contributions"])
    return abs(answer["base_points"] + parts - answer["points"])
