"""What the public and the desk see, and what the public pages never do."""

from __future__ import annotations

import gzip
import re
from uuid import UUID

from werkzeug.test import TestResponse

from awareness.service import editing
from core.store.transaction import transaction
from tests.awareness.stage import add, address_of, begun, publish, version_of
from tests.support.world import HOME, Browser, World, world

__all__ = ["world"]

PACKED = {"Accept-Encoding": "gzip"}


def public_topic(world: World, word: str = "ordinary") -> tuple[UUID, str]:
    with world.app.app_context():
        topic_id = add(world.cast, word)
        publish(world.cast, topic_id)
        return topic_id, address_of(topic_id)


def test_public_pages_set_no_cookie_and_look_at_none(world: World) -> None:
    _topic_id, address = public_topic(world)
    for browser in (Browser(world.app.test_client()), world.browser("caseworker", "tr")):
        browser.get("/account")
        for path in ("/info", "/info/ar", f"/info/ar/{address}", "/info/en/not-there"):
            answer = browser.get(path)
            assert "Set-Cookie" not in answer.headers, path
            assert "Kişi" not in answer.text.replace("Kişi lawyer", ""), path
        assert browser.client.get_cookie("language", domain="localhost") is None or browser.csrf
        found = browser.client.post("/info/ar", data={"query": "ordinary"}, base_url="https://localhost")
        assert found.status_code == 200
        assert "Set-Cookie" not in found.headers
        assert "no-store" in found.headers["Cache-Control"]
        assert address in found.text


def test_the_address_decides_the_language_and_the_title_says_nothing(world: World) -> None:
    _topic_id, address = public_topic(world)
    browser = world.browser("caseworker", "tr")
    for language in ("ar", "tr", "en"):
        for path in (f"/info/{language}", f"/info/{language}/{address}", f"/info/{language}/gone"):
            page = browser.get(path).text
            assert f'<html lang="{language}"' in page
            assert re.findall(r"<title>(.*?)</title>", page)[0] in {"صفحة", "Sayfa", "Page"}
            assert "data-exit" in page
            assert "himaya" not in page.lower()
    assert browser.get("/info/de").status_code == 404
    client = world.app.test_client()
    asked = client.get("/info", base_url="https://localhost", headers={"Accept-Language": "tr-TR,en;q=0.5"})
    assert asked.location == "/info/tr"


def test_a_kept_page_is_asked_for_again_and_gone_at_once_when_taken_back(world: World) -> None:
    topic_id, address = public_topic(world)
    client = world.app.test_client()
    headers = {"Accept-Encoding": "gzip"}
    answer = client.get(f"/info/tr/{address}", base_url="https://localhost", headers=headers)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Title ordinary tr" in gzip.decompress(answer.data).decode()
    again = {**headers, "If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/info/tr/{address}", base_url="https://localhost", headers=again).status_code == 304
    with world.app.app_context(), transaction():
        editing.withdraw(world.cast["coordinator"], topic_id, version_of(topic_id))
    assert client.get(f"/info/tr/{address}", base_url="https://localhost", headers=again).status_code == 404


