"""Coming in and going out, and what those try who should not."""

import re
import time
from types import SimpleNamespace

import pytest
from tests_support import PASSWORD, enter, try_entering

from components.i18n import t
from config import Settings
from data.ledger import accounts, events, throttle, tokens
from web import access, audit, login_session
from web.login import TRIES, safe_next

ADVISOR = "the-advisor"
CALLBACK = "/_dash-update-component"


@pytest.fixture
def visitor(closed):
    return closed.test_client()


@pytest.fixture
def someone(closed, request):
    """An account of this test's own."""
    name = re.sub(r"[^a-z0-9]", "-", request.node.name.lower())[:60].strip("-")
    return accounts.add(name, ["advisor"], PASSWORD).name


def later(monkeypatch, minutes: int) -> None:
    """Let so many minutes pass for sessions alone."""
    clock = SimpleNamespace(time=lambda: time.time() + 60 * minutes)
    monkeypatch.setattr(login_session, "time", clock)


def cookie(visitor) -> str:
    return visitor.get_cookie("limpide").value


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


class TestASession:
    def test_begins_with_a_number_of_its_own(self, closed, visitor):
        """Fixation: a cookie that somebody planted before is worth nothing after."""
        visitor.get("/login")
        planted = cookie(visitor)
        try_entering(visitor, ADVISOR, PASSWORD)
        assert cookie(visitor) != planted
        thief = closed.test_client()
        thief.set_cookie("limpide", planted)
        assert thief.get("/").status_code == 303
        with visitor.session_transaction() as first, enter(closed, ADVISOR).session_transaction() as second:
            assert first["number"] != second["number"]

    def test_ends_wherever_its_cookie_got_to_when_one_leaves(self, closed):
        visitor, thief = enter(closed, ADVISOR), closed.test_client()
        thief.set_cookie("limpide", cookie(visitor))
        assert thief.get("/").status_code == 200
        assert leave(visitor).headers["Location"] == "/login"
        assert thief.get("/").status_code == 303
        assert visitor.get("/").status_code == 303

    def test_ends_alone_when_one_leaves(self, closed):
        here, there = enter(closed, ADVISOR), enter(closed, ADVISOR)
        leave(here)
        assert there.get("/").status_code == 200

    @pytest.mark.parametrize(
        "change",
        [
            lambda name: accounts.disable(name),
            lambda name: accounts.set_password(name, "another good password"),
            lambda name: accounts.set_roles(name, ["manager"]),
        ],
        ids=["closed", "password", "roles"],
    )
    def test_ends_when_what_the_account_may_do_changes(self, closed, someone, change):
        visitor = enter(closed, someone)
        assert visitor.get("/").status_code == 200
        change(someone)
        assert visitor.get("/").status_code == 303
        assert visitor.post(CALLBACK, json={}).status_code == 401
        assert t("login.ended", "fr") in visitor.get("/login").text

    @pytest.mark.parametrize(("minutes", "holds"), [(29, True), (31, False)])
    def test_ends_when_nothing_is_done(self, closed, monkeypatch, minutes, holds):
        visitor = enter(closed, ADVISOR)
        later(monkeypatch, minutes)
        assert visitor.get("/").status_code == (200 if holds else 303)

    def test_lasts_as_long_as_something_is_done_but_never_longer_than_its_hours(self, closed, monkeypatch):
        visitor = enter(closed, ADVISOR)
        steps = range(25, 13 * 60, 25)
        held = [
            minutes for minutes in steps if later(monkeypatch, minutes) or visitor.get("/").status_code == 200
        ]
        assert held == list(range(25, 12 * 60, 25))

    def test_is_not_kept_alive_by_what_a_page_asks_by_itself(self, closed, monkeypatch):
        visitor = enter(closed, "the-manager")
        for minutes in (10, 20, 29):
            later(monkeypatch, minutes)
            assert visitor.get("/jobs/current?portfolio=home_credit").status_code == 200
        later(monkeypatch, 31)
        assert visitor.get("/").status_code == 303

    @pytest.mark.parametrize("forged", ["x", "eyJhY2NvdW50IjoidGhlLWFkbWluIn0.aaaaaa.bbbbbbbb", ""])
    def test_can_not_be_made_up(self, visitor, forged):
        visitor.set_cookie("limpide", forged)
        assert visitor.get("/").status_code == 303

    def test_cookie_is_out_of_reach_of_scripts_and_other_sites(self, visitor):
        visitor.get("/login")
        kept = visitor.get_cookie("limpide")
        assert kept.http_only
        assert kept.same_site == "Lax"


