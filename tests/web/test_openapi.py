import json
import re

import pytest

from data import portfolios
from web import openapi


def references(tree) -> set[str]:
    """Return every reference in a document."""
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(tree)))


@pytest.fixture(params=["fr", "en"])
def document(request, visitor) -> dict:
    return visitor.get(f"/api/openapi.json?lang={request.param}").json


def test_describes_every_address_of_the_api(bare, document):
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in bare.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") or rule.rule == "/health"
    }
    assert set(document["paths"]) == served


def test_every_reference_leads_somewhere(document):
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document)
    assert references(document) <= known


def test_every_parameter_of_a_path_is_described(document):
    for path, methods in document["paths"].items():
        for operation in methods.values():
            described = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path))
            assert all(one["description"] for one in operation["parameters"])


def test_every_error_has_the_one_shape(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                schema = answer["content"]["application/json"]["schema"]
                assert status == "200" or schema == {"$ref": "#/components/schemas/Error"}


def test_all_but_health_say_that_they_may_refuse_and_take_a_token(document):
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert ({"401", "403", "429", "503"} <= set(operation["responses"])) is (path != "/health")
            assert ({"token": []} in operation.get("security", [])) is (path != "/health")


def test_no_key_of_the_texts_is_left_in_it(document):
    assert "web.field" not in json.dumps(document)
    assert "web.api" not in json.dumps(document)


def test_a_record_lists_every_field_with_its_label_and_bounds():
    portfolio = portfolios.load("home_credit")
    fields = openapi.record_schema(portfolio, "en")["properties"]
    assert "TARGET" not in fields
    assert not set(portfolio.by_source("made")) & set(fields)
    assert set(portfolio.by_source("bureau")) <= set(fields)
    assert fields["AMT_CREDIT"]["description"] == portfolio.columns["AMT_CREDIT"].label("en")
    assert fields["EXT_SOURCE_2"]["minimum"] == 0
    assert fields["EXT_SOURCE_2"]["maximum"] == 1
    assert fields["covered_bureau"]["type"] == ["boolean", "null"]


class TestThePage:
    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_asks_no_other_host_for_anything(self, visitor, lang):
        page = visitor.get(f"/api/docs?lang={lang}").text
        assert f'<html lang="{lang}">' in page
        for address in re.findall(r'(?:src|href)="([^"]+)"', page):
            assert address.startswith(("/", "#", "?"))
        assert "<script" not in page

    def test_shows_every_address_and_every_field(self, visitor, document):
        page = visitor.get("/api/docs").text
        for path in document["paths"]:
            assert path in page
        for name in portfolios.load("home_credit").given:
            assert name in page or name == "TARGET"

    def test_repeats_no_html_from_the_caller(self, visitor):
        assert "<script>" not in visitor.get("/api/docs", headers={"Host": "<script>"}).text
