"""Stories stand by consent and two signatures, and tell the reader of a dossier nothing about the case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from advocacy.models.dossiers import DossierStory
from advocacy.service import dossiers, outputs, pulling, stories, telling
from advocacy.service.story_seal import Draft
from cases.models import Consent
from cases.service import consents, files, keys, members, progress
from core import clock
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from tests.advocacy.test_dossiers import approve, filled, leaves, read, review
from tests.support.cast import Cast, once
from tests.support.clock import FrozenClock


def given(kind: str, **more: str) -> dict[str, Any]:
    return {"kind": kind, "answer": "given", "language": "ar", "how": "oral", **more}


PLAIN = Draft("3", {"tr": "Bir anne, kaydının neden pasife alındığını öğrenemedi."}, "", counsel=False)


def ask(cast: Cast, dossier_id: UUID, *names: str) -> None:
    with transaction():
        telling.ask(cast["manager"], dossier_id, [cast[name].person_id for name in names], "Bir örnek")


def read_out(draft: Draft) -> Draft:
    """The person heard the words today and agreed to them."""
    return replace(draft, agreed=clock.today().isoformat())


def write(cast: Cast, dossier_id: UUID, case_id: UUID, draft: Draft = PLAIN, by: str = "caseworker") -> UUID:
    with transaction():
        return stories.write(cast[by], uuid4(), dossier_id, case_id, read_out(draft))


@once
def told(cast: Cast, *, draft: Draft = PLAIN) -> tuple[UUID, UUID, UUID]:
    """A dossier with a story that two people signed: dossier, case, story."""
    dossier_id = filled(cast)
    ask(cast, dossier_id, "caseworker")
    case_id = cast.record(consents=[given("story")])
    story_id = write(cast, dossier_id, case_id, draft)
    with transaction():
        telling.confirm(cast["coordinator"], dossier_id, story_id, 1)
    return dossier_id, case_id, story_id


def shown(cast: Cast, dossier_id: UUID) -> telling.Story:
    [story] = telling.of(read(cast["manager"], dossier_id))
    return story


def approved(cast: Cast, dossier_id: UUID) -> None:
    version_id = review(cast, dossier_id)
    for kind, by in (("legal", "lawyer"), ("data", "coordinator"), ("neutrality", "manager")):
        approve(cast, dossier_id, version_id, kind, by)


def left(cast: Cast, dossier_id: UUID) -> UUID:
    """The dossier is approved and leaves as a file, whose id this is."""
    approved(cast, dossier_id)
    with transaction():
        order = outputs.order(cast["manager"], dossier_id, "full", "tr", "docx")
        return outputs.keep(cast["manager"], Blobs(cast.settings.storage_url), order, b"PK content")


def answer(cast: Cast, case_id: UUID, by: str = "caseworker", **changes: str) -> None:
    """Record an answer about a story, as its page does."""
    with transaction():
        said = given("story", **{"level": "3", "detail": "", **changes})
        consents.record_consent(cast[by], case_id, said, uuid4())


def withdraw(cast: Cast, case_id: UUID) -> None:
    consent_id = db.session.scalars(select(Consent.id).where(Consent.case_id == case_id)).one()
    with transaction():
        consents.withdraw(cast["caseworker"], case_id, consent_id)


def test_who_is_asked_writes_from_an_own_case_with_consent(ours: Cast) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    [asked] = stories.asked(ours["caseworker"])
    assert (asked.title, asked.text) == ("Kaydı pasife alınan kimlikler", "Bir örnek")
    assert stories.is_asked(ours["caseworker"])
    assert not stories.is_asked(ours["lawyer"])
    silent = ours.record()
    with pytest.raises(DomainError):
        write(ours, dossier_id, silent)
    for level, kind in (("3", "advocacy"), ("2", "statistics")):
        case_id = ours.record(consents=[given(kind)])
        with pytest.raises(DomainError):
            write(ours, dossier_id, case_id, Draft(level, PLAIN.texts, "", counsel=False))
    agreed = ours.record(consents=[given("story")])
    write(ours, dossier_id, agreed)
    assert not stories.is_asked(ours["caseworker"])
    with pytest.raises(NotFound):
        write(ours, dossier_id, agreed, by="lawyer")  # neither asked nor on the case
    ask(ours, dossier_id, "colleague")
    with pytest.raises(NotFound):
        write(ours, dossier_id, agreed, by="colleague")  # asked, but not on the case


def test_flagged_words_need_a_reason(ours: Cast) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    case_id = ours.record(consents=[given("story")])
    named = {"tr": "Fatma Yılmaz 12 Mart'ta 0532 123 45 67 numarasından aradı."}
    assert stories.flags(named)["tr"]
    with pytest.raises(DomainError):
        write(ours, dossier_id, case_id, Draft("3", named, " ", counsel=False))
    write(ours, dossier_id, case_id, Draft("3", named, "Kişi adının geçmesini istedi", counsel=False))


def test_a_second_person_signs(ours: Cast) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "lawyer")
    case_id = ours.record(consents=[given("story")])
    ours.assign(case_id)
    story_id = write(ours, dossier_id, case_id, by="lawyer")
    assert not shown(ours, dossier_id).stands
    with pytest.raises(DomainError):
        review(ours, dossier_id)  # it waits for its second signature
    with pytest.raises(DomainError), transaction():
        telling.confirm(ours["lawyer"], dossier_id, story_id, 1)
    with transaction():
        telling.confirm(ours["manager"], dossier_id, story_id, 1)
    assert shown(ours, dossier_id).stands


def test_detained_needs_counsel(ours: Cast) -> None:
    draft = Draft("3", PLAIN.texts, "", counsel=True)
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    story_id = write(ours, dossier_id, ours.record(consents=[given("story")]), draft)
    with pytest.raises(DomainError), transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    with transaction():
        telling.confirm(ours["lawyer"], dossier_id, story_id, 1)
    assert shown(ours, dossier_id).stands


def test_a_withdrawn_consent_pulls_the_story_and_flags_what_was_made(ours: Cast) -> None:
    dossier_id, case_id, _story_id = told(ours)
    approved(ours, dossier_id)
    assert leaves(ours, dossier_id)
    blobs = Blobs(ours.settings.storage_url)
    with transaction():
        order = outputs.order(ours["manager"], dossier_id, "paper", "tr", "docx")
        output_id = outputs.keep(ours["manager"], blobs, order, b"PK content")
    withdraw(ours, case_id)
    story = shown(ours, dossier_id)
    assert (story.state, story.because) == ("pulled", "withdrawn")
    assert not leaves(ours, dossier_id)
    with pytest.raises(DomainError), transaction():
        outputs.fetch(ours["manager"], blobs, dossier_id, output_id)


def test_a_file_is_handed_out_while_everything_stands(ours: Cast) -> None:
    dossier_id, _case_id, _story_id = told(ours)
    approved(ours, dossier_id)
    blobs = Blobs(ours.settings.storage_url)
    for _ in range(2):  # a double click
        with transaction():
            order = outputs.order(ours["manager"], dossier_id, "full", "tr", "pdf")
            outputs.keep(ours["manager"], blobs, order, b"%PDF content")
    with transaction():
        [(row, number)] = outputs.of(dossiers.open_dossier(ours["manager"], dossier_id))
        assert number == 1
        assert outputs.fetch(ours["lawyer"], blobs, dossier_id, row.id)[1] == b"%PDF content"
    with pytest.raises(outputs.Untranslated), transaction():
        outputs.order(ours["manager"], dossier_id, "full", "ar", "pdf")


def test_a_consent_that_runs_out_pulls_too(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, _case_id, _story_id = told(ours)
    approved(ours, dossier_id)
    clock.advance(days=200)  # a consent to a story lasts six months
    assert not leaves(ours, dossier_id)
    with transaction():
        pulling.expire(ours.organisation_id, dossier_id)
    assert shown(ours, dossier_id).because == "expired"


@pytest.mark.parametrize("what", ["closed", "restricted"])
def test_a_case_closed_or_restricted_since_needs_its_author_again(ours: Cast, what: str) -> None:
    dossier_id, case_id, story_id = told(ours)
    if what == "restricted":
        with transaction():
            members.restrict(ours["caseworker"], case_id, [ours["coordinator"].person_id])
    else:
        _close(ours, case_id)
    assert shown(ours, dossier_id).because == what
    own = stories.own(ours["caseworker"], story_id)
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, own.version, own.draft)
    assert shown(ours, dossier_id).state == "signed"
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, own.version + 1)
    assert shown(ours, dossier_id).stands


def _close(cast: Cast, case_id: UUID) -> None:
    closing = {"level": "S1", "code": "A", "outcome": "achieved", "benefit": "", "why": ""}
    with transaction():
        version = files.open_case(cast["coordinator"], case_id).version
    with transaction():
        progress.move(cast["coordinator"], case_id, version, "closed", reason="Bitti.", closing=closing)


def test_nobody_reaches_a_case_through_a_dossier(ours: Cast) -> None:
    _dossier_id, case_id, _story_id = told(ours)
    for name in ("manager", "admin", "focal", "other_lawyer"):
        with pytest.raises((NotFound, Locked)), transaction():
            files.open_case(ours[name], case_id)
        assert not keys.case_keys(ours[name], [])


def test_a_story_put_back_in_the_database_does_not_stand(ours: Cast) -> None:
    dossier_id, case_id, story_id = told(ours)
    withdraw(ours, case_id)
    with transaction():
        row = db.session.get_one(DossierStory, story_id)
        row.state, row.pulled_because = "confirmed", None
    assert not shown(ours, dossier_id).stands


def test_what_was_written_is_sealed(ours: Cast) -> None:
    _dossier_id, _case_id, story_id = told(ours)
    row = db.session.get_one(DossierStory, story_id)
    for blob in (row.sealed, row.copy):
        assert "öğrenemedi".encode() not in blob
    assert row.consent_until > clock.today()
