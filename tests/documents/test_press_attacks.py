"""A hostile page cannot read a file, reach a network, exhaust the machine or leave anything behind."""

import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from core.documents import pdf, press
from tests.documents.conftest import Press
from tests.support.rendering import inside, text

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="

# OUT stands for the address that must not be asked.
ASKING = {
    "a picture": '<img src="OUT">',
    "a picture in capitals": '<IMG SRC="OUT">',
    "a style sheet": '<link rel="stylesheet" href="OUT">',
    "an import": "<style>@import url('OUT');</style>",
    "a background": "<style>p { background: url('OUT') }</style>",
    "a list mark": "<style>li { list-style-image: url('OUT') }</style><ul><li>x</ul>",
    "generated content": "<style>p::before { content: url('OUT') }</style>",
    "a font": "<style>@font-face { font-family: x; src: url('OUT') } p { font-family: x }</style>",
    "an object": '<object data="OUT"></object>',
    "an embedded file": '<embed src="OUT">',
    "a picture in a drawing": '<svg viewBox="0 0 9 9"><image href="OUT" width="9" height="9"/></svg>',
    "an attachment in the text": '<a rel="attachment" href="OUT">x</a>',
}
ADDRESSES = {
    "file": "file:///etc/passwd",
    "escaped": "file:///%65tc/passwd",
    "capitals": "FILE:///etc/passwd",
    "network": "http://127.0.0.1:9/secret",
    "inside the page": PIXEL,
}


def order(html: str) -> dict[str, Any]:
    return {
        "html": f'<!DOCTYPE html><html lang="en"><title>.</title>{html}<p>told',
        "stylesheet": "",
        "title": "t",
        "language": "en",
        "created": None,
    }


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The press in this process; the variable it sets is taken back afterwards."""
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    press.load()


def asked(html: str) -> list[str]:
    """Which addresses the page asks for when nobody refuses."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    seen: list[str] = []

    class Recording(URLFetcher):  # type: ignore[misc] # untyped
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the library's signature
            seen.append(url)
            raise PermissionError

    weasyprint.HTML(string=html, url_fetcher=Recording()).write_pdf()
    return seen


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("way", ASKING)
@pytest.mark.usefixtures("loaded")
def test_what_stands_outside_the_page_is_refused(way: str, address: str) -> None:
    wanted = order(ASKING[way].replace("OUT", ADDRESSES[address]))
    assert asked(wanted["html"]), "the control: this page does ask"
    with pytest.raises(press.ReachedOutside):
        press.press(wanted)


@pytest.mark.parametrize("html", [
    '<base href="file:///etc/"><img src="passwd">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<script>fetch("file:///etc/passwd")</script>',
    '<img src="passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;',
    '<svg viewBox="0 0 9 9"><use href="file:///etc/passwd#a"/></svg>',
    '<form><input type="file" value="file:///etc/passwd"></form>',
])  # fmt: skip # a table
@pytest.mark.usefixtures("loaded")
def test_other_ways_out_are_refused_or_lead_nowhere(html: str) -> None:
    try:
        made = press.press(order(html))
    except press.ReachedOutside:
        return
    assert b"root:" not in inside(made)
    assert "root:" not in "".join(text(made))
    assert "told" in "".join(text(made))


def test_the_person_reads_why_and_that_nothing_was_lost() -> None:
    with pytest.raises(pdf.NotPrinted, match=r"something outside itself.*Nothing was lost"):
        pdf.render('<p>Amina<img src="file:///etc/passwd">', language="en", title=".")


@pytest.mark.parametrize(("html", "constants"), [
    ("<p>x" * 5000, {"CPU_SECONDS": 2}),
    ("<div>" * 20_000, {"CPU_SECONDS": 2}),
    ("<table><td colspan=100000000>x", {"MEMORY_BYTES": 300 << 20}),
])  # fmt: skip # a table
def test_a_bomb_ends_at_its_bounds(html: str, constants: dict[str, int], other_press: Press) -> None:
    other_press(**constants)
    with pytest.raises(pdf.NotPrinted, match="too large"):
        pdf.render(f"<!DOCTYPE html><title>.</title>{html}", language="en", title=".")


