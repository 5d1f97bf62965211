"""The Performance page on a trained model: complete, in both languages, and safe against bad values."""

import json
import re
import sys
from urllib.parse import parse_qs, urlparse

import pytest
from tests_support import own_store

from components.i18n import LANGUAGES
from data.ledger import proposals
from data.ledger.store import LedgerUnavailable
from model.artifact import champion
from tests.acting import acting
from tests.seen import attribute, by_class, find, of_kind, plain

PORTFOLIO = "home_credit"


@pytest.fixture(autouse=True)
def _a_manager(server):
    with acting(server, "a manager", "manager"):
        yield


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.performance"]


def written(component) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json(), separators=(",", ":"))


class TestThePage:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_comes_whole_from_its_layout(self, page, lang):
        shown = page.layout(portfolio=PORTFOLIO, lang=lang)
        assert {"today", "desk", "points", "calibration", "ranking", "segments", "candidates", "metrics"} <= {
            part.id for part in of_kind(shown, "Section") if getattr(part, "id", None)
        }
        assert not re.search(r"\bnan\b|None(?! of)|[{}]", plain(shown))
        assert [plain(part) for part in of_kind(shown, "H1")] == ["Performance"]

    def test_answers_without_arguments(self, page):
        assert of_kind(page.layout(), "H1")

    def test_every_figure_is_light(self, page):
        graphs = of_kind(page.layout(portfolio=PORTFOLIO, lang="fr"), "Graph")
        assert len(graphs) >= 6
        assert max(len(written(graph.figure)) for graph in graphs) < 3_000

    def test_every_drawing_is_described(self, page):
        shown = page.layout(portfolio=PORTFOLIO, lang="fr")
        for drawn in by_class(shown, "drawn"):
            assert attribute(drawn, "role") == "img"
            assert len(attribute(drawn, "aria-label")) > 20

    def test_says_what_the_model_is_worth(self, page):
        area = champion(PORTFOLIO).card["metrics"]["auc"]["value"]
        assert f"{area:.3f}" in plain(page.layout(portfolio=PORTFOLIO, lang="en"))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_without_other_models_measured_says_so(self, page, lang):
        said = plain(page.layout(portfolio=PORTFOLIO, lang=lang))
        assert {"fr": "Aucun autre modèle", "en": "No other model was measured"}[lang] in said

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_with_other_models_measured_compares_them(self, page, lang, monkeypatch):
        from model.measures import measures
        from tests.components.test_candidates import HELD

        def more(model, name):
            told = measures(model, name)
            return {**HELD, "folds": told["folds"]} if name == "candidates.json" else told

        monkeypatch.setattr(page, "measures", more)
        shown = page.layout(portfolio=PORTFOLIO, lang=lang)
        assert {"fr": "Grille de points", "en": "Points scorecard"}[lang] in plain(shown)
        assert not re.search(r"\bnan\b|None(?! of)|[{}]", plain(shown))
        assert max(len(written(graph.figure)) for graph in of_kind(shown, "Graph")) < 3_000

    def test_keeps_the_ratio_of_the_address(self, page):
        shown = page.layout(portfolio=PORTFOLIO, lang="fr", ratio="15", by="amount")
        (slider,) = find(shown, lambda part: getattr(part, "type", None) == "range")
        assert slider.value == "15"
        (english,) = find(shown, lambda part: getattr(part, "hrefLang", None) == "en")
        asked = parse_qs(urlparse(english.href).query)
        assert (asked["ratio"], asked["by"]) == (["15"], ["amount"])

    @pytest.mark.parametrize("ratio", ["0", "51", "-3", "nan", "inf", "1e400", "much", "", ["3"], {"a": 1}])
    def test_falls_back_to_the_portfolio_s_ratio(self, page, ratio):
        shown = page.layout(portfolio=PORTFOLIO, lang="fr", ratio=ratio, by=["x"])
        assert "C'est le réglage du portefeuille." in plain(shown)

    def test_takes_the_portfolio_s_own_ratio_and_more_where_it_is_beyond_the_usual_ones(
        self, page, monkeypatch
    ):
        monkeypatch.setattr(page, "_usual", lambda model: 100.0)
        for asked, there in (("130", "130"), ("400", "100")):
            shown = page.layout(portfolio=PORTFOLIO, lang="fr", ratio=asked)
            (slider,) = find(shown, lambda part: getattr(part, "type", None) == "range")
            assert (slider.max, slider.value) == (200, there)


