"""Every route of the API answers as its description promises, whatever is sent (Schemathesis)."""

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection
from tests_support import own_store

from data import portfolios
from data.ledger import tokens

pytestmark = pytest.mark.slow

QUIETLY = hypothesis.settings(
    max_examples=40, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True
)


@pytest.fixture(params=["home_credit", "prospects"])
def described(request, monkeypatch) -> Iterator[None]:
    """Describe one portfolio at a time: an address for all cannot say which record goes with which."""
    store = request.getfixturevalue("store" if request.param == "home_credit" else "prospects_store")
    monkeypatch.setattr(portfolios, "available", lambda: (request.param,))
    with own_store(store):
        yield


@pytest.fixture(params=["without login", "with a token"])
def headers(request) -> dict[str, str]:
    """What every request brings; with login on, a token that may do everything."""
    if request.param == "without login":
        return {}
    request.getfixturevalue("closed")
    _, secret = tokens.create("contract", tokens.SCOPES)
    return {"Authorization": f"Bearer {secret}"}


def test_every_route_keeps_to_its_description(server, described, headers, subtests):
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", server, headers=headers)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    for operation in operations:

        @QUIETLY
        @hypothesis.given(case=operation.as_strategy())
        def holds(case):
            # The answers are read without a browser, which would unpack them.
            case.headers.update({"Accept-Encoding": "identity"} | headers)
            # What a description cannot say: a budget needs the cost of a contact, which some campaigns have.
            hypothesis.assume("budget" not in (case.query or {}) or "contact_cost" in case.query)
            # Beyond the bounds of a field, the source's own codes for "not provided" are taken as well.
            case.call_and_validate(excluded_checks=[negative_data_rejection])

        with subtests.test(operation.label):
            holds()
