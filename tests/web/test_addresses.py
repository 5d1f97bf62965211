import base64
import hashlib
import re

import pytest


@pytest.mark.parametrize(
    "path", ["/", "/home_credit/eligibility", "/home_credit/eligibility?client=1", "/?lang=en"]
)
def test_pages_are_found(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/nothing/eligibility", "/home_credit", "/home_credit/x", "/a/b/c", "/.env"]
)
def test_other_addresses_show_a_page_with_status_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "react-entry-point" in answer.text


@pytest.mark.parametrize(
    ("asked", "led"), [("", ""), ("?lang=en", "?lang=en"), ("?lang=fr", "?lang=fr"), ("?lang=//x", "")]
)
def test_decisions_alone_leads_to_the_first_register(client, asked, led):
    answer = client.get(f"/decisions{asked}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/home_credit/decisions{led}"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("path", ["/assets/../config.py", "/assets/..%2fconfig.py", "/assets/nothing.css"])
def test_files_outside_the_assets_are_not_served(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"Settings" not in answer.data


def test_every_inline_script_of_our_page_is_allowed(client):
    answer = client.get("/")
    page = re.sub(r"<!--.*?-->", "", answer.text, flags=re.S)
    scripts = re.findall(r"<script(?![^>]*(?:src|json))[^>]*>(.*?)</script>", page, flags=re.S)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert digest in answer.headers["Content-Security-Policy"]
