"""12. CSRF, open redirect, host header, XSS in every field, damaged bodies. URLs by role: tests/access."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.cases.pages.conftest import long_form
from tests.support.world import HOME, Browser, World

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raise %}",
    "سلمى\u202e<b>x</b>\u2066",
    '=HYPERLINK("http://x.example")',
    "javascript:alert(1)",
]
LISTED = {
    "sex",
    "nationality",
    "status",
    "language",
    "province",
    "authority",
    "issue",
    "urgency",
    "restricted",
}


def typed(value: str) -> dict[str, object]:
    """The long form with the same text in every field that takes text."""
    form = long_form()
    kept = (
        LISTED
        | {"token", "birth"}
        | {name for name in form if re.search(r"kind|whose|channels|message_ok", name)}
    )
    return {name: form[name] if name in kept else value for name in form}


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_typed_anywhere_is_never_markup(world: World, value: str) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    answer = browser.post("/cases/new", **typed(value))
    assert answer.status_code == 303, browser.errors
    path = answer.location
    for page in (path, f"{path}/edit", "/cases", "/desk"):
        browser.get(page)
        assert "<script>alert" not in browser.page
        assert "<img src=x" not in browser.page
        assert not re.search(r"<a[^>]+href=.javascript:", browser.page)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", browser.page)


def test_a_form_without_our_token_does_nothing(world: World) -> None:
    browser, case_id = world.browser("caseworker"), world.record()
    for token in ("", "forged", "x" * 5000):
        browser.csrf = token
        answer = browser.post(f"/cases/{case_id}/notes", kind="note", text="sahte", token=str(uuid4()))
        assert answer.status_code == 400
    browser.get(f"/cases/{case_id}")
    assert "sahte" not in browser.page
    assert browser.post(f"/cases/{case_id}/notes", kind="note", text="gerçek").status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example"],
)
def test_no_answer_leads_to_another_site(world: World, target: str) -> None:
    guest = Browser(world.app.test_client())
    for path in ("/sign-in", "/language/tr", "/unlock", "/confirm"):
        answer = guest.client.get(path, query_string={"next": target}, base_url=HOME)
        assert "evil.example" not in answer.headers.get("Location", "").partition("?")[0]
    browser = world.browser("caseworker")
    answer = browser.client.get("/language/tr", query_string={"next": target}, base_url=HOME)
    assert not re.match(r"(?i)(https?:|//|/\\)", answer.headers.get("Location", "/").replace(HOME, ""))


def test_no_page_takes_its_address_from_the_host_header(world: World) -> None:
    browser = world.browser("admin")
    answer = browser.client.get("/people", base_url=HOME, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fetc/passwd",
        "/static/css/../../app.py",
    ],
)
def test_no_file_outside_static_is_served(world: World, path: str) -> None:
    guest = Browser(world.app.test_client())
    with guest.get("/static/css/base.css") as served:
        assert served.status_code == 200
    answer = guest.get(path)
    assert answer.status_code in {404, 308}
    assert "create_app" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"),
        (b"\xff\xfe\x00" * 100, "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * (3 * 1024 * 1024), "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(20000)), "multipart/form-data; boundary="),
        (b"{}", "application/json"),
    ],
)
def test_damaged_and_oversized_bodies_are_refused(world: World, body: bytes, kind: str) -> None:
    browser = world.browser("caseworker")
    answer = browser.client.post("/cases/new", data=body, content_type=kind, base_url=HOME)
    assert answer.status_code in {400, 413}
    assert "Traceback" not in answer.text


def test_every_answer_forbids_what_is_not_ours(world: World) -> None:
    browser = world.browser("caseworker")
    for path in ("/desk", f"/cases/{world.record()}", "/nowhere", "/cases/new"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<[^>]+\s(style|on\w+)=", browser.page)
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|<style", browser.page)
