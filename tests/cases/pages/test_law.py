"""The pages of the law: proposed by an administrator, signed by a lawyer, seen in the open deadlines."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases.models import LawChange
from cases.service import deadlines
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_deadlines import shown, two
from tests.support.world import Browser, World

NEW = "/law/rules/DEP_SUIT/new"


def version(browser: Browser, **changes: Any) -> dict[str, Any]:
    browser.get(NEW)
    token = re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[0]
    given = {
        "valid_from": ["1", "11", "2026"], "n": "10", "unit": "day", "roll": "yes",
        "recess": "iyuk_contested", "basis": "YUKK m. 53/3", "source": "Resmî Gazete 2026/1", "token": token,
    }  # fmt: skip # one form
    return given | changes


def served(world: World) -> str:
    """A case with a deadline of a decision that was served on 2 November."""
    cast = world.cast
    with world.app.app_context():
        case_id = cast.record()
        cast.assign(case_id)
        asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
        watching = (cast["caseworker"].person_id, cast["coordinator"].person_id)
        with transaction():
            made = deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *watching)
        db.session.rollback()
    return f"/cases/{case_id}/deadlines/{made}"


def test_a_new_version_from_proposal_to_the_open_deadline_and_back(world: World) -> None:
    admin, lawyer, caseworker = (world.browser(name) for name in ("admin", "lawyer", "caseworker"))
    card = served(world)
    change = admin.post(NEW, **version(admin)).location
    assert re.fullmatch(r"/law/changes/[0-9a-f-]{36}", change)
    assert "waits for your signature" not in (admin.get("/desk"), admin.text)[1]
    assert "waits for your signature" in (lawyer.get("/desk"), lawyer.text)[1]
    assert change in (lawyer.get("/law"), lawyer.page)[1]
    admin.get(change)
    assert f"{change}/sign" not in admin.page
    assert admin.post(f"{change}/sign", version="1").status_code == 403
    lawyer.get(f"{change}?on=2&on=11&on=2026")
    assert "7 days" in lawyer.text
    assert "10 days" in lawyer.text
    assert "Monday 9 November 2026" in lawyer.text
    assert "Thursday 12 November 2026" in lawyer.text
    caseworker.get(card)
    assert "Counted anew" not in caseworker.text
    for _ in range(2):  # a double click
        assert lawyer.post(f"{change}/sign", version="1").location == change
    assert "Thursday 12 November 2026" in (caseworker.get(card), caseworker.text)[1]
    rule = (caseworker.get("/law/rules/DEP_SUIT"), caseworker.text)[1]
    assert "10 days" in rule
    assert rule.count("Nobody has signed it") == 2
    assert "Propose a new version" not in rule
    lawyer.get(change)
    assert lawyer.post(f"{change}/withdraw", version="2", because="x").status_code == 422
    for _ in range(2):
        assert lawyer.post(f"{change}/withdraw", version="2", because="mistaken").location == change
    assert "It is wrong" in (lawyer.get(change), lawyer.text)[1]
    assert "Thursday 12 November 2026" not in (caseworker.get(card), caseworker.text)[1]


def test_the_basis_stays_that_of_the_version_by_which_a_deadline_was_counted(world: World) -> None:
    admin, lawyer, caseworker = (world.browser(name) for name in ("admin", "lawyer", "caseworker"))
    card = served(world)
    later = {"valid_from": ["1", "1", "2027"], "basis": "YUKK m. 99"}
    change = admin.post(NEW, **version(admin, **later)).location
    lawyer.get(change)
    assert lawyer.post(f"{change}/sign", version="1").location == change
    caseworker.get(card)
    assert "YUKK m. 53/3; 7196 s. K." in caseworker.text.split("Before whom")[0]
    assert "YUKK m. 99" not in caseworker.text


def test_what_is_wrong_stands_beside_its_field_and_stays(world: World) -> None:
    admin = world.browser("admin")
    for changes, said in (
        ({"valid_from": ["", "", ""]}, "Enter the day."),
        ({"n": "0"}, "Enter a whole number from 1 to 999"),
        ({"n": "٧"}, ""),
        ({"unit": "hour"}, "Choose one of the answers"),
        ({"basis": ""}, "Write the article."),
        ({"source": ""}, "Write where this can be read."),
    ):
        later = {"valid_from": ["15", "12", "2026"], **changes}
        answer = admin.post(NEW, **version(admin, **later))
        assert (answer.status_code == 422) is bool(said), changes
        assert any(said in error for error in admin.errors) is bool(said), (changes, admin.errors)
        assert "YUKK" in admin.page or "basis" in changes or not said
    form = version(admin, valid_from=["15", "12", "2026"])
    assert admin.post(NEW, **form).status_code == 422
    assert "already waits for a signature" in admin.text


@pytest.mark.parametrize(("code", "unit"), [("UP11", "stop"), ("SGK_ACC", "workday"), ("BREACH", "hour")])
def test_a_length_of_hours_or_working_days_changes_too_and_a_rule_is_repealed(
    world: World, code: str, unit: str
) -> None:
    admin = world.browser("admin")
    new = f"/law/rules/{code}/new"
    given = {"n": "5", "valid_from": ["1", "2", "2027"], "token": str(uuid4()), "source": "Resmî Gazete"}
    admin.get(new)
    assert 'name="unit"' not in admin.page
    fields = dict(re.findall(r'name="(basis)"[^>]*value="([^"]*)"', admin.page)) | given
    fields |= {"roll": "yes", "recess": "iyuk"} if code == "UP11" else {"recess": "none", "roll": "no"}
    assert admin.post(new, **fields, valid_to=["31", "1", "2027"]).status_code == 422
    assert any("It can't end before it begins." in error for error in admin.errors)
    change = admin.post(new, **fields, valid_to=["31", "12", "2027"]).location
    assert "31 December 2027" in (admin.get(change), admin.text)[1]
    with world.app.app_context():
        cells = db.session.get_one(LawChange, UUID(change.rsplit("/", 1)[1])).cells
        db.session.rollback()
    assert (cells["n"], cells["unit"], cells["valid_to"]) == ("5", unit, "2027-12-31")


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_every_page_opens_in_every_language(world: World, language: str) -> None:
    admin, lawyer = world.browser("admin", language), world.browser("lawyer", language)
    paths = [
        "/law",
        "/law/rules/UP11",
        "/law/rules/ADM60",
        "/law/courts",
        "/law/years/2026",
        "/law/years/2027",
    ]
    for path in paths:
        for browser in (admin, lawyer):
            assert browser.get(path).status_code == 200, path
    for path in (
        "/law/rules/BREACH/new", "/law/rules/SIL10/new", "/law/rules/ECHR/new", "/law/courts/ADM-01",
        "/law/years/2027/confirm", "/law/years/2030/confirm", "/law/years/2027/day", "/law/rules/new",
        "/law/courts/new", "/law/years/2101/confirm",
    ):  # fmt: skip # one list
        assert admin.get(path).status_code == 200, path
        assert lawyer.get(path).status_code == 404, path
    for path in (
        "/law/rules/NOTHING", "/law/rules/NOTHING/new", "/law/courts/NOWHERE", "/law/years/1900",
        "/law/years/2150", "/law/years/2150/confirm", "/law/years/2000/confirm",
    ):  # fmt: skip # one list
        assert admin.get(path).status_code == 404, path


def test_a_year_a_day_and_a_court_are_proposed_and_signed(world: World) -> None:
    admin, lawyer = world.browser("admin"), world.browser("lawyer")
    admin.get("/law/years/2027")
    assert "Nobody has confirmed this year" in admin.text
    token = {"source": "Diyanet, takvim 2027"}
    for path, fields in (
        ("/law/years/2027/confirm", {"ramadan": ["9", "3", "2027"], "sacrifice": ["16", "5", "2027"]}),
        ("/law/years/2027/day", {"day": ["8", "3", "2027"], "kind": "full"}),
        ("/law/years/2027/day", {"day": ["12", "3", "2027"], "kind": "leave"}),
        ("/law/courts/ADM-01", {"has_recess": "yes"}),
    ):
        admin.get(path)
        assert admin.post(path, **{**fields, "source": ""}).status_code == 422
        change = admin.post(path, **fields, **token, token=str(uuid4())).location
        lawyer.get(change)
        assert lawyer.post(f"{change}/sign", version="1").location == change
    admin.get("/law/years/2027")
    assert "Nobody has confirmed this year" not in admin.text
    assert "Monday 8 March 2027" in admin.text
    assert "Administrative leave" in admin.text
    assert "not confirmed yet" not in (admin.get("/desk"), admin.text)[1]
    admin.get("/law/years/2027/day")
    assert (
        admin.post("/law/years/2027/day", day=["8", "3", "2028"], kind="full", source="x").status_code == 422
    )


def test_a_lawyer_signs_a_rule_as_it_came(world: World) -> None:
    lawyer = world.browser("lawyer")
    lawyer.get("/law/rules/LA_OBJ")
    fields = dict(re.findall(r'name="(token|table|key)" value="([^"]*)"', lawyer.page))
    made = lawyer.post("/law/sign-off", **fields).location
    assert lawyer.post("/law/sign-off", **fields).location == made
    assert "Nobody has signed it" not in (lawyer.get("/law/rules/LA_OBJ"), lawyer.text)[1]
    assert "came with the product" in lawyer.text


NAMES = {
    "trigger_ar": "تبليغ قرار إغلاق جمعية", "trigger_tr": "Dernek kapatma kararının tebliği",
    "trigger_en": "Service of the closure of an association", "forum_ar": "محكمة الصلح",
    "forum_tr": "Sulh hukuk mahkemesi", "forum_en": "Civil court of peace",
}  # fmt: skip # three languages
RULE: dict[str, Any] = NAMES | {
    "filing": "uyap", "starts": "service", "valid_from": ["1", "1", "2026"], "n": "9", "unit": "day",
    "roll": "yes", "recess": "none", "basis": "D. K. m. 1", "source": "Resmî Gazete 2026/7",
}  # fmt: skip # one form


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_a_rule_is_added_with_its_names_and_used(world: World, language: str) -> None:
    code, named = f"NEW_{language.upper()}", NAMES[f"trigger_{language}"]
    admin, lawyer, caseworker = (world.browser(name, language) for name in ("admin", "lawyer", "caseworker"))
    assert 'href="/law/rules/new"' in (admin.get("/law"), admin.page)[1]
    assert 'href="/law/rules/new"' not in (lawyer.get("/law"), lawyer.page)[1]
    admin.get("/law/rules/new")
    change = admin.post("/law/rules/new", **RULE, code=code, token=str(uuid4())).location
    assert named in (lawyer.get("/law"), lawyer.text)[1]
    lawyer.get(change)
    for words in (*(NAMES[f"trigger_{one}"] for one in ("ar", "tr", "en")), NAMES["forum_ar"], named):
        assert words in lawyer.text
    assert "<legend>On" not in lawyer.page  # the day to try has a name too
    assert lawyer.get(f"/law/rules/{code}").status_code == 404
    case = f"/cases/{world.record()}"
    caseworker.get(f"{case}/deadlines/new")
    assert f'value="{code}"' not in caseworker.page
    lawyer.get(change)
    assert lawyer.post(f"{change}/sign", version="1").location == change
    assert named in (lawyer.get(f"/law/rules/{code}"), lawyer.text)[1]
    caseworker.get(f"{case}/deadlines/new")
    assert f'value="{code}"' in caseworker.page
    asked = {"rule": code, "served_on": ["2", "11", "2026"], "service": "hand", "token": str(uuid4())}
    form = {**asked, **two(caseworker)}
    caseworker.post(f"{case}/deadlines/new", **form)
    caseworker.post(f"{case}/deadlines/new", **form, counted=shown(caseworker))
    assert named in (caseworker.get(case), caseworker.text)[1]
    card = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', caseworker.page)[0]
    assert NAMES[f"forum_{language}"] in (caseworker.get(card), caseworker.text)[1]
    lawyer.get(change)
    assert lawyer.post(f"{change}/withdraw", version="2", because="mistaken").location == change
    gone = {"ar": "لا ينتج تاريخ", "tr": "bir tarih çıkmıyor", "en": "this gives no date"}[language]
    for page in (case, card):
        caseworker.get(page)
        assert gone in caseworker.text
        assert named in caseworker.text


def test_what_is_wrong_with_a_new_row_stands_beside_its_field(world: World) -> None:
    admin = world.browser("admin")
    court = {"ar": "محكمة", "tr": "Mahkeme", "en": "Court", "has_recess": "no", "source": "HSK"}
    waiting = (admin.get("/law"), admin.page)[1].count("/law/changes/")
    year = {"ramadan": ["22", "11", "2100"], "source": "x"}
    for path, form, wrong in (
        ("/law/rules/new", RULE | {"code": "T9"}, ({"code": "DEP_SUIT"}, "This code is taken")),
        ("/law/rules/new", RULE | {"code": "T9"}, ({"code": "t 9"}, "2 to 16 capital letters")),
        ("/law/rules/new", RULE | {"code": "T9"}, ({"trigger_ar": ""}, "Write it in this language.")),
        ("/law/rules/new", RULE | {"code": "T9"}, ({"starts": "birth"}, "Choose")),
        ("/law/rules/new", RULE | {"code": "T9"}, ({"roll": ""}, "Choose one.")),
        ("/law/courts/new", court | {"code": "T9"}, ({"code": "ADM-01"}, "This code is taken")),
        ("/law/courts/new", court | {"code": "T9"}, ({"tr": " "}, "Write it in this language.")),
        ("/law/courts/new", court | {"code": "T9"}, ({"source": ""}, "Write where this can be read.")),
        ("/law/years/2101/confirm", year, ({}, "not in the year")),
    ):
        admin.get(path)
        assert admin.post(path, **{**form, **wrong[0]}).status_code == 422, wrong
        assert any(wrong[1] in error for error in admin.errors), (wrong, admin.errors)
        assert str({**form, **wrong[0]}["source"]) in admin.page  # what was typed stays
    assert (admin.get("/law"), admin.page)[1].count("/law/changes/") == waiting


def test_a_court_and_the_year_after_the_last_are_added(world: World) -> None:
    admin, lawyer, caseworker = (world.browser(name) for name in ("admin", "lawyer", "caseworker"))
    court = {"code": "ADM-33", "ar": "محكمة مرسين", "tr": "Mersin İdare Mahkemesi", "en": "Mersin Court"}
    year = {"ramadan": ["22", "11", "2101"], "sacrifice": ["9", "2", "2101"]}
    assert 'href="/law/courts/new"' in (admin.get("/law/courts"), admin.page)[1]
    assert 'href="/law/years/2101/confirm"' in (admin.get("/law/years/2100"), admin.page)[1]
    assert 'href="/law/years/2101/confirm"' not in (lawyer.get("/law/years/2100"), lawyer.page)[1]
    for path, fields in (
        ("/law/courts/new", court | {"has_recess": "no"}),
        ("/law/years/2101/confirm", year),
    ):
        admin.get(path)
        change = admin.post(path, **fields, source="HSK 2026/3", token=str(uuid4())).location
        assert lawyer.get(change).status_code == 200
        assert lawyer.post(f"{change}/sign", version="1").location == change
    assert "Mersin Court" in (admin.get("/law/courts"), admin.text)[1]
    assert 'value="ADM-33"' in (caseworker.get(f"/cases/{world.record()}/deadlines/new"), caseworker.page)[1]
    admin.get("/law/years/2101")
    assert "Nobody has confirmed this year" not in admin.text
    assert "Feast of Ramadan" in admin.text
    assert 'href="/law/years/2102/confirm"' in admin.page
