"""A dossier leaves only with three approvals of exactly its content, and opens for its holders alone."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

import vault
from advocacy.models.dossiers import Dossier, DossierApproval, DossierSection, DossierVersion
from advocacy.service import dossiers, reviewing
from core.access.actors import Actor
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from domain.dossiers import NEEDED, Approval, State
from tests.support.cast import MANAGER, Cast, once


def begun(cast: Cast, title: str = "Kaydı pasife alınan kimlikler") -> UUID:
    with transaction():
        return dossiers.begin(cast["manager"], uuid4(), {"tr": title, "ar": "", "en": ""}, {})


def write(cast: Cast, dossier_id: UUID, kind: str, text: str, version: int = 0, language: str = "tr") -> None:
    with transaction():
        dossiers.write_section(cast["manager"], dossier_id, kind, language, version, text, ready=True)


@once
def filled(cast: Cast) -> UUID:
    """A dossier with everything that a review needs."""
    dossier_id = begun(cast)
    for kind in sorted(NEEDED):
        write(cast, dossier_id, kind, f"Metin: {kind}")
    return dossier_id


def read(actor: Actor, dossier_id: UUID) -> dossiers.OpenDossier:
    with transaction():
        return dossiers.open_dossier(actor, dossier_id)


def review(cast: Cast, dossier_id: UUID) -> UUID:
    version = read(cast["manager"], dossier_id).version
    with transaction():
        return reviewing.send_to_review(cast["manager"], dossier_id, version)


def approve(cast: Cast, dossier_id: UUID, version_id: UUID, kind: str, by: str) -> None:
    with transaction():
        reviewing.approve(cast[by], dossier_id, version_id, kind)


def approved(cast: Cast) -> UUID:
    dossier_id = filled(cast)
    version_id = review(cast, dossier_id)
    for kind, by in (("legal", "lawyer"), ("data", "coordinator"), ("neutrality", "manager")):
        approve(cast, dossier_id, version_id, kind, by)
    return dossier_id


def leaves(cast: Cast, dossier_id: UUID) -> bool:
    try:
        with transaction():
            reviewing.to_leave(dossiers.open_dossier(cast["manager"], dossier_id))
    except DomainError:
        return False
    return True


def test_a_double_click_begins_one(ours: Cast) -> None:
    token = uuid4()
    for _ in range(2):
        with transaction():
            dossiers.begin(ours["manager"], token, {"tr": "Başlık"}, {})
    assert len(db.session.scalars(select(Dossier.id)).all()) == 1
    db.session.rollback()
    with pytest.raises(DomainError), transaction():
        dossiers.begin(ours["manager"], uuid4(), {"tr": " "}, {})


def test_sections_stand_side_by_side_and_nothing_is_overwritten(ours: Cast) -> None:
    dossier_id = begun(ours)
    write(ours, dossier_id, "problem", "Sorun")
    write(ours, dossier_id, "problem", "المشكلة", language="ar")
    write(ours, dossier_id, "problem", "Sorun")  # the same words again
    with pytest.raises(Conflict):
        write(ours, dossier_id, "problem", "Başka", version=0)
    write(ours, dossier_id, "problem", "Yeni sorun", version=1)
    opened = read(ours["manager"], dossier_id)
    assert opened.sections["problem", "tr"].text == "Yeni sorun"
    assert opened.sections["problem", "ar"].text == "المشكلة"
    for kind, language in (("nothing", "tr"), ("problem", "fr")):
        with pytest.raises(NotFound):
            write(ours, dossier_id, kind, "x", language=language)


def test_three_people_approve_and_then_it_may_leave(ours: Cast) -> None:
    dossier_id = filled(ours)
    version_id = review(ours, dossier_id)
    assert not leaves(ours, dossier_id)
    with pytest.raises(Refused):
        approve(ours, dossier_id, version_id, "legal", "manager")
    approve(ours, dossier_id, version_id, "legal", "lawyer")
    approve(ours, dossier_id, version_id, "legal", "lawyer")  # a double click
    with pytest.raises(DomainError):
        approve(ours, dossier_id, version_id, "data", "lawyer")  # one person, one approval
    approve(ours, dossier_id, version_id, "data", "coordinator")
    assert not leaves(ours, dossier_id)
    approve(ours, dossier_id, version_id, "neutrality", "manager")
    assert read(ours["manager"], dossier_id).state is State.APPROVED
    assert leaves(ours, dossier_id)


def test_a_changed_sentence_takes_the_approval_away(ours: Cast) -> None:
    dossier_id = approved(ours)
    write(ours, dossier_id, "problem", "Bir kelime daha", version=1)
    assert read(ours["manager"], dossier_id).state is State.DRAFT
    assert not leaves(ours, dossier_id)
    version_id = review(ours, dossier_id)
    assert not leaves(ours, dossier_id)
    opened = read(ours["lawyer"], dossier_id)
    assert reviewing.offers(ours["lawyer"], opened, reviewing.frozen(opened)) == list(Approval)
    old = db.session.scalars(select(DossierVersion.id).where(DossierVersion.id != version_id)).one()
    db.session.rollback()
    with pytest.raises(Conflict):
        approve(ours, dossier_id, old, "legal", "lawyer")


def test_a_review_needs_its_sections_and_the_version_that_was_shown(ours: Cast) -> None:
    dossier_id = begun(ours)
    with pytest.raises(DomainError):
        review(ours, dossier_id)
    dossier_id = filled(ours)
    with pytest.raises(Conflict), transaction():
        reviewing.send_to_review(ours["manager"], dossier_id, 1)
    version = read(ours["lawyer"], dossier_id).version
    with pytest.raises(Refused), transaction():
        reviewing.send_to_review(ours["lawyer"], dossier_id, version)


def test_a_closed_dossier_stays_readable_and_still(ours: Cast) -> None:
    dossier_id = begun(ours)
    with transaction():
        dossiers.close(ours["manager"], dossier_id, 1)
    assert read(ours["manager"], dossier_id).state is State.CLOSED
    with pytest.raises(DomainError):
        write(ours, dossier_id, "problem", "x")


def test_it_opens_for_managers_and_named_approvers_only(ours: Cast, theirs: Cast) -> None:
    dossier_id = begun(ours)
    assert read(ours["lawyer"], dossier_id).title("tr")  # the cast's manager handed the key over
    for name in ("caseworker", "admin", "focal"):
        with pytest.raises(NotFound):
            read(ours[name], dossier_id)
    with pytest.raises(NotFound):
        read(theirs["manager"], dossier_id)
    newcomer = ours.join("second_manager", MANAGER)
    with pytest.raises(Locked):
        read(newcomer, dossier_id)


def test_a_row_set_to_approved_does_not_open(ours: Cast) -> None:
    dossier_id = filled(ours)
    review(ours, dossier_id)
    with transaction():
        db.session.get_one(Dossier, dossier_id).state = "approved"
    with pytest.raises(DomainError):
        read(ours["manager"], dossier_id)


def test_a_forged_approval_does_not_count(ours: Cast) -> None:
    dossier_id = filled(ours)
    version_id = review(ours, dossier_id)
    approve(ours, dossier_id, version_id, "data", "coordinator")
    approve(ours, dossier_id, version_id, "neutrality", "manager")
    with transaction():
        mine = db.session.get_one(DossierApproval, (version_id, "data"))
        db.session.add(
            DossierApproval(
                version_id=version_id,
                kind="legal",
                person_id=ours["lawyer"].person_id,
                signature=mine.signature,
                approved_at=mine.approved_at,
            )
        )
    with transaction():
        stood = reviewing.frozen(dossiers.open_dossier(ours["manager"], dossier_id))
    assert stood is not None
    assert {stand.kind: stand.holds for stand in stood.approvals}[Approval.LEGAL] is False
    assert not leaves(ours, dossier_id)


def test_swapped_sections_do_not_open(ours: Cast) -> None:
    dossier_id = filled(ours)
    with transaction():
        one = db.session.get_one(DossierSection, (dossier_id, "problem", "tr"))
        two = db.session.get_one(DossierSection, (dossier_id, "legal", "tr"))
        one.sealed, two.sealed = two.sealed, one.sealed
    with pytest.raises((DomainError, vault.VaultError)):
        read(ours["manager"], dossier_id)