class TestFormsAndActs:
    def test_of_another_site_are_refused(self, closed):
        visitor = enter(closed, "the-manager")
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):
            for path in (CALLBACK, "/uploads/home_credit/drift", "/jobs/x/cancel", "/logout", "/login"):
                answer = visitor.post(path, json={}, headers=headers)
                assert answer.status_code == 403, (path, headers)
            asked = visitor.post("/api/v1/home_credit/assessments", json=[{}], headers=headers)
            assert asked.status_code == 403
        assert visitor.get("/").status_code == 200

    @pytest.mark.parametrize("token", [None, "", "x", "é"])
    def test_without_the_token_of_their_page_are_refused(self, visitor, token):
        visitor.get("/login")
        data = {"name": ADVISOR, "password": PASSWORD} | ({} if token is None else {"form_token": token})
        answer = visitor.post("/login", data=data)
        assert answer.status_code == 403
        assert t("web.error.stale_form", "fr") in answer.text

    def test_may_not_use_the_token_of_another(self, closed, visitor):
        visitor.get("/login")
        form = closed.test_client().get("/login").text
        token = re.search(r'name="form_token" value="([^"]+)"', form)[1]
        data = {"name": ADVISOR, "password": PASSWORD, "form_token": token}
        assert visitor.post("/login", data=data).status_code == 403

    def test_to_leave_needs_it_too(self, closed):
        visitor = enter(closed, ADVISOR)
        assert visitor.post("/logout", data={"form_token": "x"}).status_code == 403
        assert visitor.get("/logout").status_code in (404, 405)
        assert visitor.get("/").status_code == 200

    @pytest.mark.parametrize("path", ["/login", "/logout", CALLBACK])
    def test_that_are_too_large_are_refused(self, visitor, path):
        answer = visitor.post(path, data={"form_token": "x" * 2_000_000})
        assert answer.status_code in (401, 413)

    def test_through_the_callbacks_open_nothing_without_login(self, visitor, clients):
        for body in (
            {},
            {"output": "x"},
            {"output": ".._pages_content.children..._pages_store.data.."},
            [],
            None,
        ):
            answer = visitor.post(CALLBACK, json=body)
            assert answer.status_code == 401
            assert answer.json["error"]["login"]["address"] == "/login"
        for path in ("/_dash-layout", "/_dash-dependencies", "/_dash-component-suites/dash/deps/x.js"):
            assert visitor.get(path).status_code == 401

    @pytest.mark.parametrize(
        "path",
        [
            "/assets/../config.py", "/assets/%2e%2e/config.py", "/static/../app.py", "/assets/..%5cconfig.py",
            "/login/../home_credit/eligibility",
        ],
    )  # fmt: skip
    def test_no_path_leads_around(self, visitor, path):
        answer = visitor.get(path)
        assert answer.status_code in (303, 404)
        assert "SECRET_KEY" not in answer.text


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


