"""Pages around a consent: about whom it was asked, and what is said of it afterwards."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.store.base import db
from referrals.models.directory import DirectoryEntry
from tests.referrals.conftest import entry_of
from tests.referrals.test_pages import Desks, desks, refer, shown, words
from tests.support.world import as_written

__all__ = ["desks"]


@pytest.mark.parametrize("page", ["case", "referral"])
def test_an_answer_is_about_whom_the_page_named_and_not_whom_the_entry_became(
    desks: Desks, page: str
) -> None:
    """The page is open while the person is asked; in the database the entry becomes somebody else."""
    caseworker, case_id, entry_id = desks.ours.browser("caseworker"), desks.case(), desks.pair.entry
    path = f"/cases/{case_id}/consents/partner_sharing"
    if page == "referral":
        sent = refer(caseworker, case_id, entry_id)
        caseworker.get(sent)
        caseworker.post(f"{sent}/send", version=caseworker.version)
        path = f"{sent}/consent"
    path = as_written(desks.ours, path)
    caseworker.get(path)
    asked = {
        "kind": "partner_sharing", "version": caseworker.version, "recipient": str(entry_id),
        "purposes": ["cash"], "fields": ["name"], "answer": "given", "how": "oral", "language": "ar",
        "detail": "eşi de dinledi",
    }  # fmt: skip # a form
    before = shown(caseworker)
    rename(desks, entry_id, "Başka Dernek")
    for stale in (before, ""):
        answer = caseworker.post(path, **asked, shown=stale, token=str(uuid4()))
        assert answer.location == path
    caseworker.get(path)
    assert "nothing was done" in caseworker.text
    assert "Başka Dernek" in caseworker.text
    assert "eşi de dinledi" in caseworker.page
    answers = re.findall(r'<input[^>]*name="answer"[^>]*>', caseworker.page)
    assert len(answers) == 2
    assert not any("checked" in one for one in answers)  # the person is asked again
    now = shown(caseworker)
    assert now != before
    caseworker.get(f"/cases/{case_id}")
    assert "Consent given" not in caseworker.page
    done = caseworker.post(path, **asked, shown=now, token=str(uuid4()))
    assert done.status_code == 303
    rename(desks, entry_id)
    caseworker.get(f"/cases/{case_id}")
    assert "Consent given" in caseworker.page
    assert "Başka Dernek" in caseworker.text


def rename(desks: Desks, entry_id: UUID, name: str = "") -> None:
    """What somebody does who can write to the database; without a name as it was before."""
    with desks.ours.app.app_context():
        entry = db.session.get_one(DirectoryEntry, entry_id)
        known = _before.setdefault(entry_id, (entry.name_tr, entry.name_en, entry.name_ar))
        names = (name, name, name) if name else known
        entry.name_tr, entry.name_en, entry.name_ar = names
        db.session.commit()


_before: dict[UUID, tuple[str, str, str]] = {}


def test_by_hand_nobody_is_asked_to_destroy_what_was_not_released(desks: Desks) -> None:
    caseworker, case_id = desks.ours.browser("caseworker"), desks.case()
    with desks.ours.app.app_context():
        entry_id = entry_of(desks.pair, "sydv")
        db.session.rollback()
    path = refer(caseworker, case_id, entry_id)
    referral_id = UUID(path.rpartition("/")[2])
    caseworker.get(path)
    caseworker.post(f"{path}/send", version=caseworker.version)
    caseworker.get(f"{path}/answer/accepted")
    caseworker.post(f"{path}/answer/accepted", version=caseworker.version)
    asked: dict[str, Any] = {"recipient": str(entry_id), "purposes": ["cash"], "fields": ["name"]}
    no: dict[str, Any] = {"recipient": str(entry_id), "purposes": [], "fields": []}
    with desks.ours.app.app_context():
        desks.pair.consent(case_id, "refused", **no)
    caseworker.get(path)
    assert "there is nothing to take back" in caseworker.text
    assert "destroy" not in caseworker.text
    with desks.ours.app.app_context():
        desks.pair.consent(case_id, **asked)
        desks.pair.release(referral_id, ["name"])
        db.session.rollback()
    rename(desks, entry_id, "Başka Ofis")
    caseworker.get(path)
    assert "The person has taken nothing back" in caseworker.text
    answer = caseworker.post(f"{path}/form", language="tr")
    assert "MUHAMMED ELAHMED" not in words(answer.data)
    rename(desks, entry_id)
    with desks.ours.app.app_context():
        desks.pair.consent(case_id, "refused", **no)
    caseworker.get(path)
    assert "destroy what they have" in caseworker.text
