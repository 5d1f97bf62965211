"""Page and API say the same of the same client, because both ask the same door."""

import json
from dataclasses import replace

import dash
import orjson
import pytest
from dash._utils import to_json

from components.formats import points as points_shown
from model.assess import assess
from web import answers


@pytest.fixture(params=[0, *(pytest.param(part, marks=pytest.mark.slow) for part in (1, 2, 3))])
def some(request, clients) -> list[str]:
    """Fifty of the 200 clients."""
    return clients[request.param * 50 :][:50]


VERDICTS = {"accept": "Accord proposé", "review": "À examiner", "refuse": "Refus proposé"}


def test_door_api_and_page_say_the_same(server, client, some):
    layout = dash.page_registry["pages.eligibility"]["layout"]
    for client_id in some:
        said = assess("home_credit", client_id)
        answer = client.get(f"/api/v1/home_credit/clients/{client_id}/assessment?lang=fr")
        kept = replace(said, decision_id=answer.json["decision_id"])
        assert kept.decision_id
        assert answer.json == orjson.loads(orjson.dumps(answers.assessment(kept, "fr")))
        with server.test_request_context("/"):
            page = to_json(layout(portfolio="home_credit", client=client_id, lang="fr"))
        shown = json.dumps(json.loads(page), ensure_ascii=False)
        assert f"{points_shown(said.points, 'fr')} points" in shown
        # Where a rule of the lender applies, the page says what the points alone would propose.
        told = {VERDICTS[said.proposal], VERDICTS[said.decision]}
        assert {word for word in VERDICTS.values() if word in shown} == told