class TestStates:
    def test_an_unknown_portfolio_is_not_found(self, page):
        assert "introuvable" in plain(page.layout(portfolio="nothing", lang="fr")).lower()

    def test_without_a_bank_says_how_to_make_one(self, page, tmp_path):
        with own_store(tmp_path):
            assert "python -m data demo" in plain(page.layout(portfolio=PORTFOLIO, lang="fr"))

    def test_without_a_model_says_how_to_train_one(self, page, store, tmp_path):
        (tmp_path / "banks").symlink_to(store / "banks")
        with own_store(tmp_path):
            shown = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
        assert "Aucun modèle en service" in shown
        assert "python -m model train home_credit" in shown

    def test_a_model_of_an_earlier_version_says_to_train_again(self, page, monkeypatch):
        from model.artifact import ModelDamaged

        def lacks(model, name):
            raise ModelDamaged(f"1/{name} is missing")

        monkeypatch.setattr(page, "measures", lacks)
        assert "Entraînez le modèle de nouveau" in plain(page.layout(portfolio=PORTFOLIO, lang="fr"))

    def test_and_so_does_one_whose_curves_lack_what_is_drawn_today(self, page, monkeypatch):
        from model import measures

        before = {"reliability": [{"predicted": 0.1, "observed": 0.1}], "points": {}, "cost": {}}
        monkeypatch.setattr(measures, "_read", lambda path: before)
        assert "Entraînez le modèle de nouveau" in plain(page.layout(portfolio=PORTFOLIO, lang="fr"))

    def test_a_silent_ledger_hides_no_figure(self, page, monkeypatch):
        def silent(*_):
            raise LedgerUnavailable("down")

        monkeypatch.setattr(proposals, "pending", silent)
        shown = page.layout(portfolio=PORTFOLIO, lang="fr")
        assert "Le registre ne répond pas" in plain(shown)
        assert by_class(shown, "metrics")


