"""Templates of letters and the letters made of them, as lawyers and caseworkers meet them."""

import io
import re
from typing import Any
from uuid import uuid4

import docx
import pytest
from sqlalchemy import select, update

from cases.letter_models import LetterTemplate
from cases.models import CaseFile
from cases.service import letter_seal, matters
from core.reference import reference
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.conftest import long_form
from tests.cases.pages.test_lists import statements
from tests.documents.wording import inside, template
from tests.support.cast import record_of
from tests.support.world import Browser, World

TURKISH = template(
    ["Sayın ", "{{müvek", "kil.ad}}"], "Kimlik no: {{müvekkil.yabancı_kimlik_no}}", "{{sor: Ek}}", "{{bugün}}"
)
ARABIC = template("السيد {{الموكل.الاسم}}، المولود {{الموكل.تاريخ_الولادة}}")
SAID = {"subject": "Adres dilekçesi", "language": "tr", "kind": "petition", "issue_1": "A02"}


def bring(browser: Browser, content: bytes = TURKISH, path: str = "/templates/new", **said: str) -> Any:
    browser.get(path)
    version = re.findall(r'name="version"[^>]*value="(\d+)"', browser.page)[0]
    file = (io.BytesIO(content), "Şablon Selma.docx")
    return browser.post(path, token=str(uuid4()), version=version, file=file, **{**SAID, **said})


def approve(browser: Browser, path: str) -> None:
    browser.get(path)
    [action] = re.findall(r'action="(/templates/[^"]+/approve)"', browser.page)
    [version] = re.findall(r'name="version" value="(\d+)"', browser.page.partition("/approve")[2])[:1]
    assert browser.post(action, version=version).location == path


def offered(world: World, content: bytes = TURKISH, **said: str) -> str:
    lawyer = world.browser("lawyer")
    path: str = bring(lawyer, content, **said).location
    approve(lawyer, path)
    return path


def boxes(browser: Browser) -> dict[str, str]:
    """By label the name of its box."""
    return {label: name for name, label in re.findall(r'<label for="(field_\w+)">([^<]+?)<', browser.page)}


def typed_in(browser: Browser) -> dict[str, str]:
    """By the name of its box what stands in it."""
    lines = re.findall(r'<input[^>]*name="(field_\w+)"[^>]*value="([^"]*)"', browser.page)
    areas = re.findall(r'<textarea[^>]*name="(field_\w+)"[^>]*>\s*([^<]*)</textarea>', browser.page)
    return dict(lines + areas)


def letter_in(browser: Browser, path: str) -> Any:
    return docx.Document(io.BytesIO(browser.client.get(f"{path}/save", base_url="https://localhost").data))


