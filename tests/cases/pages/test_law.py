"""The pages of the law: proposed by an administrator, signed by a lawyer, seen in the open deadlines."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from cases.service import deadlines
from core.store.base import db
from core.store.transaction import transaction
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
    assert lawyer.post(f"{change}/sign", version="1").location == change
    assert lawyer.post(f"{change}/sign", version="1").status_code == 409  # a second click
    assert "Thursday 12 November 2026" in (caseworker.get(card), caseworker.text)[1]
    rule = (caseworker.get("/law/rules/DEP_SUIT"), caseworker.text)[1]
    assert "10 days" in rule
    assert rule.count("Nobody has signed it") == 2
    assert "Propose a new version" not in rule
    lawyer.get(change)
    assert lawyer.post(f"{change}/withdraw", version="2", because="x").status_code == 422
    assert lawyer.post(f"{change}/withdraw", version="2", because="mistaken").location == change
    assert "It is wrong" in (lawyer.get(change), lawyer.text)[1]
    assert "Thursday 12 November 2026" not in (caseworker.get(card), caseworker.text)[1]


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
        "/law/years/2027/confirm", "/law/years/2030/confirm", "/law/years/2027/day",
    ):  # fmt: skip # one list
        assert admin.get(path).status_code == 200, path
        assert lawyer.get(path).status_code == 404, path
    for path in ("/law/rules/NOTHING", "/law/rules/NOTHING/new", "/law/courts/NOWHERE", "/law/years/1900"):
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
