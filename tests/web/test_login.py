"""Coming in, as a person or with a token, and what those try who should not."""

import re

import pytest
from tests_support import PASSWORD, enter, try_entering

from components.i18n import t
from config import Settings
from data.ledger import accounts, throttle, tokens
from web.login import TRIES, safe_next

ADVISOR = "the-advisor"


@pytest.fixture
def visitor(closed):
    return closed.test_client()


class TestComingIn:
    def test_leads_back_to_what_was_asked(self, visitor, clients):
        wanted = f"/home_credit/eligibility?client={clients[0]}&lang=fr"
        sent_on = visitor.get(wanted)
        assert sent_on.status_code == 303
        form = visitor.get(sent_on.headers["Location"]).text
        assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in form
        answer = try_entering(visitor, ADVISOR, PASSWORD, data={"next": wanted})
        assert answer.headers["Location"] == wanted
        assert visitor.get(wanted).status_code == 200

    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_is_asked_in_both_languages(self, visitor, lang):
        page = visitor.get(f"/login?lang={lang}").text
        assert f'<html lang="{lang}">' in page
        assert t("login.why", lang) in page

    def test_is_not_asked_again_of_who_is_in(self, closed):
        visitor = enter(closed, ADVISOR)
        assert visitor.get("/login?next=/home_credit/drift").headers["Location"] == "/home_credit/drift"

    def test_says_the_same_of_an_unknown_name_and_a_wrong_password(self, visitor, someone):
        told = []
        for name in (someone, "nobody-at-all"):
            answer = try_entering(visitor, name, "not the password")
            assert answer.status_code == 401
            told.append(answer.text.replace(name, "NAME"))
        assert re.sub(r'value="[^"]*"', "", told[0]) == re.sub(r'value="[^"]*"', "", told[1])
        assert t("login.unknown", "fr") in told[0]

    def test_repeats_no_password_and_no_name_as_html(self, visitor):
        answer = try_entering(visitor, "<script>alert(1)</script>", "secret-password-typed")
        assert "<script>alert" not in answer.text
        assert "secret-password-typed" not in answer.text

    @pytest.mark.parametrize("name", ["' OR 1=1 --", "the-advisor'--", "%", "the-advisor\0", "x" * 5_000])
    def test_takes_no_name_for_more_than_a_name(self, visitor, name):
        assert try_entering(visitor, name, PASSWORD).status_code == 401

    def test_needs_an_open_account(self, visitor, someone):
        accounts.disable(someone)
        assert try_entering(visitor, someone, PASSWORD).status_code == 401


class TestTries:
    def test_end_in_a_wait_that_no_password_shortens(self, closed, someone):
        for _ in range(TRIES):
            answer = try_entering(closed.test_client(), someone, "not the password")
        assert t("login.none_left", "fr", minutes="15") in answer.text
        refused = try_entering(closed.test_client(), someone.upper(), PASSWORD)
        assert refused.status_code == 429
        assert t("login.too_many", "fr") in refused.text

    def test_are_as_many_for_a_name_that_is_nobodys(self, closed):
        for _ in range(TRIES):
            try_entering(closed.test_client(), "nobody-in-particular", "not the password")
        assert try_entering(closed.test_client(), "nobody-in-particular", "x").status_code == 429

    def test_begin_anew_after_coming_in(self, closed, someone):
        for _ in range(2):
            for _ in range(TRIES - 1):
                try_entering(closed.test_client(), someone, "not the password")
            enter(closed, someone)

    def test_of_one_address_end_too(self, closed, monkeypatch):
        monkeypatch.setattr("web.login.TRIES_OF_AN_ADDRESS", 3)
        elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
        found = [
            try_entering(closed.test_client(), f"nobody-{number}", "x", **elsewhere).status_code
            for number in range(4)
        ]
        assert found == [401, 401, 401, 429]

    def test_are_written_down_without_name_or_address(self, closed):
        try_entering(closed.test_client(), "a-very-particular-name", "x")
        from sqlalchemy import select

        from data.ledger import store
        from data.ledger.tables import login_failures

        with store.reading() as connection:
            kept = str(connection.execute(select(login_failures.c.key)).all())
        assert "particular" not in kept
        assert "127.0.0.1" not in kept


