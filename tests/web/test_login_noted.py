"""What is written down of who came in and what they looked at, and what never is."""

import pytest
from tests_support import enter, leave, opening, try_entering

from data.ledger import events
from web import access, audit

CALLBACK = "/_dash-update-component"
FILE = "/home_credit/eligibility"


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
            lambda visitor, client: visitor.post(CALLBACK, json=opening(FILE, f"?client={client}&lang=fr")),
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
