"""Whatever somebody wrote into a timeline can be corrected, and taken out where it is of somebody else."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest

from cases.models import Case
from cases.service import files
from cases.service.views import OpenEntry
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_documents import bring, delete
from tests.cases.pages.test_exporting import chosen
from tests.cases.pages.test_lines import heard, stepped_on
from tests.cases.pages.test_matter import put
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World, as_written

OTHERS = "FATMA 0555 başka müvekkil"
TODAY = ["9", "11", "2026"]


def lines_of(world: World, case: str) -> list[OpenEntry]:
    """The lines of a case, the newest first."""
    with world.app.app_context():
        with transaction():
            found = files.open_case(world.cast["coordinator"], UUID(case.rpartition("/")[2])).entries
        db.session.rollback()
    return found


def line_of(world: World, case: str, kind: str) -> str:
    """The address of the newest line of a kind."""
    return f"{case}/timeline/{next(one.id for one in lines_of(world, case) if one.kind == kind)}"


def write(browser: Browser, case: str, kind: str, text: str, **more: object) -> None:
    browser.get(case)
    said = {"kind": kind, "text": text, "token": str(uuid4()), **more}
    assert browser.post(f"{case}/notes", **said).status_code == 303


def folded(browser: Browser) -> str:
    """What stands folded in the timeline."""
    page = browser.page[browser.page.index('id="timeline"') :]
    return " ".join(re.findall(r"<details.*?</details>", page, re.DOTALL))


def open_words(browser: Browser) -> str:
    """What does not."""
    page = browser.page[browser.page.index('id="timeline"') :]
    return re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "What stood here"), ("ar", "ما كان مكتوبًا هنا"), ("tr", "Burada yazan")],
)
def test_a_wrong_outcome_is_corrected_keeps_no_paper_and_goes_to_no_court(
    world: World, language: str, words: str
) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker", language)
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Baskasinin karari.pdf"))
    said = {"of": "case", "on": TODAY, "text": "Bu kararla"}
    put(browser, f"{case}/timeline/new/outcome", **said, result="granted", document=paper.rpartition("/")[2])
    wrong = line_of(world, case, "outcome")
    assert f'href="{wrong}/correct/1"' in (browser.get(case), browser.page)[1]
    put(browser, f"{wrong}/correct/1", **said, result="refused", document="", wrong="Yanlış okundu")
    browser.get(case)
    right = line_of(world, case, "outcome")
    assert right != wrong
    assert words in browser.text
    assert f'href="{wrong}/correct/1"' not in browser.page
    assert "Yanlış okundu" in browser.text
    assert 'datetime="' in folded(browser) or "Kişi caseworker" in open_words(browser)
    assert delete(browser, paper, "Başka kişinin") == 303
    lawyer = world.browser("lawyer")
    lawyer.get(f"{case}/export/1")
    assert chosen(lawyer, "lines") == [right.rpartition("/")[2]]


def test_a_note_in_the_wrong_case_is_taken_out_by_whoever_just_wrote_it(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    write(browser, case, "step", OTHERS)
    line = line_of(world, case, "step")
    put(browser, f"{case}/timeline/new/outcome", of=line.rpartition("/")[2], result="granted", on=TODAY)
    browser.get(f"{line}/correct/1")
    assert f'href="{line}/out"' in browser.page
    browser.get(f"{line}/out")
    sent = {"version": browser.version, "token": str(uuid4())}
    assert browser.post(f"{line}/out", **sent, reason="").status_code == 422
    for _click in range(2):
        assert browser.post(f"{line}/out", **sent, reason="Başka dosyanın notu").status_code == 303
    browser.get(case)
    assert "A line was taken out" in browser.text
    assert "Başka dosyanın notu" in browser.text
    assert "FATMA" not in browser.page  # its outcome repeats it no more, either
    assert "FATMA" not in repr([(one.text, one.data) for one in lines_of(world, case)])
    assert stepped_on(world, UUID(case.rpartition("/")[2])) is None
    assert "FATMA" not in (browser.get(f"{line}/correct/1"), browser.page)[1]


def test_what_stood_longer_is_taken_out_by_two(world: World, clock: FrozenClock) -> None:
    case, browser, other = (
        f"/cases/{world.record()}",
        world.browser("caseworker"),
        world.browser("coordinator"),
    )
    ids = []
    for kind in ("note", "visit"):
        write(browser, case, kind, f"{OTHERS} {kind}")
        ids.append(line_of(world, case, kind))
    clock.advance(hours=2)
    browser, other = world.browser("caseworker"), world.browser("coordinator")
    for line in ids:
        put(browser, f"{line}/out", reason="Başka dosyanın")
        browser.get(case)
        assert OTHERS in folded(browser)
    assert OTHERS not in open_words(browser)
    assert "Taking out a line was asked" in browser.text
    browser.get(f"{ids[0]}/out")
    assert browser.post(f"{ids[0]}/out", **hidden_of(browser), reason="Yine ben").status_code == 422
    put(other, f"{ids[0]}/out", reason="Evet")
    put(other, f"{ids[1]}/out", reason="Bu dosyanın", keep="1")
    browser.get(case)
    assert f"{OTHERS} note" not in browser.page
    assert f"{OTHERS} visit" in open_words(browser)
    assert "A line stays" in browser.text


def test_that_a_line_stays_is_not_lost_where_a_colleague_decided_first(
    world: World, clock: FrozenClock
) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    for kind in ("note", "visit"):
        write(browser, case, kind, OTHERS)
    lines = [line_of(world, case, kind) for kind in ("note", "visit")]
    clock.advance(hours=2)
    browser, other = world.browser("caseworker"), world.browser("coordinator")
    for line, decided in zip(lines, ({"keep": "1"}, {}), strict=True):
        put(browser, f"{line}/out", reason="Başka dosyanın")
        browser.get(f"{line}/out")
        seen = hidden_of(browser)
        put(other, f"{line}/out", reason="Karar", **decided)
        answer = browser.post(f"{line}/out", **seen, reason="Uzun gerekçem", keep="1")
        assert answer.status_code == 303
        browser.get(answer.location)
        assert "Something was changed just before" in browser.text
        assert "Uzun gerekçem" in browser.text


def hidden_of(browser: Browser) -> dict[str, str]:
    return dict(re.findall(r'name="(version|token)"[^>]*value="([^"]+)"', browser.page))


def told_on(world: World, case: str) -> dt.date | None:
    with world.app.app_context(), transaction():
        return db.session.get_one(Case, UUID(case.rpartition("/")[2])).told_on


def test_a_call_that_never_was_tells_the_person_nothing(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    write(browser, case, "call", "Selma'ya anlatıldı", direction="to_client", on=["3", "11", "2026"])
    before = told_on(world, case)
    write(browser, case, "call", OTHERS, direction="to_client")
    assert told_on(world, case) == clock.today() != before
    line = line_of(world, case, "call")
    put(browser, f"{line}/correct/2", wrong="Başkasıyla konuşuldu")
    assert told_on(world, case) == before
    browser.get(case)
    assert OTHERS in folded(browser)
    assert OTHERS not in open_words(browser)
    other = line_of(world, case, "call")
    assert other == line
    assert "It was corrected already" in (browser.get(f"{line}/correct/1"), browser.text)[1]
    put(browser, f"{line}/out", reason="Başka dosyanın")  # its words can go all the same
    assert "FATMA" not in (browser.get(case), browser.page)[1]


def test_a_hearing_follows_the_line_that_ended_it(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    hearing = heard(world, browser, case, clock.today())
    today = [str(clock.today().day), str(clock.today().month), str(clock.today().year)]
    said = {"of": hearing.rpartition("/")[2], "on": today}
    put(browser, as_written(world, f"{case}/timeline/new/outcome"), **said, result="granted", text=OTHERS)
    line = line_of(world, case, "outcome")
    put(browser, f"{line}/correct/1", **said, result="refused", text="Ret", wrong="Ters yazıldı")
    browser.get(hearing)
    assert "Refused" in browser.text
    assert OTHERS not in browser.page
    put(browser, f"{line_of(world, case, 'outcome')}/out", reason="Başka dosyanın")
    browser.get(hearing)
    assert f'href="{hearing}/end"' in browser.page
    assert "Ret" not in browser.text.split()


@pytest.mark.parametrize("kind", ["note", "outcome"])
def test_what_was_typed_about_a_line_that_is_gone_is_shown(world: World, kind: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    late = world.browser("coordinator")
    if kind == "note":
        write(browser, case, kind, OTHERS)
        said: dict[str, object] = {"kind": "note", "text": "Doğrusu"}
    else:
        put(browser, f"{case}/timeline/new/outcome", of="case", result="granted", on=TODAY, text=OTHERS)
        said = {"of": "case", "result": "refused", "on": TODAY, "text": "Doğrusu"}
    line = line_of(world, case, kind)
    late.get(f"{line}/correct/1")
    sent = {"token": hidden_of(late)["token"], **said, "wrong": "Yanlıştı"}
    put(browser, f"{line}/out", reason="Başka dosyanın")
    answer = late.post(f"{line}/correct/1", **sent)
    assert answer.status_code == 303
    late.get(answer.location)
    for words in ("It was taken out", "Doğrusu", "Yanlıştı"):
        assert words in late.text, words
    assert "FATMA" not in late.page


def test_a_word_that_was_misspelt_moves_no_day(world: World, clock: FrozenClock) -> None:
    case_id = world.record()
    case, browser = f"/cases/{case_id}", world.browser("caseworker")
    write(browser, case, "call", "Anlatildi", direction="to_client")
    write(browser, case, "step", "Dilekce")
    before = told_on(world, case), stepped_on(world, case_id)
    clock.advance(hours=24 * 20)
    browser = world.browser("caseworker")
    put(browser, f"{line_of(world, case, 'call')}/correct/1", kind="call", text="Anlatıldı",
        direction="to_client", wrong="Yazım")  # fmt: skip  # one call
    put(browser, f"{line_of(world, case, 'step')}/correct/1", kind="step", text="Dilekçe", wrong="Yazım")
    assert (told_on(world, case), stepped_on(world, case_id)) == before
