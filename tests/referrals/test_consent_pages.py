"""Pages around a consent: about whom it was asked, and what is said of it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.store.base import db
from referrals.models.directory import DirectoryEntry
from tests.referrals.conftest import entry_of
from tests.referrals.test_pages import Desks, desks, refer, words

__all__ = ["desks"]


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
