"""Asking whether another organisation acts for the other side, as both see it, without JavaScript."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from core import clock
from tests.referrals.conftest import NAME
from tests.referrals.test_pages import Desks, desks
from tests.support.world import Browser

__all__ = ["desks"]  # a fixture of the module beside
FIELDS = {"kind": "person", "role": "landlord", "along": ["issue", "month"], "priority": "urgent"}


def hidden(browser: Browser, name: str) -> str:
    return str(re.findall(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)[-1])


@pytest.mark.parametrize(
    ("language", "heading", "possible"),
    [
        ("ar", "هذا ما يُرسل حرفيًا", "قد يكون هناك تضارب"),
        ("tr", "Kelimesi kelimesine", "Menfaat çatışması olabilir"),
    ],
)
def test_from_the_question_to_the_answer(desks: Desks, language: str, heading: str, possible: str) -> None:
    case_id, partner = desks.case(), str(desks.pair.theirs.organisation_id)
    asker, focal = desks.ours.browser("coordinator", language), desks.theirs.browser("focal", language)
    page = f"/cases/{case_id}/conflict/ask"
    asker.get(f"/cases/{case_id}/conflict")
    assert page in asker.page
    asker.get(page)
    token = hidden(asker, "token")
    asker.post(page, token=token, to=[partner], **FIELDS)
    assert heading in asker.text
    shown = hidden(asker, "shown")
    changed = {**FIELDS, "role": "employer"}
    asker.post(page, token=token, shown=shown, send="1", to=[partner], **changed)
    assert heading in asker.text  # what was not shown is not sent, but shown first
    focal.get("/referrals/received")
    assert "/referrals/conflicts/" not in focal.page
    asker.post(page, token=token, to=[partner], **FIELDS)
    sent = asker.post(page, token=token, shown=hidden(asker, "shown"), send="1", to=[partner], **FIELDS)
    assert sent.location == f"/cases/{case_id}/conflict"
    focal.get("/desk")
    [address] = set(re.findall(r'href="(/referrals/conflicts/[0-9a-f-]+)"', focal.page))
    focal.get(address)
    assert NAME not in focal.page
    assert f"{clock.today():%Y-%m}" not in focal.text  # the month stands in words
    assert focal.post(address, version=focal.version, reply="").status_code == 422
    contact = str(desks.pair.theirs["focal"].person_id)
    answer = focal.post(address, version=focal.version, reply="ask_us", contact=contact)
    assert answer.location == "/referrals/received"
    # Whoever opens the case first, and not the page of the check, finds it held.
    worker = desks.ours.browser("caseworker", language)
    worker.get(f"/cases/{case_id}")
    assert f'href="/cases/{case_id}/conflict"' in worker.page
    asker.get("/desk")
    assert f"/cases/{case_id}/conflict" in asker.page
    asker.get(f"/cases/{case_id}/conflict")
    assert possible in asker.text
    assert "Kişi focal" in asker.text
    asker.get(f"/cases/{case_id}")
    assert f'href="/cases/{case_id}/conflict"' in asker.page  # the case waits for a decision
    asker.get(f"/cases/{case_id}/conflict")
    decision = {"version": asker.version, "outcome": "accept", "reason": "Başka bir kişi"}
    assert asker.post(f"/cases/{case_id}/conflict/decide", **decision).status_code == 303
    asker.get(f"/cases/{case_id}")
    assert f'href="/cases/{case_id}/conflict"' not in asker.page
    focal.get("/desk")
    assert address not in focal.page


def test_taken_back_it_is_gone_and_nobody_else_sees_it(desks: Desks) -> None:
    case_id, partner = desks.case(), str(desks.pair.theirs.organisation_id)
    asker, focal = desks.ours.browser("coordinator"), desks.theirs.browser("focal")
    page = f"/cases/{case_id}/conflict/ask"
    asker.get(page)
    token = hidden(asker, "token")
    asker.post(page, token=token, to=[partner], **FIELDS)
    asker.post(page, token=token, shown=hidden(asker, "shown"), send="1", to=[partner], **FIELDS)
    focal.get("/referrals/received")
    addresses = re.findall(r'href="(/referrals/conflicts/[0-9a-f-]+)"', focal.page)
    assert addresses
    asker.get(f"/cases/{case_id}/conflict")
    [withdraw] = re.findall(r'action="(/referrals/conflicts/[0-9a-f-]+/withdraw)"', asker.page)
    assert asker.post(withdraw).status_code == 303
    assert focal.get(withdraw.removesuffix("/withdraw")).status_code == 404
    assert desks.theirs.browser("coordinator").get(page).status_code == 404
    asker.post(page, token=str(uuid4()), to=[], **FIELDS)
    assert "Choose at least one organisation." in asker.errors[0]