class TestGoingOn:
    @pytest.mark.parametrize(
        "asked",
        [
            None, "", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
            "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "home_credit",
            "/%2Fevil.example", "/%5Cevil.example", "http:/evil.example", " /x", "/" + "x" * 3_000, "/login",
            "/logout", "/\u2028x", "//[half",
        ],
    )  # fmt: skip
    def test_leads_nowhere_but_here(self, asked):
        assert safe_next(asked) == "/"

    @pytest.mark.parametrize(
        "asked", ["/", "/home_credit/eligibility?client=1&lang=fr", "/decisions/D-0000001"]
    )
    def test_leads_to_our_pages(self, asked):
        assert safe_next(asked) == asked

    def test_from_a_planted_link_stays_here(self, visitor):
        answer = try_entering(visitor, ADVISOR, PASSWORD, data={"next": "//evil.example/login"})
        assert answer.headers["Location"] == "/"


class TestTokens:
    def asked(self, server, secret: str, path: str = "/api/v1/portfolios"):
        return server.test_client().get(path, headers={"Authorization": f"Bearer {secret}"})

    def test_let_in_until_they_are_revoked(self, closed):
        made, secret = tokens.create("system", ["read"])
        assert self.asked(closed, secret).status_code == 200
        tokens.revoke(made.id)
        refused = self.asked(closed, secret)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"

    def test_of_a_closed_account_are_refused(self, closed, someone):
        _, secret = tokens.create("system", ["read"], someone)
        assert self.asked(closed, secret).status_code == 200
        accounts.disable(someone)
        assert self.asked(closed, secret).status_code == 401

    def test_can_do_no_more_than_who_answers_for_them(self, closed, someone):
        _, secret = tokens.create("system", ["read", "drift"], someone)
        assert self.asked(closed, secret, "/api/v1/home_credit/drift").status_code == 403

    @pytest.mark.parametrize("secret", ["", "x", "limpide_x", "é", "' OR 1=1"])
    def test_that_are_unknown_are_refused_even_with_a_session(self, closed, secret):
        visitor = enter(closed, ADVISOR)
        headers = {"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
        assert visitor.get("/api/v1/portfolios", headers=headers).status_code == 401

    def test_are_not_read_from_the_address(self, closed):
        _, secret = tokens.create("system", ["read"])
        assert closed.test_client().get(f"/api/v1/portfolios?token={secret}").status_code == 401


class TestWithoutLogin:
    def test_one_chooses_who_to_be(self, client):
        assert client.get("/identity?as=demo-advisor&next=/home_credit/eligibility").status_code == 303
        assert client.get("/home_credit/drift").status_code == 403
        client.get("/identity?as=demo-reviewer")
        assert client.get("/home_credit/drift").status_code == 200

    def test_one_is_led_home_from_a_page_that_is_not_for_the_one_chosen(self, client):
        answer = client.get("/identity?as=demo-advisor&next=/home_credit/drift?lang=fr")
        assert answer.headers["Location"] == "/"

    def test_no_other_site_chooses_and_no_unknown_one_is_chosen(self, client):
        there = client.get("/identity?as=demo-advisor", headers={"Sec-Fetch-Site": "cross-site"})
        assert there.status_code == 403
        assert client.get("/identity?as=root").status_code == 404
        assert client.get("/home_credit/drift").status_code == 200

    def test_there_is_nothing_to_log_in_to(self, client):
        assert client.get("/login").headers["Location"] == "/"

    def test_nobody_chooses_where_everyone_logs_in(self, closed):
        assert enter(closed, ADVISOR).get("/identity?as=demo-manager").status_code == 404
        visitor = closed.test_client()
        with visitor.session_transaction() as forged:
            forged["demo"] = "demo-manager"
        assert visitor.get("/").status_code == 303


def test_the_wait_told_is_the_wait_held():
    assert throttle.WAIT.total_seconds() == 15 * 60
    assert Settings(_env_file=None).session_idle_minutes == 30
