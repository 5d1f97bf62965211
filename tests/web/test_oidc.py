"""Logging in at an OpenID Connect provider: a small one, made here, on this machine."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests_support import enter

from components.i18n import t
from config import Settings
from data.ledger import accounts, events
from web import access, oidc

ID = "limpide"


class Provider:
    """What an OpenID Connect provider answers; ``claims`` and ``key`` are what a test changes."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})
        self.shown = self.key
        self.claims: dict = {"sub": "s-1", "preferred_username": "Conseil 7"}
        self.asked: dict[str, dict] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send(
                    provider.metadata()
                    if "well-known" in self.path
                    else {"keys": [provider.shown.as_dict(private=False)]}
                )

            def do_POST(self):
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send(provider.token({name: value[0] for name, value in parse_qs(sent).items()}))

            def send(self, content):
                body = json.dumps(content).encode()
                self.send_response(400 if "error" in content else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def metadata(self) -> dict:
        there = {
            name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
        return there | {"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"]}

    def authorize(self, address: str) -> dict[str, str]:
        """Return what the visitor's browser brings back from the provider."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == ID
        assert asked["code_challenge_method"] == "S256"
        self.asked["code"] = asked
        return {"code": "code", "state": asked["state"]}

    def token(self, sent: dict) -> dict:
        asked = self.asked.get(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if not asked or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("="):
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": ID,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        } | self.claims
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def served(closed, provider, monkeypatch):
    """The application with a provider, its roles kept here."""
    return with_provider(closed, provider, monkeypatch)


def with_provider(server, provider, monkeypatch, **more):
    asked = {"oidc_issuer": provider.issuer, "oidc_client_id": ID, "oidc_client_secret": "secret"} | more
    monkeypatch.setitem(server.extensions, access.SETTINGS, Settings(_env_file=None, auth="on", **asked))
    monkeypatch.setitem(
        server.extensions, oidc._CLIENT, oidc._made(server.extensions[access.SETTINGS], server)
    )
    return server


def come(server, provider, wanted: str = "/"):
    """Log in at the provider as it will have it; return the visitor and the last answer."""
    visitor = server.test_client()
    sent = visitor.get(f"/login/oidc?{urlencode({'next': wanted})}")
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith(provider.issuer)
    return visitor, visitor.get("/login/oidc/back", query_string=provider.authorize(sent.headers["Location"]))


def test_the_form_offers_it_when_there_is_one(served):
    assert t("login.provider", "fr") in served.test_client().get("/login").text


def test_without_a_provider_the_addresses_do_not_exist(closed):
    visitor = closed.test_client()
    assert t("login.provider", "fr") not in visitor.get("/login").text
    assert visitor.get("/login/oidc").status_code == 404
    assert visitor.get("/login/oidc/back?code=x&state=y").status_code == 404


class TestWithRolesKeptHere:
    def test_who_has_an_account_comes_in_and_goes_on(self, served, provider):
        provider.claims["sub"] = "s-known"
        accounts.add("known-there", ["manager"], subject="s-known")
        visitor, answer = come(served, provider, "/home_credit/drift")
        assert answer.headers["Location"] == "/home_credit/drift"
        assert visitor.get("/home_credit/drift").status_code == 200
        assert events.page(account="known-there", kind=events.LOGIN)

    def test_who_has_none_is_told_so_and_noted(self, served, provider):
        provider.claims["sub"] = "s-stranger"
        visitor, answer = come(served, provider)
        assert answer.status_code == 403
        assert t("login.refused", "fr") in answer.text
        assert visitor.get("/").status_code == 303
        assert events.has(events.REFUSED, "subject s-stranger")

    def test_a_closed_account_stays_closed(self, served, provider):
        provider.claims["sub"] = "s-closed"
        accounts.add("closed-there", ["manager"], subject="s-closed")
        accounts.disable("closed-there")
        assert come(served, provider)[1].status_code == 403

    def test_a_planted_address_is_not_gone_on_to(self, served, provider):
        provider.claims["sub"] = "s-planted"
        accounts.add("planted-there", ["manager"], subject="s-planted")
        assert come(served, provider, "//evil.example")[1].headers["Location"] == "/"

    @pytest.mark.parametrize(
        "forged",
        [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "another"}, {"exp": 1}],
        ids=lambda one: next(iter(one)),
    )
    def test_a_token_that_is_not_for_us_now_is_refused(self, served, provider, forged):
        provider.claims |= forged
        visitor, answer = come(served, provider)
        assert answer.status_code == 502
        assert t("web.error.provider", "fr") in answer.text
        assert visitor.get("/").status_code == 303

    def test_a_token_signed_by_another_is_refused(self, served, provider):
        provider.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        assert come(served, provider)[1].status_code == 502

    def test_an_answer_that_the_visitor_did_not_ask_for_is_refused(self, served, provider):
        """Login CSRF: somebody has a visitor come back with another's code."""
        sent = served.test_client().get("/login/oidc")
        brought = provider.authorize(sent.headers["Location"])
        assert served.test_client().get("/login/oidc/back", query_string=brought).status_code == 502

    def test_a_provider_that_does_not_answer_is_told(self, closed, monkeypatch, provider):
        dead = with_provider(closed, provider, monkeypatch, oidc_issuer="http://127.0.0.1:9")
        assert dead.test_client().get("/login/oidc").status_code == 502
        enter(dead, "the-advisor")


class TestWithRolesOfTheProvider:
    @pytest.fixture
    def served(self, closed, provider, monkeypatch):
        return with_provider(closed, provider, monkeypatch, oidc_roles_claim="groups")

    def test_an_account_is_made_at_the_first_login_and_follows_after(self, served, provider):
        provider.claims |= {"sub": "s-9", "preferred_username": "Conseil 9", "groups": ["advisor", "staff"]}
        visitor, _ = come(served, provider)
        assert accounts.of_subject("s-9").name == "conseil-9"
        assert accounts.of_subject("s-9").roles == {"advisor"}
        provider.claims["groups"] = ["manager"]
        come(served, provider)
        assert accounts.of_subject("s-9").roles == {"manager"}
        assert visitor.get("/").status_code == 303  # the session before had other rights

    def test_nobody_takes_the_name_of_another(self, served, provider):
        accounts.add("boss", ["admin"], "a good long password")
        provider.claims |= {"sub": "s-10", "preferred_username": "boss", "groups": "advisor"}
        come(served, provider)
        assert accounts.of_subject("s-10").name != "boss"
        assert accounts.get("boss").roles == {"admin"}

    @pytest.mark.parametrize("groups", [None, [], ["staff"], "root"])
    def test_without_a_role_nobody_comes_in(self, served, provider, groups):
        provider.claims |= {"sub": "s-11", "groups": groups}
        assert come(served, provider)[1].status_code == 403
        assert accounts.of_subject("s-11") is None
