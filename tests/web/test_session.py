from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import Flask

import web
from config import Settings
from data import bank
from web.session import _kept_key, language

PRODUCTION = Settings(_env_file=None, app_env="production", secret_key="s" * 32)


def bank_that_is(synthetic: bool):
    return lambda _name: SimpleNamespace(meta=SimpleNamespace(synthetic=synthetic, clients=1))


class TestLanguage:
    @pytest.mark.parametrize(
        ("query", "cookie", "accepted", "expected"),
        [
            ("", None, None, "fr"),
            ("", None, "de", "fr"),
            ("", None, "en-GB,en;q=0.9,fr;q=0.1", "en"),
            ("", "en", "fr", "en"),
            ("lang=fr", "en", "en", "fr"),
            ("lang=EN", "xx", "fr", "fr"),
            ("lang=<script>", None, "en", "en"),
        ],
    )
    def test_is_asked_or_remembered_or_preferred_or_french(self, bare, query, cookie, accepted, expected):
        headers = {"Accept-Language": accepted} if accepted else {}
        headers |= {"Cookie": f"lang={cookie}"} if cookie else {}
        with bare.test_request_context(f"/?{query}", headers=headers):
            assert language() == expected

    @pytest.mark.parametrize("referrer", ["http://h/x?lang=en", "http://h/x?client=1&lang=fr&lang=en"])
    def test_of_a_callback_is_that_of_its_page(self, bare, referrer):
        with bare.test_request_context("/_dash-update-component", headers={"Referer": referrer}):
            assert language() == "en"

    @pytest.mark.parametrize("referrer", ["", "http://[half", "http://h/?lang=xx", "http://h/?"])
    def test_of_a_callback_from_nowhere_is_found_as_for_a_page(self, bare, referrer):
        with bare.test_request_context("/_dash-layout", headers={"Referer": referrer, "Cookie": "lang=en"}):
            assert language() == "en"

    def test_outside_a_request_is_french(self):
        assert language() == "fr"

    def test_is_remembered_when_a_page_is_asked_in_it(self, visitor):
        visitor.get("/text?lang=en")
        cookie = visitor.get_cookie("lang")
        assert cookie.value == "en"
        assert cookie.http_only
        assert "Set-Cookie" not in visitor.get("/text?lang=en").headers

    def test_is_not_remembered_from_the_api_or_when_unknown(self, visitor):
        visitor.get("/health?lang=en")
        visitor.get("/text?lang=xx")
        assert visitor.get_cookie("lang") is None


class TestKey:
    def test_is_the_one_set(self):
        server = Flask("limpide")
        web.install(server, PRODUCTION)
        assert server.secret_key == "s" * 32
        assert server.config["SESSION_COOKIE_SECURE"]
        assert server.config["SESSION_COOKIE_NAME"].startswith("__Host-")

    def test_of_a_development_server_is_random_kept_and_nobody_elses_to_read(self, tmp_path):
        settings = Settings(_env_file=None, store_dir=tmp_path / "store")
        keys = set()
        for _ in range(2):
            server = Flask("limpide")
            web.install(server, settings)
            keys.add(server.secret_key)
        assert len(keys) == 1
        assert len(keys.pop()) == 64
        (kept,) = (tmp_path / "store").iterdir()
        assert kept.stat().st_mode & 0o777 == 0o600

    def test_workers_that_start_at_once_agree(self, tmp_path):
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _: _kept_key(tmp_path), range(16)))) == 1

    def test_is_still_random_where_nothing_can_be_kept(self, tmp_path):
        (tmp_path / "file").write_text("")
        assert len(_kept_key(tmp_path / "file")) == 64


class TestRealRows:
    @pytest.fixture(autouse=True)
    def real_bank(self, monkeypatch):
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=False))

    def served(self, tmp_path, **settings):
        server = Flask("limpide")
        web.install(server, Settings(_env_file=None, store_dir=tmp_path, **settings))
        return server.test_client()

    def test_are_shown_without_login_on_this_machine(self, tmp_path):
        assert self.served(tmp_path).get("/api/v1/portfolios").status_code == 200

    @pytest.mark.parametrize(
        "asked",
        [
            {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
            {"headers": {"X-Forwarded-For": "127.0.0.1"}},
            {"headers": {"Forwarded": "for=127.0.0.1"}},
            {"headers": {"Host": "rebound.example"}},
        ],
    )
    def test_are_not_shown_to_another_without_login(self, tmp_path, asked):
        visitor = self.served(tmp_path)
        answer = visitor.get("/api/v1/portfolios", **asked)
        assert answer.status_code == 503
        assert answer.json["error"]["code"] == "no_login"
        assert visitor.get("/health", **asked).status_code == 200

    def test_are_not_shown_in_production_to_who_is_not_logged_in(self, tmp_path):
        visitor = self.served(tmp_path, app_env="production", secret_key="s" * 32)
        assert visitor.get("/api/v1/portfolios").status_code == 401

    def test_swapped_in_under_a_server_without_login_close_it_to_others(self, tmp_path, monkeypatch):
        visitor = self.served(tmp_path)
        asked = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=True))
        assert visitor.get("/api/v1/portfolios", **asked).status_code == 200
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=False))
        assert visitor.get("/api/v1/portfolios", **asked).status_code == 503


def test_production_can_not_do_without_login():
    with pytest.raises(ValueError, match="AUTH"):
        Settings(_env_file=None, app_env="production", secret_key="s" * 32, auth="off")
    assert PRODUCTION.asks_who
    assert not Settings(_env_file=None).asks_who