def test_what_is_typed_never_becomes_markup(world: World) -> None:
    _topic_id, address = public_topic(world, "<script>alert(1)</script>")
    page = Browser(world.app.test_client()).get(f"/info/en/{address}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page
    assert '<a class="tel" href="tel:112"><bdi dir="ltr">112</bdi></a>' in page


def test_a_search_that_is_too_long_says_so(world: World) -> None:
    public_topic(world)
    client = world.app.test_client()
    answer = client.post("/info/en", data={"query": "a" * 201}, base_url="https://localhost")
    assert "Shorten this to 200 characters" in answer.text
    nothing = client.post("/info/en", data={"query": "xyzzy"}, base_url="https://localhost")
    assert "We found nothing" in nothing.text


def test_from_the_desk_to_the_public(world: World) -> None:
    caseworker, lawyer = world.browser("caseworker"), world.browser("lawyer")
    coordinator = world.browser("coordinator")
    with world.app.app_context():
        topic_id = begun(world.cast)["unpaid_wages"]
    path = f"/topics/{topic_id}"
    assert "came with the product" in caseworker.get(path).text
    stale = caseworker.version
    sent = caseworker.post(f"{path}/send", version=stale)
    assert sent.status_code == 303
    assert caseworker.post(f"{path}/send", version=str(int(stale) + 1)).status_code == 422
    assert "was sent to review already" in caseworker.text
    assert "For you to review" in lawyer.get("/topics").text
    lawyer.get(path)
    assert lawyer.post(f"{path}/return", version=lawyer.version, remark="").status_code == 422
    assert "Write what has to change." in lawyer.text
    assert lawyer.post(f"{path}/confirm", version=lawyer.version).status_code == 303
    coordinator.get(path)
    assert coordinator.post(f"{path}/publish", version=stale).status_code == 303
    assert "Somebody changed this text meanwhile" in coordinator.get(path).text
    assert coordinator.post(f"{path}/publish", version=coordinator.version).status_code == 303
    assert "The text is public now" in coordinator.get(path).text
    assert "My employer did not pay me" in Browser(world.app.test_client()).get("/info/en").text
    assert coordinator.get(f"{path}/versions/1").status_code == 200
    assert coordinator.get(f"{path}/versions/7").status_code == 404


def test_two_who_write_at_once_lose_nothing(world: World) -> None:
    with world.app.app_context():
        topic_id = add(world.cast, "shared")
    path = f"/topics/{topic_id}/edit"
    first, second = world.browser("caseworker"), world.browser("coordinator")
    first.get(path)
    second.get(path)
    given = {
        **{f"{part}_{language}": "text" for part in ("what", "now", "deadlines", "helps", "sources")
           for language in ("ar", "tr", "en")},
        "issue": "B01", "review_by": ["1", "1", "2030"], "title_ar": "عنوان", "title_tr": "Başlık",
    }  # fmt: skip # one form
    seen = second.version
    assert first.post(path, version=first.version, **given, title_en="First wins").status_code == 303
    lost = second.post(path, version=seen, **given, title_en="Second typed")
    assert lost.status_code == 409
    assert "First wins" in second.page
    assert "Second typed" in second.page
    assert second.post(path, version=second.version, **given, title_en="Second typed").status_code == 303


def test_bad_input_stands_beside_its_field_and_is_kept(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/topics/add")
    answer = browser.post(
        "/topics/add",
        title_en="Kept",
        now_en="[x](http://x.org)",
        what_ar="ا" * 3001,
        review_by=["31", "2", "2026"],
    )
    assert answer.status_code == 422
    assert "Kept" in browser.page
    said = " ".join(browser.errors)
    for part in (
        "A link in this text leads nowhere",
        "Shorten this to",
        "Enter a real date",
        "Choose an issue",
    ):
        assert part in said, part


def test_an_administrator_writes_how_the_public_reaches_us(world: World) -> None:
    _topic_id, address = public_topic(world)
    admin = world.browser("admin")
    assert admin.fill("/topics/office", version="0", reach_tr="[x](ftp://a.b)").status_code == 422
    assert admin.post("/topics/office", version="0", reach_tr="Kapı 5", reach_ar="باب").status_code == 303
    assert "Kapı 5" in Browser(world.app.test_client()).get(f"/info/tr/{address}").text
    stale = admin.fill("/topics/office", version="0", reach_tr="Kapı 7")
    assert stale.status_code == 409
    assert "Kapı 5" in admin.page
    assert "Kapı 7" in admin.page


def test_files_of_the_product_come_packed_and_whole(world: World) -> None:
    def fetch(path: str, **headers: str) -> TestResponse:
        return world.app.test_client().get(path, base_url=HOME, headers=headers, buffered=True)

    plain, packed = fetch("/static/css/base.css"), fetch("/static/css/base.css", **PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 2 < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    again = fetch("/static/css/base.css", **PACKED, **{"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    address = re.findall(r"/static/css/base\.css\?v=\w+", fetch("/sign-in").text)[0]
    assert "immutable" in fetch(address).headers["Cache-Control"]  # a slow line carries it once
    assert "immutable" not in fetch(address[:-1] + "x").headers["Cache-Control"]
    font = fetch("/static/fonts/plex-arabic-400.woff2", **PACKED)
    assert "Content-Encoding" not in font.headers  # it is packed already


def test_pages_of_people_are_never_packed(world: World) -> None:
    client = world.browser("caseworker").client
    answer = client.get("/topics", base_url=HOME, headers=PACKED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_nothing_is_searched_for_in_an_address(world: World) -> None:
    _topic_id, address = public_topic(world, "searchable")
    answer = world.app.test_client().get("/info/en?query=xyzzy", base_url=HOME)
    assert answer.status_code == 200
    assert "xyzzy" not in answer.text
    assert address in answer.text  # the list, as if nothing were asked
