"""Each role tries each page, callback and route: only what is declared succeeds, and all is declared."""

import re

import dash
import pytest
from tests_support import enter, opening

from data.ledger import tokens
from web import access, identity

NOBODY = "nobody"
WHO = (NOBODY, *identity.ROLES)
ADDRESS = "/_dash-update-component"
# What must hold whatever the declarations say.
NEVER = {
    "advisor": (
        "/uploads/<portfolio>/drift",
        "/jobs/<job_id>/cancel",
        "/reports/<portfolio>/drift/<batch>",
        "/exports/<portfolio>/register.csv",
        "/api/v1/decisions/<decision_id>/reviews",
    ),
    "admin": (
        "/api/v1/<portfolio>/clients",
        "/api/v1/<portfolio>/clients/<path:client_id>",
        "/api/v1/<portfolio>/assessments",
        "/api/v1/decisions",
        "/api/v1/decisions/<decision_id>",
        "/letters/<letter_id>",
        "/exports/<portfolio>/register.csv",
        "/uploads/<portfolio>/drift",
    ),
}
NEVER_PAGES = {"advisor": ("performance", "fairness", "drift"), "admin": ("eligibility", "simulation")}


@pytest.fixture
def visitors(closed):
    """A visitor of each role, and one who is nobody."""
    return {NOBODY: closed.test_client()} | {role: enter(closed, f"the-{role}") for role in identity.ROLES}


def address_of(rule) -> str:
    known = {
        "portfolio": "home_credit",
        "client_id": "1",
        "batch": "x",
        "package_name": "dash",
        "job_id": "x",
    }
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "nothing"), rule.rule)
    return filled.replace("/<path:path>", "/nothing")


def routes(server) -> list[tuple]:
    """Return every rule with each of its methods that does something."""
    # Going out is tried elsewhere: the visitors are still needed.
    kept = [rule for rule in server.url_map.iter_rules() if rule.endpoint != "login.leave"]
    return [(rule, method) for rule in kept for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]


def is_refused(answer) -> bool:
    if answer.status_code == 303:
        return answer.headers["Location"].startswith("/login")
    return answer.status_code in (401, 403)


class TestEverythingSaysWhoMayDoIt:
    def test_routes(self, closed):
        with closed.app_context():
            silent = [
                rule.rule for rule in closed.url_map.iter_rules() if access.declared(rule.endpoint) is None
            ]
        assert not silent, "add @requires(...) or @public of web.identity under the route"

    def test_pages(self, server):
        silent = [page["module"] for page in dash.page_registry.values() if access.page_roles(page) is None]
        assert not silent, "add roles=(...) to register_page"
        named = {role for page in dash.page_registry.values() for role in page["roles"]}
        assert named <= set(identity.ROLES)

    def test_callbacks(self, closed):
        known = closed.extensions[access._APP]
        served = {name: one for name, one in known.items() if "callback" in one}
        assert len(served) > 10
        silent = [name for name, one in served.items() if access.callback_roles(one) is None]
        assert not silent, "define callbacks in the module of a page"

    def test_what_is_for_anyone_is_known_and_short(self, closed):
        with closed.app_context():
            open_to_all = {
                r.rule for r in closed.url_map.iter_rules() if access.declared(r.endpoint).is_public
            }
        assert open_to_all == {
            "/health", "/metrics", "/login", "/logout", "/login/oidc", "/login/oidc/back",
            "/assets/<path:filename>", "/static/<path:filename>", "/_favicon.ico",
        }  # fmt: skip


class TestRoutes:
    def test_let_in_whom_they_declare_and_nobody_else(self, closed, visitors):
        tried = 0
        for rule, method in routes(closed):
            with closed.app_context():
                declared = access.declared(rule.endpoint)
            for who, visitor in visitors.items():
                answer = visitor.open(address_of(rule), method=method)
                allowed = declared.is_public or who in declared.roles
                if rule.endpoint == "login.enter":
                    allowed = False  # the form lacks its token
                assert is_refused(answer) is not allowed, (who, method, rule.rule, answer.status_code)
                assert answer.status_code != 500
                tried += 1
        assert tried > 100

    @pytest.mark.parametrize("who", NEVER)
    def test_some_are_never_for_some(self, closed, who):
        visitor = enter(closed, f"the-{who}")
        assert set(NEVER[who]) <= {rule.rule for rule, _ in routes(closed)}
        for rule, method in routes(closed):
            if rule.rule in NEVER[who]:
                assert visitor.open(address_of(rule), method=method).status_code == 403, rule.rule


class TestPages:
    @pytest.mark.parametrize("who", WHO)
    def test_open_for_whom_they_declare(self, visitors, who, clients):
        for page in dash.page_registry.values():
            path = (page["path_template"] or page["path"]).replace("<portfolio>", "home_credit")
            allowed = who in page["roles"]
            answer = visitors[who].get(re.sub("<.*?>", "nothing", path))
            assert is_refused(answer) is not allowed, (who, path)

    @pytest.mark.parametrize("who", WHO)
    def test_open_no_other_way_either(self, visitors, who, clients):
        """The callback that opens pages in place is asked for each of them."""
        for page in dash.page_registry.values():
            path = re.sub("<portfolio>", "home_credit", page["path_template"] or page["path"])
            path = re.sub("<.*?>", "nothing", path)
            answer = visitors[who].post(ADDRESS, json=opening(path, f"?client={clients[0]}&lang=fr"))
            if who == NOBODY:
                assert answer.status_code == 401
                continue
            drawn = "_pages_content" in answer.json["response"]
            assert drawn is (who in page["roles"]), (who, path)
            if not drawn:
                assert clients[0] not in answer.text

    @pytest.mark.parametrize("who", NEVER_PAGES)
    def test_some_are_never_for_some(self, visitors, who):
        for name in NEVER_PAGES[who]:
            assert visitors[who].get(f"/home_credit/{name}").status_code == 403

    @pytest.mark.parametrize(
        "path", ["/home_credit/performance/", "//home_credit/performance", "/home_credit%2Fperformance"]
    )
    def test_written_otherwise_open_no_further(self, visitors, path):
        answer = visitors["advisor"].post(ADDRESS, json=opening(path, "?lang=fr"))
        assert "curve" not in answer.text

    def test_say_nothing_of_files_in_what_every_browser_is_sent(self, visitors, clients):
        told = visitors["admin"].get("/").text
        assert "picker-search" in told
        assert clients[0] not in told


class TestCallbacks:
    @pytest.mark.parametrize("who", WHO)
    def test_answer_whom_their_page_is_for(self, closed, visitors, who):
        refused = {NOBODY: 401}.get(who, 403)
        for name, known in closed.extensions[access._APP].items():
            if "callback" not in known:
                continue
            allowed = who in access.callback_roles(known)
            answer = visitors[who].post(ADDRESS, json={"output": name, "inputs": [], "state": []})
            # Let through, it is found to lack its inputs.
            assert answer.status_code == (400 if allowed else refused), (who, name)


class TestTokens:
    @pytest.mark.parametrize("scope", tokens.SCOPES)
    def test_call_what_their_scope_allows_and_no_page(self, closed, scope):
        _, secret = tokens.create("system", [scope])
        visitor, headers = closed.test_client(), {"Authorization": f"Bearer {secret}"}
        for rule, method in routes(closed):
            with closed.app_context():
                declared = access.declared(rule.endpoint)
            if declared.is_public:
                continue
            allowed = declared.scope in (identity.ANY_SCOPE, scope)
            answer = visitor.open(address_of(rule), method=method, headers=headers)
            assert is_refused(answer) is not allowed, (scope, method, rule.rule, answer.status_code)