def test_a_lawyer_brings_a_template_and_a_caseworker_writes_a_letter(world: World) -> None:
    with world.app.app_context(), transaction():
        db.session.execute(update(LetterTemplate).values(retired=True))  # none of another test is offered
    coordinator, caseworker = world.browser("coordinator"), world.browser("caseworker")
    path = bring(coordinator).location
    caseworker.get("/templates")
    assert "Adres dilekçesi" in caseworker.text
    assert "Waits for a lawyer" in caseworker.text
    caseworker.get(path)
    assert "/approve" not in caseworker.page
    case_id = caseworker.fill("/cases/new", **long_form()).location.rpartition("/")[2]
    caseworker.get(f"/cases/{case_id}/letters")
    assert "No template is offered yet" in caseworker.text
    approve(world.browser("lawyer"), path)
    caseworker.get(f"/cases/{case_id}")
    assert f'href="/cases/{case_id}/letters"' in caseworker.page
    caseworker.get(f"/cases/{case_id}/letters")
    assert "For what this case is about" in caseworker.text
    write = f"/cases/{case_id}/letters/{path.rpartition('/')[2]}"
    caseworker.get(write)
    assert "SELMA ELHATIB" in caseworker.page
    assert caseworker.text.count("The file does not say it.") == 2
    named = boxes(caseworker)
    typed = {named["Foreigner identity number (99…)"]: "99123456782", named["Ek"]: "<w:p>&amp;\n{{bugün}}"}
    kept = typed_in(caseworker)
    fields = {"token": str(uuid4()), "version": "1", "title": "Dilekçe", **kept, **typed}
    wrong = caseworker.post(write, **{**fields, "title": ""})
    assert wrong.status_code == 422
    assert "99123456782" in caseworker.page
    document = caseworker.post(write, **fields).location
    assert document == caseworker.post(write, **fields).location
    caseworker.get(document)
    assert "Adres dilekçesi" in caseworker.text
    assert "version 1" in caseworker.text
    letter = letter_in(caseworker, document)
    assert [one.text for one in letter.paragraphs][:3] == [
        "Sayın SELMA ELHATIB", "Kimlik no: 99123456782", "<w:p>&amp;\n{{bugün}}",
    ]  # fmt: skip # one list
    assert re.fullmatch(r"\d{1,2} \w+ 20\d\d", letter.paragraphs[3].text)
    caseworker.get(f"/cases/{case_id}")
    assert (
        caseworker.page.count(f'href="{document}"') == 2
    )  # among the documents and in the timeline, once each
    outsider = world.browser("colleague")
    outsider.get("/templates")
    assert outsider.get(write).status_code == 404
    assert outsider.post(write, **fields).status_code == 404


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_pages_speak_the_readers_language(world: World, language: str) -> None:
    path = offered(world, subject="عريضة")
    lawyer = world.browser("lawyer", language)
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    english = re.compile(
        r"(?<![\w{.])(?:the|of|and|template|letter|written|approved)(?![\w}.])", re.IGNORECASE
    )
    for page in ("/templates", "/templates/new", path, f"{path}/newer", f"/cases/{case_id}/letters",
                 f"/cases/{case_id}/letters/{path.rpartition('/')[2]}"):  # fmt: skip # one list
        assert lawyer.get(page).status_code == 200
        assert not english.findall(lawyer.text), page


def test_an_arabic_letter_names_the_person_in_arabic(world: World) -> None:
    path = offered(world, ARABIC, language="ar", subject="رسالة")
    caseworker = world.browser("caseworker")
    case = caseworker.fill("/cases/new", **long_form(birth=["5", "3", "1991"])).location
    write = f"{case}/letters/{path.rpartition('/')[2]}"
    caseworker.get(write)
    kept = typed_in(caseworker)
    document = caseworker.post(write, token=str(uuid4()), version="1", title="رسالة", **kept).location
    [paragraph] = letter_in(caseworker, document).paragraphs
    assert paragraph.text == "السيد سلمى الخطيب، المولود ٥ آذار ١٩٩١"
    assert paragraph._p.pPr.xpath("w:bidi")


def test_unknown_fields_are_named_with_their_place_and_the_nearest(world: World) -> None:
    lawyer = world.browser("lawyer")
    answer = bring(lawyer, template("Sayın {{muvekil.adi}},", "{{zzzz}} {{bugün"), subject="Kept subject")
    assert answer.status_code == 422
    [error] = lawyer.errors
    assert "\u2068muvekil.adi\u2069" in error
    assert "in the text: “\u2068Sayın {{muvekil.adi}},\u2069”" in error
    assert "Did you mean \u2068{{müvekkil.ad}}\u2069?" in error
    assert "zzzz" in error
    assert "Braces that belong to no field" in error
    assert "Kept subject" in lawyer.page
    assert bring(lawyer, b"x").status_code == 422
    assert "no document of Word" in lawyer.errors[0]


