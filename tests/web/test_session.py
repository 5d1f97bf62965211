from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

import web
from config import Settings
from data import bank
from web.session import RealDataWithoutLogin, language

PRODUCTION = Settings(_env_file=None, app_env="production", secret_key="s" * 32)


def bank_that_is(synthetic: bool):
    return lambda _name: SimpleNamespace(meta=SimpleNamespace(synthetic=synthetic, clients=1))


def missing(_name):
    raise bank.BankMissing(Path("none.duckdb"))


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


class TestProductionWithoutLogin:
    def test_refuses_to_start_on_real_rows(self, monkeypatch):
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=False))
        with pytest.raises(RealDataWithoutLogin, match=r"home_credit.*python -m data demo"):
            web.install(Flask("limpide"), PRODUCTION)

    @pytest.mark.parametrize("found", [bank_that_is(synthetic=True), missing])
    def test_starts_on_synthetic_rows_or_none(self, monkeypatch, found):
        monkeypatch.setattr(bank, "open_bank", found)
        server = Flask("limpide")
        web.install(server, PRODUCTION)
        assert server.secret_key == "s" * 32
        assert server.config["SESSION_COOKIE_SECURE"]

    def test_closes_when_real_rows_are_swapped_in_under_it(self, monkeypatch):
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=True))
        server = Flask("limpide")
        web.install(server, PRODUCTION)
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=False))
        answer = server.test_client().get("/api/v1/portfolios")
        assert answer.status_code == 503
        assert answer.json["error"]["code"] == "no_login"
        assert server.test_client().get("/health").status_code == 200

    def test_development_may_look_at_real_rows(self, monkeypatch):
        monkeypatch.setattr(bank, "open_bank", bank_that_is(synthetic=False))
        server = Flask("limpide")
        web.install(server, Settings(_env_file=None))
        assert server.secret_key
