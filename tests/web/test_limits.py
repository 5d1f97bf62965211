import io

import pytest
from flask import Flask

import web
from config import Settings
from web.limits import MAX_BODY, MAX_RECORDS_BODY

PATH = "/api/v1/home_credit/assessments"


def test_ten_megabytes_are_refused_with_the_limit(visitor):
    answer = visitor.post(f"{PATH}?lang=en", data=b"x" * 10_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"
    assert f"{MAX_RECORDS_BODY:,}" in answer.json["error"]["message"]


def test_so_are_ten_megabytes_sent_in_chunks(visitor):
    body = io.BytesIO(b"[" + b" " * 10_000_000 + b"]")
    answer = visitor.post(
        PATH,
        input_stream=body,
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_a_refused_body_is_read_to_its_end(visitor):
    body = io.BytesIO(b"x" * 10_000_000)
    visitor.post(PATH, input_stream=body, content_type="application/json", content_length=10_000_000)
    assert body.tell() == 10_000_000


def test_elsewhere_the_limit_is_lower(bare):
    bare.add_url_rule("/form", "form", lambda: str(len(web.limits.request.get_data())), methods=["POST"])
    assert bare.test_client().post("/form", data=b"x" * MAX_BODY).status_code == 200
    assert bare.test_client().post("/form", data=b"x" * (MAX_BODY + 1)).status_code == 413


class TestRate:
    @pytest.fixture
    def limited(self):
        server = Flask("limpide")
        web.install(server, Settings(_env_file=None, api_rate_limit="3/minute"))
        return server.test_client()

    def test_of_the_api_is_limited_and_says_when_to_come_back(self, limited):
        statuses = [limited.get("/api/nothing").status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        answer = limited.get("/api/docs")
        assert answer.status_code == 429
        answer = limited.get("/api/nothing")
        assert answer.json["error"]["code"] == "too_many_requests"
        assert int(answer.headers["Retry-After"]) <= 60

    def test_of_pages_and_health_is_not(self, limited):
        assert {limited.get("/health").status_code for _ in range(10)} == {200}

    def test_is_counted_per_address(self, limited):
        for _ in range(4):
            limited.get("/api/nothing", environ_base={"REMOTE_ADDR": "10.0.0.1"})
        answer = limited.get("/api/nothing", environ_base={"REMOTE_ADDR": "10.0.0.2"})
        assert answer.status_code == 404

    @pytest.mark.parametrize(("proxies", "expected"), [(0, 429), (1, 404)])
    def test_believes_a_proxy_only_when_told_so(self, proxies, expected):
        server = Flask("limpide")
        web.install(server, Settings(_env_file=None, api_rate_limit="1/minute", trusted_proxies=proxies))
        for last in ("1", "2"):
            answer = server.test_client().get("/api/nothing", headers={"X-Forwarded-For": f"10.0.0.{last}"})
        assert answer.status_code == expected

    def test_must_be_written_as_a_number_per_time(self):
        with pytest.raises(ValueError, match="api_rate_limit"):
            Settings(_env_file=None, api_rate_limit="fast")
