import json
import logging

import pytest

SECRET_ID = "4815162342"


def lines(logged) -> list[dict]:
    """Return the lines written about requests."""
    own = [
        record for record in logged.records if record.name == "limpide.web" and record.levelno == logging.INFO
    ]
    return [json.loads(record.getMessage()) for record in own]


def test_a_request_is_one_line_with_its_template_status_and_time(visitor, logged):
    answer = visitor.get(f"/api/v1/nowhere/clients/{SECRET_ID}?search={SECRET_ID}")
    (line,) = lines(logged)
    assert line.pop("ms") >= 0
    assert line == {
        "request_id": answer.headers["X-Request-ID"],
        "method": "GET",
        "route": "/api/v1/<portfolio>/clients/<path:client_id>",
        "status": 404,
    }


def test_each_request_has_its_own_number(visitor):
    numbers = {visitor.get("/text").headers["X-Request-ID"] for _ in range(50)}
    assert len(numbers) == 50


def test_a_number_that_the_caller_sends_is_not_used(visitor, logged):
    answer = visitor.get("/text", headers={"X-Request-ID": SECRET_ID})
    assert answer.headers["X-Request-ID"] != SECRET_ID
    assert SECRET_ID not in logged.text


@pytest.mark.parametrize(
    "path",
    [
        f"/{SECRET_ID}",
        f"/api/{SECRET_ID}",
        f"/api/v1/{SECRET_ID}/clients",
        f"/api/v1/home_credit/clients?search={SECRET_ID}&limit=x",
        f"/api/v1/home_credit/clients/{SECRET_ID}",
        f"/fails/{SECRET_ID}",
        f"/text?{SECRET_ID}",
    ],
)
def test_no_address_reaches_the_log(visitor, logged, path):
    headers = {"Referer": f"http://localhost/{SECRET_ID}", "User-Agent": SECRET_ID}
    visitor.get(path, headers=headers)
    assert lines(logged)
    assert SECRET_ID not in logged.text


def test_a_method_of_ones_own_is_not_written(visitor, logged):
    visitor.open("/text", method=f"X{SECRET_ID}")
    assert lines(logged)[0]["method"] == "other"
    assert SECRET_ID not in logged.text


def test_nor_does_a_body_that_was_refused(visitor, logged):
    path = "/api/v1/home_credit/assessments"
    for body, kind in [(f'{{"{SECRET_ID}": "{SECRET_ID}"', "application/json"), (SECRET_ID, "text/plain")]:
        visitor.post(path, data=body, content_type=kind)
    assert SECRET_ID not in logged.text


def test_werkzeug_does_not_write_addresses_of_its_own(bare):
    assert not logging.getLogger("werkzeug").isEnabledFor(logging.INFO)