def test_a_page_that_nests_too_deep_is_not_printed() -> None:
    with pytest.raises(pdf.NotPrinted, match="Nothing was lost"):
        pdf.render("<div>" * 3000, language="en", title=".")


def test_a_page_beyond_all_measure_is_not_even_handed_over(other_press: Press) -> None:
    other_press(program="raise SystemExit('asked')")
    with pytest.raises(pdf.NotPrinted, match="too large"):
        pdf.render("x" * (4 * 1024 * 1024 + 1), language="en", title=".")


def test_a_press_that_hangs_is_ended(other_press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    other_press(program="import time; time.sleep(60)")
    monkeypatch.setattr(pdf, "_WAIT_SECONDS", 0.5)
    with pytest.raises(pdf.NotPrinted, match="too large"):
        pdf.render("<p>x", language="en", title=".")


def test_the_press_can_write_to_no_file(other_press: Press) -> None:
    """The limits of the press, then an attempt that succeeds without them."""
    attempt = """
import sys, tempfile
def write():
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"secret")
            file.flush()
    except OSError:
        return b"refused"
    return b"written"
before = write()
limit()
sys.stdout.buffer.write(before + b" " + write())
"""
    source = Path(press.__file__).read_text("utf-8").partition('if __name__ == "__main__"')[0]
    other_press(program=source + attempt)
    assert pdf.render("<p>x", language="en", title=".") == b"written refused"


def test_the_press_inherits_no_secret(other_press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMAYA_PEPPER", "planted")
    other_press(program="import json, os, sys; json.dump([dict(os.environ), sys.argv], sys.stdout)")
    environment, arguments = json.loads(pdf.render("<p>Amina", language="en", title="Amina"))
    assert "planted" not in environment.values()
    assert len(arguments) == 1  # neither words nor title where `ps` shows them
    assert "planted" in os.environ.values()


def test_when_every_press_is_busy_the_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_PRESSES", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pdf, "_WAIT_SECONDS", 0.01)
    with pdf._PRESSES, pytest.raises(pdf.NotPrinted, match="Try again in a minute"):
        pdf.render("<p>x", language="en", title=".")


def test_a_press_is_free_again_after_a_failure(other_press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_PRESSES", threading.BoundedSemaphore(1))
    other_press(program="raise SystemExit(1)")
    for _ in range(2):
        with pytest.raises(pdf.NotPrinted, match="could not be printed"):
            pdf.render("<p>x", language="en", title=".")


def test_without_its_libraries_the_command_that_installs_them_is_named(other_press: Press) -> None:
    other_press(program=f"raise SystemExit({press.LIBRARIES_MISSING})")
    assert not pdf.printable()
    with pytest.raises(pdf.NotPrinted, match=r"apt-get install libpango-1\.0-0"):
        pdf.render("<p>x", language="en", title=".")


@pytest.mark.parametrize(("fault", "status"), [
    (OSError(), press.LIBRARIES_MISSING),
    (ImportError(), press.LIBRARIES_MISSING),
    (press.ReachedOutside(), press.REACHED_OUTSIDE),
    (MemoryError(), press.TOO_LARGE),
])  # fmt: skip # a table
def test_the_status_of_the_press_says_what_went_wrong(
    fault: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(press, "limit", lambda: None)
    monkeypatch.setattr(press, "load", fail if status == press.LIBRARIES_MISSING else lambda: None)
    monkeypatch.setattr(press, "press", fail)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert press.main() == status


@pytest.mark.usefixtures("loaded")
def test_an_order_on_standard_input_is_a_pdf_on_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(press, "limit", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(order("")).encode())))
    monkeypatch.setattr(sys, "stdout", output)
    assert press.main() == 0
    assert output.buffer.getvalue().startswith(b"%PDF-")


def test_the_log_holds_the_status_and_no_word_of_the_page(
    other_press: Press, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    other_press(program="import sys; sys.stderr.write(sys.stdin.read()); raise SystemExit(1)")
    with pytest.raises(pdf.NotPrinted) as told:
        pdf.render("<p>Amina", language="en", title="Amina")
    out, err = capsys.readouterr()
    said = out + err + caplog.text  # wherever an application of this run has sent the log
    assert "document.not_printed" in said
    assert "Amina" not in said + str(told.value.message)
