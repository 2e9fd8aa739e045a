"""A file given out as one archive: what is in it, what never is, who may make one, and what stays of it."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import select

from cases.models import Case
from cases.routes import exporting as routes
from cases.service import exporting, filing, filings, matters, naming, removing, team, timeline
from cases.service.filing import Paper
from core.audit.models import AuditEntry
from core.store.base import db
from core.store.transaction import transaction
from domain.drafts import REVIEWER
from tests.documents.corpus import PLACE, TOLD, page_pdf, saved, talkative
from tests.intake.papers import SOUND, photo
from tests.intake.stage import stored
from tests.support.clock import FrozenClock
from tests.support.world import HOME, Browser, World

SECRET = "Sadece avukat bilir"  # a note for lawyers alone
STEP = "İtiraz dilekçesi verildi"
CALL = "شقيقه اتصل"
WITNESS = "VENUS"


def case_of(world: World, **changes: Any) -> UUID:
    """A case with a lawyer, who noted something for lawyers alone; a caseworker wrote two lines."""
    case_id = world.record(**changes)
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
        for kind, text in (("step", STEP), ("call", CALL)):
            with transaction():
                timeline.add_note(world.cast["caseworker"], case_id, kind, text, uuid4())
        with transaction():
            version = db.session.get_one(Case, case_id).version
            named = {"id": str(uuid4()), "role": "witness", "name_latin": f"SAMER {WITNESS}"}
            naming.put(world.cast["caseworker"], case_id, version, named)
    lawyer = world.browser("lawyer")
    lawyer.fill(f"/cases/{case_id}/lawyer-notes", text=SECRET, token=str(uuid4()))
    return case_id


def paper(world: World, case_id: UUID, content: bytes, kind: str = "decision", title: str = "") -> str:
    with world.app.app_context():
        file = stored(content)
        with transaction():
            said = {"title": title or f"Karar {kind}", "kind": kind}
            filing.file_papers(world.cast["caseworker"], case_id, [Paper(file, "a.pdf", said)], uuid4())
        db.session.rollback()
        return str(file.id)


def chosen(browser: Browser, name: str) -> list[str]:
    """The boxes of a name that are ticked on the page."""
    boxes = re.findall(rf'<input[^>]*name="{name}"[^>]*>', browser.page)
    return [re.findall(r'value="([^"]+)"', box)[0] for box in boxes if "checked" in box]


def lines_on(browser: Browser) -> list[str]:
    return re.findall(r'name="lines"[^>]*value="([^"]+)"', browser.page)


def carried(browser: Browser) -> dict[str, Any]:
    """What the page carries, with what is ticked on it."""
    hidden = {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]+)"', browser.page)[-1]
        for name in ("token", "seen", "password")
    }
    ticked = {name: chosen(browser, name) for name in ("parts", "lines", "papers", "parties", "cleaned")}
    return {**hidden, **ticked, "language": chosen(browser, "language")[0], "looked": "y"}


def inside(content: bytes, password: str) -> tuple[dict[str, bytes], str, bytes]:
    """The files in an archive by name, the text of its pages, and every byte of every stream and string."""
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content), password="")
    for wrong in (password[:-1], password.replace("-", "")):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(content), password=wrong)
    with pikepdf.open(io.BytesIO(content), password=password) as pdf:
        assert pdf.encryption.R == 6
        assert pdf.encryption.file_method == pdf.encryption.stream_method == pdf.encryption.string_method
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        for spec in pdf.attachments.values():
            kept = spec.get_file()
            assert kept.md5 == hashlib.md5(kept.read_bytes()).digest()  # noqa: S324 - what the format asks for
        plain = io.BytesIO()
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False,
                 stream_decode_level=pikepdf.StreamDecodeLevel.generalized)  # fmt: skip # all of it, readable
    document = pypdfium2.PdfDocument(content, password=password)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return files, text, plain.getvalue()


def test_an_archive_for_a_court_holds_what_was_chosen_as_it_came_and_no_note_of_lawyers(world: World) -> None:
    case_id = case_of(world)
    page, picture = saved(page_pdf("GOREVSIZLIK")), photo(300, 200)
    came = [page, picture, SOUND, talkative()]
    kinds = ("decision", "photo", "recording", "police")
    ids = [paper(world, case_id, one, kind) for one, kind in zip(came, kinds, strict=True)]
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    browser.get(f"/cases/{case_id}/documents")
    assert f'href="{path}"' in browser.page
    browser.get(path)
    assert SECRET not in browser.text
    assert STEP in browser.text
    assert chosen(browser, "papers") == [ids[0], ids[3]]
    assert chosen(browser, "lines") == []
    assert chosen(browser, "cleaned") == [ids[1]]  # of a photo, which tells the place
    fields = carried(browser) | {"papers": ids, "cleaned": [], "lines": lines_on(browser)[:1]}
    assert browser.codes == [fields["password"]]
    sent = browser.client.post(path, data={"csrf_token": browser.csrf, **fields, "to": "Antalya 1. İdare"},
                               base_url=HOME)  # fmt: skip # the answer is a file
    assert sent.status_code == 200, sent.text[-3000:]
    assert sent.mimetype == "application/pdf"
    assert sent.headers["Content-Disposition"] == 'attachment; filename="archive.pdf"'
    assert sent.headers["Cache-Control"] == "no-store"
    for clear in (b"Karar", b"001.pdf", "Antalya".encode("utf-16-be"), TOLD):
        assert clear not in sent.data
    files, text, plain = inside(sent.data, fields["password"])
    assert files == {"001.pdf": came[0], "002.jpg": came[1], "003.m4a": came[2], "004.pdf": came[3]}
    assert "GOREVSIZLIK" in text
    assert "Antalya 1. İdare" in text
    assert "İtiraz dilekçesi" in text
    for one in came:
        assert hashlib.sha256(one).hexdigest()[:16] in text
    for words in (SECRET, "bilir", CALL, WITNESS):
        assert words not in text
        for code in ("utf-8", "utf-16-be"):
            assert words.encode(code) not in plain
    assert plain.count(TOLD) == came[3].count(TOLD)  # in the file as it came, and in no page
    browser.get(f"/cases/{case_id}")
    assert "Archive for a court given out" in browser.text
    assert "Antalya 1. İdare" in browser.text
    assert hashlib.sha256(sent.data).hexdigest() in browser.page
    assert fields["password"] not in browser.page
    browser.get(f"/cases/{case_id}/documents/{ids[0]}")
    assert "Gave out a document of a case in an archive" in browser.text


def send(browser: Browser, path: str, **fields: Any) -> Any:
    """Send what the page carries, with something else in it; the page stays, because the answer is a file."""
    known = {"csrf_token": browser.csrf, **carried(browser), **fields}
    return browser.client.post(path, data=known, base_url=HOME)


def written(world: World, case_id: UUID) -> list[dict[str, Any]]:
    """What the timeline says of archives, the oldest first."""
    with world.app.app_context(), transaction():
        whole = exporting.look(world.cast["coordinator"], case_id, exporting.PERSON)
        case, key = exporting._case(world.cast["coordinator"], case_id, exporting.PERSON)
        assert whole.case.lawyer_notes is None
        return timeline.data_of(case, key, exporting.LINE)


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_the_person_gets_everything_about_themselves_also_without_a_document(
    world: World, language: str
) -> None:
    case_id = case_of(world)
    browser, path = world.browser("coordinator", language), f"/cases/{case_id}/export/2"
    assert browser.get(path).status_code == 200
    words = {"ar": ("كلمة مرور هذا الأرشيف", "لم"), "tr": ("Bu arşivin parolası", "yok")}[language]
    assert words[0] in browser.text
    for known in (STEP, CALL):
        assert known in browser.text
    assert SECRET not in browser.text
    refused = send(browser, path, to=" ", looked="", parts=[], lines=[])
    assert refused.status_code == 422
    assert browser.codes[0] in refused.text  # the same password stands there again
    before = carried(browser)
    sent = [send(browser, path, to="Selma", language=language) for _click in range(2)]
    assert [one.status_code for one in sent] == [200, 200]
    for one in sent:
        files, text, plain = inside(one.data, before["password"])
        assert files == {}
        assert SECRET.encode() not in plain
        assert WITNESS not in text
        assert "KVKK" in text
    assert WITNESS not in browser.text
    lines = written(world, case_id)
    assert [one["digests"] for one in lines] == [[hashlib.sha256(one.data).hexdigest() for one in sent]]
    assert lines[0]["to"] == "Selma"
    again = send(browser, path, to="Selma", language=language, parts=["identity"])
    assert again.status_code == 200
    assert len(written(world, case_id)) == 2  # another choice is another archive
    with world.app.app_context():
        acts = select(AuditEntry).where(AuditEntry.act == "case.export", AuditEntry.object_id == case_id)
        assert len(db.session.scalars(acts).all()) == 3
        db.session.rollback()


def test_whoever_may_not_finds_no_page(world: World) -> None:
    case_id = case_of(world)
    alone = world.record()
    for way in ("1", "2"):
        assert world.browser("caseworker").get(f"/cases/{case_id}/export/{way}").status_code == 404
        assert world.browser("lawyer").get(f"/cases/{alone}/export/{way}").status_code == 404
        assert world.browser("manager").get(f"/cases/{case_id}/export/{way}").status_code == 404
    with world.app.app_context(), transaction():  # a lawyer who is there to look at a draft
        case = db.session.get_one(Case, alone)
        team.put_on(case, world.cast["lawyer"].person_id, capacity=REVIEWER)
    assert world.browser("lawyer").get(f"/cases/{alone}/export/2").status_code == 404
    for name, shown in (("caseworker", False), ("lawyer", True), ("coordinator", True)):
        browser = world.browser(name)
        for page in ("", "/documents"):
            browser.get(f"/cases/{case_id}{page}")
            assert ("Give the file out" in browser.text) is shown, (name, page)


def test_too_much_is_refused_beside_the_documents_and_what_was_chosen_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = case_of(world)
    ids = [paper(world, case_id, saved(page_pdf(f"{n}"))) for n in range(2)]
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    for where, name, most, said in (
        (exporting, "MOST", 1, "At most 100"),
        (exporting, "LARGEST", 10, "At most 25 MB"),
        (routes, "_LONGEST", -1, "Choose fewer documents"),
    ):
        browser.get(path)
        with monkeypatch.context() as patch:
            patch.setattr(where, name, most)
            fields = carried(browser) | {"papers": ids, "lines": lines_on(browser), "cleaned": ids[:1]}
            refused = browser.post(path, **fields, to="Ankara")
        assert refused.status_code == 422
        assert any(said in one for one in browser.errors), browser.errors
        assert (chosen(browser, "papers"), chosen(browser, "cleaned")) == (ids, ids[:1])
        assert len(chosen(browser, "lines")) == 2
        assert 'value="Ankara"' in browser.page
        assert browser.codes == [fields["password"]]
    assert written(world, case_id) == []
    browser.get(path)
    fields = carried(browser) | {"papers": [ids[0], str(uuid4())]}
    assert browser.post(path, **fields, to="Ankara").status_code == 422
    gone = "Documents: A document was deleted meanwhile. Look at what goes out once more."
    assert (browser.errors, chosen(browser, "papers")) == ([gone], ids[:1])


def test_cleaned_copies_go_instead_and_what_cannot_be_shown_goes_as_a_file(world: World) -> None:
    case_id = case_of(world)
    broken, locked = b"%PDF-1.4\n% nothing in it\n%%EOF\n", io.BytesIO()
    page_pdf().save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    came = [photo(60, 40), talkative(), broken, locked.getvalue()]
    ids = [paper(world, case_id, one) for one in came]
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    browser.get(path)
    refused = browser.post(path, **(carried(browser) | {"papers": ids[2:], "cleaned": ids[2:]}), to="x")
    assert refused.status_code == 422
    assert any("no cleaned copy can be made" in one for one in browser.errors)
    witness = re.findall(r'name="parties"[^>]*value="([^"]+)"', browser.page)
    sent = send(browser, path, papers=ids, cleaned=ids[:2], parties=witness, to="x")
    files, text, plain = inside(sent.data, browser.codes[0])
    assert (files["003.pdf"], files["004.pdf"]) == (broken, locked.getvalue())
    assert files["001.jpg"] not in ("", came[0])
    assert hashlib.sha256(came[0]).hexdigest()[:16] in text  # what the original is known by
    for told in (PLACE, TOLD):
        assert told not in plain
    assert WITNESS in text
    assert "hasarlı veya korumalı. Geldiği hâliyle ek olarak içindedir" in " ".join(text.split())
    assert hashlib.sha256(files["002.pdf"]).hexdigest()[:16] in text
    with world.app.app_context(), transaction():  # whoever is named may be taken out later
        record = db.session.get_one(Case, case_id)
        naming.take_out(world.cast["caseworker"], case_id, record.version, witness[0])
    browser.get(f"/cases/{case_id}")
    shown = browser.page.partition("Archive for a court given out")[2]
    for words in (f"SAMER {WITNESS}", "Witness", "Who the person is", "As a cleaned copy"):
        assert words in shown, words
    (line,) = written(world, case_id)
    assert line["parties"] == [[witness[0], f"SAMER {WITNESS}", "witness"]]
    assert line["cleaned"] == ids[:2]
    assert len(line["lines"]) == 0


def test_what_is_chosen_for_the_person_tells_of_nobody_else_and_each_box_shows_what_it_gives_out(
    world: World, clock: FrozenClock
) -> None:
    case_id = case_of(world)
    ids = [paper(world, case_id, saved(page_pdf(f"{n}")), title=f"Belge {n}") for n in range(2)]
    clock.advance(hours=2)
    with world.app.app_context():
        said = {"language": "ar", "name": "Nizar TERCUMAN", "phone": "+905321112233"}
        with transaction():
            matters.add(world.cast["caseworker"], case_id, "interpreter", said, uuid4())
        with transaction():
            removing.remove(world.cast["coordinator"], case_id, UUID(ids[0]), 1, "Başkasının")
    browser, path = world.browser("coordinator"), f"/cases/{case_id}/export/2"
    browser.get(path)
    assert "Deletion asked" in browser.text
    assert chosen(browser, "papers") == [ids[1]]
    assert len(lines_on(browser)) == 2
    assert len(chosen(browser, "lines")) == 1  # the step; the call with a relative is somebody's choice
    facts = browser.page.partition('value="matter"')[2].partition('value="dates"')[0]
    assert "Nizar TERCUMAN" in facts
    _files, text, plain = inside(send(browser, path, to="x", language="tr").data, browser.codes[0])
    assert "Nizar TERCUMAN" in text
    assert STEP in text
    assert CALL.encode("utf-16-be") not in plain
    for shown in (browser.page, text.replace(" ", "")):
        assert "5321112233" not in shown


def test_a_redacted_copy_goes_instead_of_its_original_unless_somebody_says_otherwise(world: World) -> None:
    case_id = case_of(world)
    original = paper(world, case_id, saved(page_pdf("name")))
    with world.app.app_context():
        file = stored(saved(page_pdf("black")))
        with transaction():
            said = [Paper(file, "", {"title": "k", "kind": "decision"})]
            filing.file_papers(world.cast["caseworker"], case_id, said, uuid4(), made_from=UUID(original))
        db.session.rollback()
    for way in ("1", "2"):
        browser = world.browser("lawyer")
        browser.get(f"/cases/{case_id}/export/{way}")
        assert chosen(browser, "papers") == [str(file.id)]


def test_many_photos_are_made_ready_in_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = case_of(world)
    for n in range(3):
        paper(world, case_id, photo(41 + n))
    monkeypatch.setattr(routes, "_AT_ONCE", 0)
    monkeypatch.setattr(routes, "SECONDS", 0)
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    answer = browser.get(path)
    assert answer.headers["Refresh"] == "1"
    assert "photos are left" in browser.text
    monkeypatch.setattr(routes, "SECONDS", 60)
    assert "Refresh" not in browser.get(path).headers
    assert len(browser.codes) == 1


def test_what_was_filed_and_came_of_it_goes_to_the_court_unless_somebody_says_otherwise(
    world: World,
) -> None:
    case_id = case_of(world)
    with world.app.app_context():
        said = {"what": "Iptal davasi", "authority": "court", "name": "", "on": "2026-11-02", "number": "7",
                "proof": "UYAP", "document": ""}  # fmt: skip # one filing
        with transaction():
            filings.file(world.cast["caseworker"], case_id, said, "", uuid4())
        came = {"of": "case", "result": "granted", "on": "2026-11-20", "number": "", "document": ""}
        with transaction():
            filings.come_of(world.cast["caseworker"], case_id, came, "", uuid4())
    browser, path = world.browser("lawyer"), f"/cases/{case_id}/export/1"
    browser.get(path)
    assert len(chosen(browser, "lines")) == 2
    _files, text, _plain = inside(send(browser, path, to="x", language="en").data, browser.codes[0])
    for words in ("Iptal davasi", "UYAP", "Granted"):
        assert words in text
    assert "What came of it?" not in text
