"""Whatever is sent, the answer is one of those promised, and never a 500."""

import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import portfolios
from web import schemas

ASSESSMENTS = "/api/v1/home_credit/assessments"
FIELDS = [column.name for column in portfolios.load("home_credit").columns.values()]
QUIETLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["Y", "N", "XNA", "Cash loans", "", "0", "365243"]),
    st.text(),
    st.lists(st.integers(), max_size=2),
)
names = st.one_of(
    st.sampled_from(FIELDS),
    st.sampled_from(["covered_bureau", "covered_previous", "covered_card"]),
    st.text(),
)
records = st.dictionaries(names, values, max_size=8)
numbers = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(st.none(), st.integers(-40_000, 40_000), st.floats(-1e9, 1e9), st.sampled_from([0, 1, 365243])),
    min_size=1,
    max_size=20,
)


def post(server, body: object):
    return server.test_client().post(ASSESSMENTS, data=json.dumps(body), content_type="application/json")


@QUIETLY
@given(body=st.one_of(records, st.lists(records, max_size=3), values))
def test_a_body(server, body):
    answer = post(server, body)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert schemas.Error.model_validate(answer.json)


@QUIETLY
@given(body=numbers)
def test_a_record_of_numbers(server, body):
    answer = post(server, body)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert schemas.Assessment.model_validate(answer.json, strict=True)


@QUIETLY
@given(path=st.text(min_size=1, max_size=70), search=st.text(max_size=70))
def test_an_address(server, path, search):
    visitor = server.test_client()
    clients = "/api/v1/home_credit/clients"
    assert visitor.get(clients, query_string={"search": search}).status_code in (200, 422)
    answer = visitor.get(f"{clients}/{quote(path, safe='')}", query_string={"lang": "fr"})
    assert answer.status_code in (200, 404, 308)
