"""Performance tells how sure the model is, or how to measure it."""

import sys

import pytest

from components.i18n import LANGUAGES
from tests.components.test_evidence import HELD
from tests.seen import of_kind, plain

PORTFOLIO = "home_credit"


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.performance"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_model_trained_without_evidence_says_how_to_measure_it(page, store, lang):
    shown = page.layout(portfolio=PORTFOLIO, lang=lang)
    assert "python -m model train home_credit --with-evidence" in plain(shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_evidence_that_was_measured_stands_between_candidates_and_metrics(page, store, lang, monkeypatch):
    monkeypatch.setattr(page, "measured", lambda model, name: HELD)
    shown = page.layout(portfolio=PORTFOLIO, lang=lang)
    order = [part.id for part in of_kind(shown, "Section") if getattr(part, "id", None)]
    first = order.index("candidates")
    assert order[first + 1 :] == [
        "learning", "brought", "fewer", "chance", "directions", "importance", "metrics",
    ]  # fmt: skip