class TestWhatIsNoted:
    def test_logins_failures_and_going_out(self, closed, someone):
        try_entering(closed.test_client(), someone, "not the password")
        visitor = enter(closed, someone)
        leave(visitor)
        kinds = [one.kind for one in events.page(account=someone)]
        assert kinds == ["logout", "login", "login_failed"]
        came, went = (events.page(account=someone, kind=kind)[0] for kind in ("login", "logout"))
        assert came.target == went.target
        assert "127.0.0.1" not in came.address_hash

    def test_not_what_was_typed_as_the_name_of_nobody(self, closed):
        try_entering(closed.test_client(), "my-password-by-mistake", "x")
        (last,) = events.page(limit=1)
        assert (last.kind, last.account, last.target) == ("login_failed", "", "")

    @pytest.mark.parametrize(
        "look",
        [
            lambda visitor, client: visitor.get(f"/api/v1/home_credit/clients/{client}"),
            lambda visitor, client: visitor.get(f"/api/v1/home_credit/clients/{client}/assessment"),
            lambda visitor, client: visitor.get(f"/api/v1/home_credit/clients/{client}/recourse"),
            lambda visitor, client: visitor.post(CALLBACK, json=opening(f"?client={client}&lang=fr")),
        ],
        ids=["record", "assessment", "recourse", "page"],
    )
    def test_who_looked_at_which_file_once_a_while(self, closed, someone, clients, look):
        visitor = enter(closed, someone)
        for _ in range(2):
            assert look(visitor, clients[3]).status_code == 200
        seen = events.page(kind=events.VIEW, account=someone)
        assert [one.target for one in seen] == [f"home_credit/{clients[3]}"]

    def test_a_look_through_a_callback_alone(self, closed, someone, clients):
        """One who asks for a part of a file without its page is noted all the same."""
        visitor = enter(closed, someone)
        named = next(n for n in closed.extensions[access._APP] if "history-rows" in n)
        place = {
            "part": "history-rows",
            "client": clients[5],
            "portfolio": "home_credit",
            "lang": "fr",
            "table": "x",
        }
        sent = {"output": named, "outputs": {"id": place, "property": "children"}, "inputs": [], "state": []}
        visitor.post(CALLBACK, json=sent)
        assert events.has(events.VIEW, f"home_credit/{clients[5]}")
        assert events.page(kind=events.VIEW, account=someone)

    def test_nothing_without_login(self, client, clients):
        before = len(events.page(limit=1000))
        client.get(f"/api/v1/home_credit/clients/{clients[0]}/assessment")
        assert len(events.page(limit=1000)) == before

    def test_is_little_memory(self, closed, someone, monkeypatch):
        monkeypatch.setattr(audit, "_MOST", 3)
        visitor = enter(closed, someone)
        with visitor:
            visitor.get("/")
            for number in range(6):
                audit.viewed("home_credit", f"{number}")
        assert len(audit._noted) == 3


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


class TestHeaders:
    def test_keep_what_shows_a_file_out_of_caches(self, closed, clients):
        visitor = enter(closed, ADVISOR)
        for path in ("/", "/login", f"/api/v1/home_credit/clients/{clients[0]}", "/home_credit/eligibility"):
            assert visitor.get(path).headers["Cache-Control"] == "no-store", path
        drawn = visitor.post(CALLBACK, json=opening(f"?client={clients[0]}"))
        assert drawn.headers["Cache-Control"] == "no-store"
        with visitor.get("/assets/limpide.css") as style:
            assert "no-store" not in style.headers["Cache-Control"]

    def test_hold_browsers_to_tls_once_it_is_there(self, closed):
        visitor = closed.test_client()
        assert "Strict-Transport-Security" not in visitor.get("/login").headers
        answer = visitor.get("/login", base_url="https://limpide.example")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_wait_told_is_the_wait_held():
    assert throttle.WAIT.total_seconds() == 15 * 60
    assert Settings(_env_file=None).session_idle_minutes == 30


def leave(visitor):
    with visitor.session_transaction() as kept:
        token = kept.setdefault("form", "t")
    return visitor.post("/logout", data={"form_token": token})


def opening(search: str) -> dict:
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": "/home_credit/eligibility"},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.search"],
        "state": [],
    }
