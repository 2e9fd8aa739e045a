"""Slow telephones that send files never hold up whoever writes, and say so calmly to whoever comes third."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from threading import Barrier, Event, Thread
from types import MappingProxyType
from typing import Any

import pytest
from limits import RateLimitItemPerHour
from werkzeug.test import TestResponse

from core.errors import Busy
from core.store import sealed_files
from core.web import crowding, limits
from tests.intake.papers import PDF
from tests.intake.stage import ANSWERS, ask, open_door, phone, requests_on, take_on
from tests.support.world import HOME, Browser, World

LARGE = PDF + bytes(100_000)
TELL = "/m/tr/3"


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


@pytest.fixture
def ready(desk: World) -> Callable[[], Browser]:
    """A telephone that has come to the page that takes files."""

    def make() -> Browser:
        browser = phone(desk)
        for number in (1, 2):
            browser.fill(f"/m/tr/{number}", **ANSWERS[number])
        browser.get(TELL)
        return browser

    return make


class Line(io.RawIOBase):
    """A line on which somebody is told when half of the body has come, and then waited for."""

    def __init__(self, body: bytes, halfway: Callable[[], object]) -> None:
        self._body, self._place, self._halfway = body, 0, halfway

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._place >= len(self._body) // 2:
            self._halfway()
        piece = self._body[self._place : self._place + min(len(buffer), 8_192)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


def upload(
    browser: Browser,
    halfway: Callable[[], object] = lambda: None,
    to: str = TELL,
    environ: Mapping[str, Any] = MappingProxyType({}),
) -> TestResponse:
    """Send a file beside a text, to the last byte or until the line says otherwise."""
    parts = [('name="csrf_token"', browser.csrf.encode()), ('name="text"', b"yazdim")]
    parts.append(('name="files"; filename="a.pdf"', LARGE))
    head = b"".join(
        b"--border\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + content + b"\r\n"
        for name, content in parts
    )
    body = head + b"--border--\r\n"
    line = io.BufferedReader(Line(body, halfway), 1)
    given = {"CONTENT_TYPE": "multipart/form-data; boundary=border", "CONTENT_LENGTH": str(len(body))}
    given |= {"REMOTE_ADDR": browser.address}
    return browser.client.post(to, base_url=HOME, environ_overrides={"wsgi.input": line, **given, **environ})


def test_who_comes_third_is_asked_to_wait_and_everybody_else_writes_on(
    desk: World, ready: Callable[[], Browser]
) -> None:
    go, here, answers = Event(), Barrier(3), []

    def slow(browser: Browser) -> None:
        waited: list[bool] = []

        def halfway() -> None:
            if not waited:
                waited.append(True)
                here.wait(20)
                go.wait(20)

        answers.append(upload(browser, halfway).status_code)

    third, writer, back = ready(), ready(), ready()
    threads = [Thread(target=slow, args=(ready(),)) for _ in range(crowding.AT_ONCE)]
    for thread in threads:
        thread.start()
    here.wait(20)
    try:
        refused = upload(third)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert "Şu anda çok sayıda dosya geliyor" in refused.text
        assert re.search(r"<textarea[^>]*>\s*yazdim</textarea>", refused.text)  # what was typed is there
        listed = upload(third, to="/m/tr/add")  # by a script
        assert (listed.status_code, listed.headers["Retry-After"]) == (503, "60")
        assert "Şu anda çok sayıda dosya geliyor" in listed.text
        assert "<html" not in listed.text
        for broken in ({"CONTENT_TYPE": "multipart/form-data; boundary=other"}, {"CONTENT_LENGTH": "70000"}):
            lost = upload(third, environ=broken)
            assert (lost.status_code, lost.headers["Retry-After"]) == (503, "60")
        other = {"CONTENT_TYPE": "multipart/form-data; boundary=other"}
        unread = upload(third, _stalls, environ=other)
        assert "yazdim" not in unread.text
        assert "<title>Sayfa</title>" in unread.text  # nothing of it could be read
        assert "Şu anda çok sayıda dosya geliyor" in unread.text
        assert "Retry-After" not in writer.post(TELL, text="yazdım", subject="B").headers  # without a file
        assert back.get("/m/tr/2").status_code == 200
    finally:
        go.set()
        for thread in threads:
            thread.join(20)
    assert answers == [303, 303]
    assert upload(third).status_code == 303  # a minute later


def test_a_line_that_brings_nothing_any_more_is_given_up(ready: Callable[[], Browser]) -> None:
    patience: list[float | None] = []

    class Socket:
        def settimeout(self, seconds: float | None) -> None:
            patience.append(seconds)

    stored = set(_objects())
    for _ in range(crowding.AT_ONCE + 1):  # none of them keeps a place
        answer = upload(ready(), _stalls, environ={"gunicorn.socket": Socket()})
        assert answer.status_code == 400
    assert patience[:2] == [crowding.STALLED, None]
    assert set(_objects()) == stored


def test_very_many_from_one_address_may_write_but_send_no_file_for_an_hour(
    desk: World, ready: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UPLOADS_BY_ADDRESS", RateLimitItemPerHour(1, namespace="test"))
    first, other = ready(), ready()
    assert upload(first).status_code == 303
    refused = upload(first)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3600")
    assert "Bir saat içinde ağınızdan" in refused.text
    assert upload(other).status_code == 303
    assert "yazdim" in refused.text
    assert first.fill(TELL, text="yazdım", subject="B").status_code == 303


def test_a_colleague_who_meets_another_file_keeps_what_was_typed(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "WAITED", 0.05)
    ask(desk, "tr")
    page = requests_on(colleague := desk.browser("caseworker", "tr"))[-1]
    take_on(colleague, page)
    with crowding.place({}, public=False):
        refused = upload(colleague, to=page)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Şu anda çok sayıda dosya geliyor" in refused.text
    assert "Hiçbir şey gönderilmedi" in refused.text
    assert re.search(r"<textarea[^>]*>\s*yazdim</textarea>", refused.text)
    colleague.get(page)
    assert "yazdim" not in colleague.page
    assert upload(colleague, to=page).status_code == 303


def _stalls() -> None:
    raise TimeoutError


def _objects() -> list[Any]:
    return list(sealed_files.store().older_than(dt.datetime.max.replace(tzinfo=dt.UTC)))


def test_colleagues_have_a_place_of_their_own_and_wait_for_it(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.app.test_request_context(environ_base={"REMOTE_ADDR": "10.9.9.9"}), ExitStack() as public:
        for _ in range(crowding.AT_ONCE):
            public.enter_context(crowding.place({}, public=True))
        with pytest.raises(Busy), crowding.place({}, public=True):
            pass
        with crowding.place({}, public=False):  # nobody outside keeps them from their work
            monkeypatch.setattr(crowding, "WAITED", 0.05)
            with pytest.raises(Busy), crowding.place({}, public=False):
                pass
        with crowding.place({}, public=False):
            pass
