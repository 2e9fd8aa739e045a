"""What stands ticked before somebody gives a file out: nothing that must not go by oversight."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from cases.service import drafting, filing, filings, legal_drafts, timeline
from cases.service.drafting import Text
from cases.service.filing import Paper
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_exporting import carried, case_of, chosen, send
from tests.documents.corpus import page_pdf, saved
from tests.intake.stage import stored
from tests.support.cast import record_of
from tests.support.world import Browser, World, too_late


def paper(world: World, case_id: UUID, title: str, *, said: Any = (), **bound: UUID) -> UUID:
    """A paper in the case; bound: what it replaces, or is a redacted copy of."""
    with world.app.app_context():
        file = stored(saved(page_pdf(title)))
        about = {"title": title, "kind": "decision", "source": "court", **dict(said)}
        with transaction():
            one = Paper(file, "", about)
            filing.file_papers(world.cast["caseworker"], case_id, [one], uuid4(), **bound)
        db.session.rollback()
    return file.id


def ticked(browser: Browser, case_id: UUID, way: int) -> set[UUID]:
    browser.get(f"/cases/{case_id}/export/{way}")
    return {UUID(one) for one in chosen(browser, "papers")}


def test_no_draft_is_chosen_for_anybody_until_a_filing_names_it(world: World) -> None:
    case_id, lawyer = case_of(world), world.cast["lawyer"]
    ours = {"kind": "petition", "source": "ours"}
    held = paper(world, case_id, "Taslak", said={"kind": "petition", "source": "lawyer"})
    paper(world, case_id, "Eski taslak", said={"kind": "petition", "source": ""})
    made = paper(world, case_id, "Yazdik", said=ours)
    filed = paper(world, case_id, "Verildi", said=ours)
    came = paper(world, case_id, "Karar")
    theirs = paper(world, case_id, "Onlarin", said={"kind": "petition"})
    copy = paper(world, case_id, "Karar (siyah)", said={"source": "ours"}, made_from=came)
    paper(world, case_id, "Taslak (siyah)", said=ours, made_from=made)
    with world.app.app_context():
        with transaction():
            draft = drafting.begin(lawyer, case_id, "Itiraz", Text("", held), uuid4())
        told = {"what": "Dava", "authority": "court", "name": "", "on": "2026-11-02", "number": "",
                "proof": "", "document": str(filed)}  # fmt: skip # one filing
        with transaction():
            filings.file(world.cast["caseworker"], case_id, told, "", uuid4())
    browser = world.browser("lawyer")
    for way in (1, 2):
        assert ticked(browser, case_id, way) == {filed, copy, theirs}
        assert "In no filing yet: ask a lawyer of the case whether it may go" in browser.text
    with world.app.app_context(), transaction():
        row, _content = legal_drafts.opened(legal_drafts.bench(lawyer, case_id), draft)
        version = row.version
        page = f"/cases/{case_id}/legal-drafts/{draft}/file"
    browser.get(page)
    said = {"day": "2026-11-20", "where": "Mahkeme", "line": "Itiraz verildi", "proof": "UYAP 7"}
    assert browser.post(page, **said, token=carried_token(browser), version=version).status_code == 303
    assert ticked(browser, case_id, 1) == {
        filed,
        copy,
        theirs,
        held,
    }  # the line names the document of the draft


def test_nothing_that_came_tells_on_which_paper_a_draft_rests(world: World) -> None:
    case_id = case_of(world)
    alike = [
        [paper(world, case_id, f"{kind} {source} {n}", said={"kind": kind, "source": source}) for n in (1, 2)]
        for kind in ("decision", "identity", "petition", "letter", "")
        for source in ("", "client", "lawyer", "ours")
    ]
    with world.app.app_context():
        for one, _other in alike:
            with transaction():
                drafting.begin(world.cast["lawyer"], case_id, "Itiraz", Text("", one), uuid4())
    for name in ("coordinator", "lawyer"):
        browser = world.browser(name)
        for way in (1, 2):
            found = ticked(browser, case_id, way)
            assert all((one in found) is (other in found) for one, other in alike)
            assert set(alike[0] + alike[1] + alike[2]) <= found  # decisions of an authority
            assert found.isdisjoint(alike[3] + alike[8] + alike[10])


def carried_token(browser: Browser) -> str:
    return browser.page.partition('name="token"')[2].partition('value="')[2].partition('"')[0]


def test_what_was_redacted_in_one_version_goes_in_none_and_an_older_version_for_nobody(world: World) -> None:
    case_id = case_of(world)
    first = paper(world, case_id, "Bir")
    second = paper(world, case_id, "Iki", replaces=first)
    old = paper(world, case_id, "Eski")
    new = paper(world, case_id, "Yeni", replaces=old)
    browser = world.browser("lawyer")
    for way in (1, 2):
        assert ticked(browser, case_id, way) == {second, new}
    black = paper(world, case_id, "Siyah", said={"source": "ours"}, made_from=first)
    for way in (1, 2):
        assert ticked(browser, case_id, way) == {black, new}
        assert "A redacted copy was made of it" in browser.text
    again = paper(world, case_id, "Siyah iki", said={"source": "ours"}, made_from=second)
    for way in (1, 2):
        assert ticked(browser, case_id, way) == {new}  # one of them may show what the other hides
    last = paper(world, case_id, "Siyah uc", said={"source": "ours"}, made_from=again, replaces=black)
    assert ticked(browser, case_id, 1) == {new, last}


def test_the_person_gets_nothing_of_others_by_oversight_and_is_reached_safely(world: World) -> None:
    phone = {"number": "+905321234567", "whose": "own", "channels": ["whatsapp"], "hours": "9-11",
             "message_ok": "no", "cover_name": "Terzi", "others": "Kocam"}  # fmt: skip # one phone
    case_id = case_of(world, record=record_of(phones=[phone]))
    sent = {"kind": "photo", "source": "whatsapp"}
    theirs = paper(world, case_id, "Kendi", said={**sent, "who": "client"})
    paper(world, case_id, "Komsu", said={**sent, "who": "Komşu Ayşe"})
    heard = paper(world, case_id, "Ses", said={**sent, "who": "Komşu Ayşe"})
    paper(world, case_id, "Ses (siyah)", said={"source": "ours"}, made_from=heard)
    paper(world, case_id, "Akraba", said={"source": "relative", "who": ""})
    with world.app.app_context():
        for kind in ("visit", "meeting", "message", "note"):
            with transaction():
                channel = "sms" if kind == "message" else ""
                timeline.add_note(
                    world.cast["caseworker"], case_id, kind, "başkası", uuid4(), channel=channel
                )
    browser = world.browser("lawyer")
    assert ticked(browser, case_id, 2) == {theirs}
    assert len(chosen(browser, "lines")) == 1  # the step
    assert "contact" not in chosen(browser, "parts")
    for words in (
        "Reach them safely",
        "let them read it here",
        "May we leave a message",
        "Sent or brought by somebody",
    ):
        assert words in browser.text, words
    assert "Begin a file of their own and make the archive there" in browser.text  # for another adult
    assert f'href="/cases/{case_id}/parties"' in browser.page
    ticked(browser, case_id, 1)
    assert "Reach them safely" not in browser.text


def test_that_somebody_has_looked_is_never_carried_over(world: World) -> None:
    case_id = case_of(world)
    came, other = paper(world, case_id, "Karar"), paper(world, case_id, "Belge")
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    browser.get(path)
    fields = carried(browser)
    refused = browser.post(path, **fields | {"to": " "})
    assert refused.status_code == 422
    assert not chosen(browser, "looked")
    black = paper(world, case_id, "Siyah", said={"source": "ours"}, made_from=came)
    assert browser.post(path, **carried(browser), to="Mahkeme").status_code == 422
    assert any("redacted, replaced or marked meanwhile" in one for one in browser.errors)
    assert chosen(browser, "papers") == [str(other)]
    assert not chosen(browser, "looked")
    mine = [str(other), str(black), str(came)]  # whoever wants the original says so on this page
    assert send(browser, path, papers=mine, to="Mahkeme").status_code == 200


def test_a_choice_that_comes_back_after_signing_in_holds_no_more_than_what_may_go(world: World) -> None:
    case_id = case_of(world)
    came = paper(world, case_id, "Karar")
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    browser.get(path)
    fields = carried(browser)
    black = paper(world, case_id, "Siyah", said={"source": "ours"}, made_from=came)
    back = too_late(world, "lawyer", path, **fields, to="Ankara mahkemesi")
    assert "Ankara mahkemesi" in back.page
    assert "typed last time" in back.text
    assert not chosen(back, "looked")
    assert fields["papers"] == [str(came)]
    assert chosen(back, "papers") == []
    assert str(black) in back.page
