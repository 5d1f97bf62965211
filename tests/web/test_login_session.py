"""A session once somebody is in: when it ends, and what it takes from whom."""

import re
import time
from types import SimpleNamespace

import pytest
from tests_support import PASSWORD, enter, leave, opening, try_entering

from components.i18n import t
from data.ledger import accounts
from web import login_session

ADVISOR = "the-advisor"
CALLBACK = "/_dash-update-component"


@pytest.fixture
def visitor(closed):
    return closed.test_client()


def later(monkeypatch, minutes: int) -> None:
    """Let so many minutes pass for sessions alone."""
    clock = SimpleNamespace(time=lambda: time.time() + 60 * minutes)
    monkeypatch.setattr(login_session, "time", clock)


def cookie(visitor) -> str:
    return visitor.get_cookie("limpide").value


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


class TestHeaders:
    def test_keep_what_shows_a_file_out_of_caches(self, closed, clients):
        visitor = enter(closed, ADVISOR)
        for path in ("/", "/login", f"/api/v1/home_credit/clients/{clients[0]}", "/home_credit/eligibility"):
            assert visitor.get(path).headers["Cache-Control"] == "no-store", path
        drawn = visitor.post(CALLBACK, json=opening("/home_credit/eligibility", f"?client={clients[0]}"))
        assert drawn.headers["Cache-Control"] == "no-store"
        with visitor.get("/assets/limpide.css") as style:
            assert "no-store" not in style.headers["Cache-Control"]

    def test_hold_browsers_to_tls_once_it_is_there(self, closed):
        visitor = closed.test_client()
        assert "Strict-Transport-Security" not in visitor.get("/login").headers
        answer = visitor.get("/login", base_url="https://limpide.example")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
