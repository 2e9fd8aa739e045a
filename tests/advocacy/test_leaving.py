"""A story given for an authority alone leaves in no file and to nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from advocacy.service import contacts, institutions, letters, outputs, reviewing
from advocacy.service.story_seal import Draft
from cases.service import consents, files
from core.errors import DomainError
from core.reference import reference
from core.store.blobs import Blobs
from core.store.transaction import transaction
from domain.dossiers import AUTHORITIES
from tests.advocacy.test_contacts import listed, note
from tests.advocacy.test_dossiers import approve, filled, leaves, review
from tests.advocacy.test_stories import PLAIN, approved, told
from tests.advocacy.test_vignettes import asked, check, recorded, sign, tell
from tests.advocacy.test_vignettes import shown as shown_vignettes
from tests.support.cast import Cast
from tests.support.clock import FrozenClock

CLOSED = Draft("2", PLAIN.texts, "", counsel=False)


def make(cast: Cast, dossier_id: UUID, paper: str) -> outputs.Order:
    with transaction():
        order = outputs.order(cast["manager"], dossier_id, paper, "tr", "docx")
        outputs.keep(cast["manager"], Blobs(cast.settings.storage_url), order, paper.encode())
    return order


def hand_over(cast: Cast, dossier_id: UUID, institution_id: UUID) -> None:
    with transaction():
        handed = note(institution_id, "sent", number=1)
        contacts.write(cast["manager"], dossier_id, uuid4(), handed, anyway=True)


def write_letter(cast: Cast, dossier_id: UUID, institution_id: UUID) -> None:
    with transaction():
        letters.order(cast["manager"], dossier_id, institution_id, None, "cover", "tr", "pdf", "Sayın")


@pytest.mark.parametrize("edition", ["open", "paper"])
def test_a_closed_dossier_goes_to_authorities_and_an_open_edition_to_all(ours: Cast, edition: str) -> None:
    dossier_id, _case, _story = told(ours, draft=CLOSED)
    approved(ours, dossier_id)
    places = listed(ours)
    with transaction():
        newsroom = institutions.add(ours["manager"], uuid4(), "media", {"name_tr": "Gazete"})
    assert make(ours, dossier_id, "full").stories == [PLAIN.texts["tr"]]
    for act in (hand_over, write_letter):
        act(ours, dossier_id, places["pmm"])
        for elsewhere in (newsroom, places["chp"]):
            with pytest.raises(DomainError) as refused:
                act(ours, dossier_id, elsewhere)
            assert refused.value.field == "number"
    assert make(ours, dossier_id, edition).stories == []
    for act in (hand_over, write_letter):
        act(ours, dossier_id, newsroom)
        act(ours, dossier_id, places["chp"])


def test_a_letter_about_a_closed_dossier_waits_for_a_file_for_everybody(ours: Cast) -> None:
    dossier_id, _case, _story = told(ours, draft=CLOSED)
    approved(ours, dossier_id)
    with pytest.raises(DomainError):
        write_letter(ours, dossier_id, listed(ours)["chp"])


def test_a_public_story_goes_anywhere_and_stands_in_both_editions(ours: Cast) -> None:
    dossier_id, _case, _story = told(ours)
    approved(ours, dossier_id)
    for paper in ("full", "open"):
        assert make(ours, dossier_id, paper).stories == [PLAIN.texts["tr"]]
    hand_over(ours, dossier_id, listed(ours)["chp"])


def test_authorities_are_kinds_of_addressees_that_decide_by_office() -> None:
    others = {"media", "opinion_leader", "parliament_group", "bar", "international"}
    assert set(reference().lists[institutions.KINDS].codes) == AUTHORITIES | others


def test_a_dossier_in_review_is_on_the_desks_of_those_who_may_stand_for_it(ours: Cast, theirs: Cast) -> None:
    dossier_id = filled(ours)
    assert reviewing.waiting(ours["lawyer"]) == 0
    version_id = review(ours, dossier_id)
    for name in ("lawyer", "coordinator", "manager"):
        assert reviewing.waiting(ours[name]) == 1
        assert reviewing.waiting(theirs[name]) == 0
    assert reviewing.waiting(ours["caseworker"]) == 0
    approve(ours, dossier_id, version_id, "legal", "lawyer")
    assert (reviewing.waiting(ours["lawyer"]), reviewing.waiting(ours["manager"])) == (0, 1)
    approve(ours, dossier_id, version_id, "data", "coordinator")
    approve(ours, dossier_id, version_id, "neutrality", "manager")
    assert reviewing.waiting(ours["manager"]) == 0


def test_who_leaves_the_statistics_is_told_of_no_more(ours: Cast, clock: FrozenClock) -> None:
    case_id, *_others = recorded(ours, 12)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    sign(ours, dossier_id, story_id)
    approved(ours, dossier_id)
    assert leaves(ours, dossier_id)
    clock.advance(days=1)
    assert not leaves(ours, dossier_id)  # checked again on the day on which it leaves
    check(ours, dossier_id)
    assert leaves(ours, dossier_id)
    with transaction():
        said = files.open_case(ours["caseworker"], case_id).consents
    [statistics] = [one.id for one in said if one.kind == "statistics"]
    with transaction():
        consents.withdraw(ours["caseworker"], case_id, statistics)
    clock.advance(days=1)
    check(ours, dossier_id)
    assert not shown_vignettes(ours, dossier_id)[story_id].stands
    assert not leaves(ours, dossier_id)
