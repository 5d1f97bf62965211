"""No word of lending on the pages of prospects: every text, label, drawing and choice is read."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from acting import acting
from dash.development.base_component import Component
from ledgers import own_ledger
from tests_support import own_store

from components.act import Act
from components.i18n import LANGUAGES
from data import portfolios
from data.bank import open_bank
from data.ledger import register
from data.ledger.register import Filters
from model import batches, drift, drift_sides, service
from model.artifact import champion
from model.assess import assess

PROSPECTS = portfolios.load("prospects")
LENDING = {
    "fr": re.compile(
        r"dossier|\bclients?\b|crédit|\bprêt(s|eur)?\b|rembours|emprunt|\bdéfaut|\bdemandes?\b|"
        r"\brefus proposé|\bacceptation proposée|acceptée?s? de justesse|"
        r"défavorable|issue favorable|accepter personne",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\bfiles?\b|\bclients?\b|credit|\bloan|\blend|\bdefault|repa[iy]|borrow|\bapplica(nt|tions?\b)|"
        r"refusal proposed|acceptance proposed|\bjust accepted|unfavourable|favourable outcome|"
        r"accept(ing)? no one",
        re.IGNORECASE,
    ),
}
# What is sent to be checked is a computer's file: the page may say so.
ALLOWED = (
    "Choose a file",
    "Choose the file of the proposals received.",
    "A CSV (in UTF-8) or Parquet file, compressed or not, or a .zip of several tables.",
)
UNSEEN = {"id", "className", "href", "value", "type", "role", "style", "data", "tabIndex", "src", "name"}
READ_IN_FIGURES = {"text", "hovertext", "hovertemplate", "ticktext", "name", "title"}


def told(component: object) -> Iterator[str]:
    """Yield all that a component says: texts, labels and titles, the choices of a form, its drawings."""
    if isinstance(component, (list, tuple)):
        for part in component:
            yield from told(part)
    elif isinstance(component, Component):
        yield from told(component.to_plotly_json()["props"])
    elif isinstance(component, dict):
        for name, value in component.items():
            if name == "figure":
                yield from drawn(value)
            elif name not in UNSEEN and not str(name).startswith("data-"):
                yield from told(value)
    elif isinstance(component, str):
        yield component.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def drawn(figure: object, key: str = "") -> Iterator[str]:
    """Yield what a drawing says: names of axes and lines, ticks, notes, what shows under the pointer."""
    if isinstance(figure, (list, tuple)):
        for part in figure:
            yield from drawn(part, key)
    elif isinstance(figure, dict):
        for name, value in figure.items():
            yield from drawn(value, name)
    elif isinstance(figure, str) and key in READ_IN_FIGURES:
        yield from told(figure)


def faults(component: object, lang: str) -> list[str]:
    """Return what speaks of lending."""
    texts = list(told(component))
    assert sum(map(len, texts)) > 200, "nothing was read: this test looks in the wrong place"
    for allowed in ALLOWED:
        texts = [text.replace(allowed, "") for text in texts]
    return [text for text in texts if LENDING[lang].search(text)]


PAGES = {
    "home": ("home", "advisor", {}),
    "a proposal to contact": ("eligibility", "advisor", {"client": "accept"}),
    "a proposal to leave": ("eligibility", "advisor", {"client": "refuse"}),
    "no proposal": ("eligibility", "advisor", {}),
    "a number that is none": ("eligibility", "advisor", {"client": "9x"}),
    "interpretation": ("interpretation", "advisor", {"client": "accept"}),
    "comparison": ("comparison", "advisor", {"client": "accept"}),
    "comparison of one to leave": ("comparison", "advisor", {"client": "refuse"}),
    "simulation": ("simulation", "advisor", {"client": "refuse"}),
    "a blank form": ("simulation", "advisor", {"blank": "1"}),
    "decisions": ("decisions", "advisor", {}),
    "one decision": ("decision", "advisor", {"entry": "entry"}),
    "home of a manager": ("home", "manager", {}),
    "performance": ("performance", "manager", {}),
    "the model card": ("performance", "manager", {"view": "card"}),
    "fairness": ("fairness", "manager", {}),
    "drift": ("drift", "manager", {}),
    "an earlier batch": ("drift", "manager", {"batch": "1"}),
}


@pytest.fixture(scope="module")
def pages(server, prospects_store, tmp_path_factory) -> dict:
    """Every page in both languages, with two batches judged and a decision taken."""
    folder = tmp_path_factory.mktemp("said")
    for name in ("banks", "models"):
        (folder / name).symlink_to(prospects_store / name)
    with own_store(folder), own_ledger("sqlite", folder):
        service.forget()
        judge("2026-11-01", 0)
        judge("2026-11-20", 40)
        ids, _ = open_bank("prospects").search("", limit=60)
        known = {assess("prospects", one).proposal: one for one in ids}
        known["entry"] = decide(server, known["accept"])
        shown = {(said, lang): page(server, said, lang, known) for said in PAGES for lang in LANGUAGES}
    service.forget()
    return shown


def page(server, said: str, lang: str, known: dict[str, str]) -> Component:
    """Return a page as whoever it is for sees it."""
    name, role, given = PAGES[said]
    given = {key: known.get(value, value) for key, value in given.items()}
    given |= {} if name == "decision" else {"portfolio": "prospects"}
    with acting(server, "sam", role):
        return sys.modules[f"pages.{name}"].layout(**given, lang=lang)


def judge(day: str, lower: float) -> None:
    """Judge the year set aside, its points lowered."""
    model = champion("prospects")
    after = drift_sides.batch(PROSPECTS, model, open_bank("prospects").frame(labelled=True).head(800))
    about = drift.About(batches.new_id(), "", "bank", day, f"{day}T08:00:00+00:00")
    after = replace(after, points=after.points - lower)
    batches.keep(drift.judge(PROSPECTS, model, drift_sides.training(PROSPECTS, model), after, about))


def decide(server, client: str) -> str:
    """Decide on a proposal, as an advisor does; return the number of the decision."""
    pages_decide = sys.modules["pages._decide"]
    with acting(server, "ada", "advisor"):
        shown = pages_decide.panel(PROSPECTS, champion("prospects"), assess("prospects", client), "fr")
        (kept,) = [part for part in shown._traverse() if getattr(part, "_type", "") == "Store"]
        one = Act("decide", "prospects", client, "fr")
        pages_decide.step("save", one, PROSPECTS, "accept", "", kept.data, None)
    return register.page(Filters("prospects"))[0][0].id


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("said", PAGES)
def test_nothing_on_the_page_speaks_of_lending(pages, said, lang):
    assert not faults(pages[said, lang], lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_reading_finds_lending_where_it_is(server, store, lang):
    with own_store(store), acting(server, "sam", "manager"):
        service.forget()
        shown = sys.modules["pages.performance"].layout(portfolio="home_credit", lang=lang)
        assert len(faults(shown, lang)) > 20
    service.forget()