def test_versions_stay_and_retired_ones_are_not_offered(world: World) -> None:
    path = offered(world)
    lawyer, case_id = world.browser("lawyer"), world.record()
    assert bring(lawyer, template("Yeni {{bugün}}"), f"{path}/newer").location == path
    lawyer.get("/templates")
    assert "Offered; a newer version waits for a lawyer" in lawyer.text
    caseworker, write = world.browser("caseworker"), f"/cases/{case_id}/letters/{path.rpartition('/')[2]}"
    caseworker.get(write)
    assert "version 1" in caseworker.text
    approve(lawyer, path)
    # Typed for version 1 meanwhile: nothing is made, and what was typed comes back.
    stale = caseworker.post(write, token=str(uuid4()), version="1", title="kept title")
    assert stale.location == write
    caseworker.get(write)
    assert "kept title" in caseworker.page
    assert "version 2" in caseworker.text
    lawyer.get(path)
    assert lawyer.page.count(f'href="{path}/') >= 3
    texts = [
        one.text
        for one in docx.Document(
            io.BytesIO(lawyer.client.get(f"{path}/1.docx", base_url="https://localhost").data)
        ).paragraphs
    ]
    assert texts[0] == "Sayın {{müvekkil.ad}}"
    version = re.findall(r'name="version" value="(\d+)"', lawyer.page)[-1]
    assert lawyer.post(f"{path}/retire", version=version).location == path
    typed = caseworker.post(write, token=str(uuid4()), version="2", title="typed title")
    assert typed.status_code == 422
    for _time in range(2):
        assert "typed title" in caseworker.page
        assert "was retired meanwhile" in caseworker.text
        caseworker.get(write)
    assert lawyer.get(write).status_code == 404
    caseworker.get(f"/cases/{case_id}/letters")
    assert path.rpartition("/")[2] not in caseworker.page
    lawyer.get(path)
    version = re.findall(r'name="version" value="(\d+)"', lawyer.page)[-1]
    assert lawyer.post(f"{path}/restore", version=version).location == path
    assert caseworker.get(write).status_code == 200


def test_texts_to_begin_with_can_be_brought_as_they_are(world: World) -> None:
    lawyer = world.browser("lawyer")
    lawyer.get("/templates")
    found = re.findall(r'href="(/templates/begin/[a-z_]+\.docx)"', lawyer.page)
    assert len(found) == 5
    for path in found:
        content = lawyer.client.get(path, base_url="https://localhost").data
        assert bring(lawyer, content, subject=path[17:40]).status_code == 303, lawyer.errors
    assert lawyer.get("/templates/begin/nothing.docx").status_code == 404


def test_the_file_fills_what_it_knows(world: World) -> None:
    names = [one.label.en for one in reference().lists["letter_name"]]
    path = offered(world, template(*(f"{name}={{{{{name}}}}}" for name in names)), language="en")
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
        lawyer = world.cast["lawyer"]
        stay = {"place": "centre", "name": "Oğuzeli GGM", "since": "2026-11-02", "basis": "2026/7"}
        power = {"result": "given", "on": "2026-11-03", "lawyer": str(lawyer.person_id), "number": "12345"}
        for kind, data in (
            ("detention", stay),
            ("restriction", {"code": "V-87"}),
            ("reference", {"authority": "pdmm", "number": "E.1/2"}),
            ("power", power),
        ):
            with transaction():
                matters.add(lawyer, case_id, kind, data, uuid4())
    browser = world.browser("lawyer")
    browser.get(f"/cases/{case_id}/letters/{path.rpartition('/')[2]}")
    for said in ("Oğuzeli GGM", "2 November 2026", "2026/7", "V-87", "E.1/2", "12345"):
        assert said in browser.page, said
    with world.app.app_context():
        assert db.session.scalars(select(CaseFile).where(CaseFile.case_id == case_id)).all() == []


def test_more_templates_cost_no_more_statements(world: World) -> None:
    path, case_id = offered(world), world.record()
    browser = world.browser("caseworker")

    def cost(page: str) -> int:
        browser.get(page)
        with statements(world) as said:
            assert browser.get(page).status_code == 200
        return len(said)

    pages = ("/templates", path, f"/cases/{case_id}/letters")
    few = [cost(page) for page in pages]
    for number in range(3):
        offered(world, subject=f"Dilekçe {number}")
    assert [cost(page) for page in pages] == few
    assert max(few[:2]) <= 12