class TestTheDesk:
    def test_answers_another_ratio(self, page):
        told, usual, curve, *_ = page.tried("15", "files", PORTFOLIO, "fr")
        assert plain(told) == "15 bons dossiers refusés"
        assert "10 contre 1" in plain(usual)
        assert find(curve, lambda part: attribute(part, "data-query") == "ratio=15")

    @pytest.mark.parametrize("ratio", [None, "x", float("nan"), [1, 2], {"a": 1}, "1e999", True])
    @pytest.mark.parametrize("by", [None, "x", ["amount"], 7])
    def test_survives_whatever_is_sent(self, page, ratio, by):
        assert len(page.tried(ratio, by, PORTFOLIO, "en")) == 7

    def call(self, client, portfolio, lang):
        """Return what the desk answers to a call for 15 to 1."""
        place = {"lang": lang, "part": "desk-ratio", "portfolio": portfolio}
        asked = [d for d in client.get("/_dash-dependencies").json if "desk-tried" in d["output"]]
        parts = ("desk-tried", "desk-usual", "desk-curve", "desk-compared", "desk-sure", "desk-propose")
        outputs = [{"id": {**place, "part": part}, "property": "children"} for part in parts]
        outputs.append({"id": {**place, "part": "desk-propose"}, "property": "disabled"})
        by = {"id": {**place, "part": "desk-by"}, "property": "value", "value": "files"}
        changed = json.dumps(place, separators=(",", ":"), sort_keys=True)
        sent = {
            "output": asked[0]["output"],
            "outputs": outputs,
            "inputs": [{"id": place, "property": "value", "value": "15"}, by],
            "changedPropIds": [f"{changed}.value"],
        }
        return client.post("/_dash-update-component", json=sent)

    def test_answers_through_the_browser_s_own_call(self, page, client):
        answer = self.call(client, PORTFOLIO, "fr")
        assert answer.status_code == 200
        assert "15 bons dossiers refusés" in answer.text

    @pytest.mark.parametrize("portfolio", ["nothing", ["x"], {"a": 1}, None, 7])
    @pytest.mark.parametrize("lang", ["fr", "xx", None])
    def test_a_portfolio_that_is_not_there_is_told_above_the_page(self, page, client, portfolio, lang):
        answer = self.call(client, portfolio, lang)
        assert answer.status_code == 200
        assert "shell-error" in answer.text
        assert "desk-tried" not in answer.text

    def test_keeps_a_proposal_with_its_reason(self, page):
        before = len(proposals.all(PORTFOLIO))
        shown, note = page.proposed("20", "files", "  Recouvrement plus cher  ", PORTFOLIO, "fr")
        kept = proposals.all(PORTFOLIO)
        assert len(kept) == before + 1
        assert kept[0].note == "Recouvrement plus cher"
        assert kept[0].costs == {"false_negative": 20.0, "false_positive": 1.0}
        assert kept[0].in_force == champion(PORTFOLIO).threshold
        assert note == ""
        assert "attend l'accord d'un autre responsable" in plain(shown)

    def test_a_proposal_changes_nothing_by_itself(self, page):
        before = champion(PORTFOLIO).threshold
        page.proposed("30", "files", "Essai", PORTFOLIO, "fr")
        assert champion(PORTFOLIO).threshold == before

    @pytest.mark.parametrize("note", ["", "   ", None, ["x"], 3, "\0"])
    def test_keeps_nothing_without_a_reason(self, page, note):
        before = len(proposals.all(PORTFOLIO))
        shown, left = page.proposed("20", "files", note, PORTFOLIO, "fr")
        assert len(proposals.all(PORTFOLIO)) == before
        assert "il manque la raison" in plain(shown)
        assert left != ""

    def test_keeps_the_text_when_the_ledger_is_down(self, page, monkeypatch):
        def silent(*_):
            raise LedgerUnavailable("down")

        monkeypatch.setattr(proposals, "add", silent)
        shown, left = page.proposed("20", "files", "Raison", PORTFOLIO, "fr")
        assert "n'est pas enregistrée" in plain(shown)
        assert left != ""

    def test_proposes_nothing_that_is_already_in_force(self, page, monkeypatch):
        from dataclasses import replace

        found = page.answer(champion(PORTFOLIO), 20, "files")
        same = replace(found, tuned=found.in_force)
        monkeypatch.setattr(page, "answer", lambda *_: same)
        shown, _ = page.proposed("20", "files", "Raison", PORTFOLIO, "fr")
        assert "déjà le moins cher" in plain(shown)


class TestTheCard:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_stands_alone_and_is_complete(self, page, lang):
        shown = page.layout(portfolio=PORTFOLIO, lang=lang, view="card")
        names = ("use", "not_use", "data", "inputs", "excluded", "metrics", "threshold", "limits", "version")
        ids = [part.id for part in of_kind(shown, "Section") if getattr(part, "id", None)]
        assert ids == [f"card-{name}" for name in names]
        assert not re.search(r"\bnan\b|None(?! of)|[{}]", plain(shown))

    def test_says_that_nobody_approved_it(self, page):
        assert "Aucune approbation enregistrée" in plain(
            page.layout(portfolio=PORTFOLIO, lang="fr", view="card")
        )

    def test_names_every_input_and_what_is_left_out(self, page):
        card = champion(PORTFOLIO).card
        said = plain(page.layout(portfolio=PORTFOLIO, lang="fr", view="card"))
        assert f"Les {len(card['inputs'])} informations lues" in said
        assert "Sexe, situation de famille, âge" in said
        assert card["data"]["fingerprint"][:16] in said

    def test_can_be_printed(self, page):
        shown = page.layout(portfolio=PORTFOLIO, lang="fr", view="card")
        assert find(shown, lambda part: attribute(part, "data-print") is not None)
