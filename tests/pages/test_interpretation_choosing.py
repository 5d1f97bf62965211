"""Choosing an information on the interpretation page: drawn, kept in the address, and safe when forged."""

import json
import re
import sys

import orjson
import pytest

from components.i18n import LANGUAGES
from components.influence import ALONE, PARTNER
from data.bank import UnknownClient
from data.portfolios import UnknownPortfolio
from model import globals as population
from model.artifact import champion
from tests.seen import attribute, find, of_kind, plain, section, show, written

PORTFOLIO = "home_credit"


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.interpretation"]


FIGURE = 3_000  # bytes


def as_id(state: dict, part: str) -> str:
    """Return an id as the browser writes it."""
    return json.dumps({**state, "part": part}, sort_keys=True, separators=(",", ":"))


class TestChoosing:
    def choose(self, page, client, feature, crossed=False, lang="fr", unit="points"):
        return page.chosen(PORTFOLIO, client, lang, unit, feature, crossed)

    def test_another_information_is_drawn_and_kept_in_the_address(self, page, clients):
        result, offered, partner, units = self.choose(page, clients[0], "DAYS_EMPLOYED", unit="rate")
        (state,) = find(result, lambda part: attribute(part, "data-query"))
        assert attribute(state, "data-query") == "unit=rate&feature=DAYS_EMPLOYED"
        assert (partner, offered[0]["value"]) == (ALONE, ALONE)
        assert all("feature=DAYS_EMPLOYED" in link.href for link in of_kind(units, "A"))

    def test_the_first_view_leaves_the_address_as_it_is(self, page, clients):
        (state,) = find(show(page, clients[0]), lambda part: attribute(part, "data-query") is not None)
        assert attribute(state, "data-query") == ""

    def test_every_information_can_be_drawn_alone_and_crossed(self, page, clients):
        everyone = population.read(champion(PORTFOLIO))
        for feature, effect in everyone.effects.items():
            for lang in LANGUAGES:
                result, offered, partner, _ = self.choose(page, clients[7], feature, True, lang)
                assert partner == (PARTNER if "crossed" in effect else ALONE)
                assert len(offered) == (2 if "crossed" in effect else 1)
                assert not re.search(r"\bnan\b|None(?! of)|[{}]", plain(result))
                for graph in of_kind(result, "Graph"):
                    assert len(orjson.dumps(graph.figure)) <= FIGURE

    @pytest.mark.parametrize(
        "feature",
        [None, "", "NO_SUCH", "theme:work", ["EXT_SOURCE_1"], {"a": 1}, 3, float("nan"), "CODE_GENDER"],
    )
    def test_what_is_no_information_falls_back_on_the_default(self, page, clients, feature):
        expected = self.choose(page, clients[0], None)
        found = self.choose(page, clients[0], feature)
        assert written(found[3]) == written(expected[3])

    @pytest.mark.parametrize("feature", ["NO_SUCH", "a&b=c", "<script>", ["x"], "CODE_GENDER"])
    def test_nor_does_the_address_break_the_page(self, page, clients, feature):
        assert section(show(page, clients[0], feature=feature, cross="1"), "dependence")

    def test_a_file_or_portfolio_that_does_not_exist_is_refused(self, page, store):
        with pytest.raises(UnknownClient):
            page.chosen(PORTFOLIO, "0", "fr", "points", None, False)
        with pytest.raises(UnknownPortfolio):
            page.chosen("nowhere", "1", "fr", "points", None, False)

    @pytest.mark.parametrize("value", ["DAYS_EMPLOYED", "NO_SUCH", None, ["x"], {"a": "b"}, 1e308])
    @pytest.mark.parametrize("lang", ["fr", "xx"])
    def test_the_callback_answers_whatever_it_is_sent(self, client, clients, value, lang):
        state = {"portfolio": PORTFOLIO, "client": clients[0], "lang": lang, "unit": "none"}
        wild = {name: ["MATCH"] for name in state}
        parts = {"result": "children", "partner": "options"}, {"partner": "value", "units": "children"}
        outputs = [(f"interpretation-{part}", name) for some in parts for part, name in some.items()]
        inputs = [{"part": f"interpretation-{part}", **state} for part in ("feature", "partner")]
        body = {
            "output": f"..{'...'.join(f'{as_id(wild, part)}.{name}' for part, name in outputs)}..",
            "outputs": [{"id": {"part": part, **state}, "property": name} for part, name in outputs],
            "inputs": [{"id": one, "property": "value", "value": value} for one in inputs],
            "changedPropIds": [f"{as_id(state, 'interpretation-feature')}.value"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        assert len(answer.json["response"]) == 3