def test_a_new_colleague_reads_that_a_key_is_missing_and_who_looks_at_a_letter_hands_it_on(
    world: World,
) -> None:
    offered(world)
    case_id = world.record()
    page = f"/cases/{case_id}/letters"
    late = world.browser("caseworker")
    with world.app.app_context(), transaction():
        letter_seal.drop_person(world.cast["caseworker"].person_id)
    late.get(page)
    assert "not opened to you yet" in late.text
    assert "reload this page" in late.text
    assert "No template is offered yet" not in late.text
    colleague = world.browser("coordinator")
    colleague.get(page)
    assert "Adres dilekçesi" in colleague.text
    late.get(page)
    assert "Adres dilekçesi" in late.text
    assert "not opened to you yet" not in late.text


def test_whoever_approves_reads_what_is_hidden(world: World) -> None:
    lawyer = world.browser("lawyer")
    unseen = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Selma Hatip, 99123456789</w:t></w:r></w:p>"
    lawyer.get(bring(lawyer, inside(unseen)).location)
    assert "nobody sees it in Word or on paper" in lawyer.text
    assert "<bdi>Selma Hatip, 99123456789</bdi>" in lawyer.page


def code(name: str) -> str:
    """A field as a template of the English language writes it."""
    return next(one.label.en for one in reference().lists["letter_name"] if one.code.startswith(name))


def test_a_letter_takes_no_power_that_has_run_out_or_is_of_another_and_no_number_of_another_office(
    world: World,
) -> None:
    fields = {name: code(name) for name in ("power.number", "case.authority_number", "lawyer.name")}
    words = template(*(f"{{{{{name}}}}}" for name in fields.values()))
    path, named = (
        offered(world, content, language="en")
        for content in (words, template("{{case.authority}}", f"{{{{{fields['case.authority_number']}}}}}"))
    )
    case_id = world.record(record={**record_of(), "authority": "pdmm"})
    lawyer, other = (str(world.cast[name].person_id) for name in ("lawyer", "other_lawyer"))

    def add(kind: str, **data: str) -> None:
        with world.app.app_context(), transaction():
            matters.add(world.cast["coordinator"], case_id, kind, data, uuid4())

    with world.app.app_context():
        world.cast.assign(case_id)
    browser = world.browser("caseworker")

    def shown(template_path: str = path) -> list[str]:
        browser.get(f"/cases/{case_id}/letters/{template_path.rpartition('/')[2]}")
        return list(typed_in(browser).values())

    given = {"result": "given", "on": "2025-11-06"}
    add("power", **given, lawyer=lawyer, number="RANOUT-1", until="2026-11-06")
    add("power", **given, lawyer=other, number="OTHERS-2", until="")
    add("reference", authority="pdmm", number="PDMM-1")
    assert shown() == ["", "PDMM-1", "Kişi lawyer"]
    assert "No power of attorney that stands today" in browser.text
    add("reference", authority="administrative_court", number="COURT-2")
    assert shown()[1] == ""
    assert "PDMM-1" in browser.text
    assert "COURT-2" in browser.text
    assert shown(named)[-1] == "PDMM-1"
    add("power", **given, lawyer=lawyer, number="STANDS-3", until="")
    assert shown()[0] == "STANDS-3"
    page = f"/cases/{case_id}/letters/{path.rpartition('/')[2]}"
    carried = dict(re.findall(r'name="(token|version|stood)"[^>]*value="([^"]*)"', browser.page))
    sent = {**carried, **typed_in(browser), "title": "x"}
    add("power", **given, lawyer=lawyer, number="NEWER-4", until="")
    assert browser.post(page, **sent).status_code == 422  # what the page filled in stands no more
    assert "NEWER-4" in " ".join(browser.errors)
    carried = dict(re.findall(r'name="(token|version|stood)"[^>]*value="([^"]*)"', browser.page))
    assert browser.post(page, **sent | carried).status_code == 303
