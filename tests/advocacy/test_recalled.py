"""What was taken back is handed out no more, whatever stands in the database; whoever has it hears of it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from advocacy.models.dossiers import Dossier, DossierOutput, DossierStory
from advocacy.service import dossiers, figures, outputs, pulling, recalled, stories, telling
from advocacy.service.story_seal import Draft
from cases.service import consents, files
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from domain.quarters import quarter_of
from domain.statistics_facts import thursday_of
from reports.service import quarters, releases
from tests.advocacy.conftest import recur, released
from tests.advocacy.test_dossiers import leaves, read
from tests.advocacy.test_stories import (
    PLAIN,
    answer,
    approved,
    given,
    left,
    read_out,
    shown,
    told,
    withdraw,
    write,
)
from tests.support.cast import Cast
from tests.support.clock import FrozenClock


def figure(cast: Cast, clock: FrozenClock) -> UUID:
    """A release whose figures may stand in a dossier."""
    quarter = str(quarter_of(thursday_of(clock.instant.date())))
    recur(cast, 14, issue="A02")
    clock.advance(days=100)
    frozen = quarters.prepare(cast["manager"], quarter)
    with transaction():
        quarters.freeze(cast["manager"], frozen)
    return released(cast, quarter, "sex")


def test_whoever_received_a_file_has_to_know_that_it_was_taken_back(ours: Cast, theirs: Cast) -> None:
    dossier_id, case_id, _story_id = told(ours)
    left(ours, dossier_id)
    assert recalled.waiting(ours["manager"]) == set()
    withdraw(ours, case_id)
    assert recalled.waiting(ours["manager"]) == {dossier_id}
    assert recalled.waiting(theirs["manager"]) == set()
    assert recalled.versions(read(ours["coordinator"], dossier_id)) == {1}
    seen = recalled.shown(read(ours["manager"], dossier_id))
    for who, error in ((ours["coordinator"], Refused), (theirs["manager"], NotFound)):
        with pytest.raises(error), transaction():
            recalled.settle(who, dossier_id, seen)
    with pytest.raises(Conflict), transaction():
        recalled.settle(ours["manager"], dossier_id, "")  # nobody saw it
    for _ in range(2):  # a double click
        with transaction():
            recalled.settle(ours["manager"], dossier_id, seen)
    assert recalled.waiting(ours["manager"]) == set()
    assert recalled.versions(read(ours["manager"], dossier_id)) == {1}  # the log keeps its mark


def test_what_is_taken_back_afterwards_is_told_again(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, first, _story_id = told(ours)
    second = ours.record(consents=[given("story")])
    story_id = write(ours, dossier_id, second)
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    left(ours, dossier_id)
    for case_id in (first, second):
        withdraw(ours, case_id)
        assert recalled.waiting(ours["manager"]) == {dossier_id}
        seen = recalled.shown(read(ours["manager"], dossier_id))
        with transaction():
            recalled.settle(ours["manager"], dossier_id, seen)
        assert recalled.waiting(ours["manager"]) == set()
        clock.advance(hours=1)
    assert recalled.versions(read(ours["manager"], dossier_id)) == {1}


def test_whoever_writes_into_the_database_brings_no_withdrawn_story_back(ours: Cast) -> None:
    """States, flags and days stand in clear; signatures and what was sealed decide."""
    dossier_id, case_id, story_id = told(ours)
    output_id, blobs = left(ours, dossier_id), Blobs(ours.settings.storage_url)
    withdraw(ours, case_id)
    with transaction():
        again = update(DossierStory).where(DossierStory.id == story_id)
        far = dt.date(2040, 1, 1)
        db.session.execute(again.values(state="confirmed", pulled_because=None, consent_until=far))
        db.session.execute(update(DossierOutput).values(flagged_at=None))
    assert not shown(ours, dossier_id).stands
    assert not leaves(ours, dossier_id)
    with pytest.raises(Conflict), transaction():
        outputs.fetch(ours["manager"], blobs, dossier_id, output_id)


def test_a_day_that_was_moved_in_the_database_keeps_no_story(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, _case_id, story_id = told(ours)
    approved(ours, dossier_id)
    with transaction():
        db.session.execute(
            update(DossierStory).where(DossierStory.id == story_id).values(consent_until=dt.date(2040, 1, 1))
        )
    assert leaves(ours, dossier_id)
    clock.advance(days=200)
    assert not leaves(ours, dossier_id)
    assert (shown(ours, dossier_id).state, shown(ours, dossier_id).because) == ("pulled", "expired")


def test_a_consent_that_ran_out_is_on_the_desk_before_anybody_opens_the_dossier(
    ours: Cast, clock: FrozenClock
) -> None:
    dossier_id, _case_id, _story_id = told(ours)
    left(ours, dossier_id)
    clock.advance(days=200)
    assert recalled.waiting(ours["manager"]) == {dossier_id}


@pytest.mark.parametrize("before", [{"state": "pulled"}, {"state": "signed"}])
def test_nothing_that_is_changed_before_the_withdrawal_saves_a_story(
    ours: Cast, before: dict[str, str]
) -> None:
    """What the withdrawing session reads of a story stands in clear; it takes both signatures anyway."""
    dossier_id, case_id, story_id = told(ours)
    with transaction():
        consents.record_consent(ours["caseworker"], case_id, given("advocacy"), uuid4())
    output_id, blobs = left(ours, dossier_id), Blobs(ours.settings.storage_url)
    mine = update(DossierStory).where(DossierStory.id == story_id)
    with transaction():
        db.session.execute(mine.values(**before))
    with transaction():
        said = files.open_case(ours["caseworker"], case_id).consents
    [story_consent] = [one.id for one in said if one.kind == "story"]
    with transaction():
        consents.withdraw(ours["caseworker"], case_id, story_consent)
    with transaction():
        db.session.execute(mine.values(state="confirmed", pulled_because=None))
        db.session.execute(update(DossierOutput).values(flagged_at=None))
    assert not shown(ours, dossier_id).stands
    assert not leaves(ours, dossier_id)
    with pytest.raises(Conflict), transaction():
        outputs.fetch(ours["manager"], blobs, dossier_id, output_id)
    with transaction():
        db.session.execute(mine.values(state="signed"))
    with pytest.raises(DomainError), transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)  # its author signed it no more


def test_a_consent_that_is_renewed_carries_the_story_once_its_author_stands_for_it(
    ours: Cast, clock: FrozenClock
) -> None:
    dossier_id, case_id, story_id = told(ours)
    approved(ours, dossier_id)
    first = shown(ours, dossier_id).until
    clock.advance(days=100)
    answer(ours, case_id)
    assert shown(ours, dossier_id).until == first
    clock.set(dt.datetime.combine(first, dt.time(12), dt.UTC) + dt.timedelta(days=1))
    with transaction():
        pulling.expire(ours.organisation_id, dossier_id)
    own = stories.own(ours["caseworker"], story_id)
    assert (own.state, own.because) == ("pulled", "expired")  # on the author's page too
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, own.version, read_out(PLAIN))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, own.version + 1)
    assert shown(ours, dossier_id).stands


def test_who_agrees_again_to_the_same_words_takes_nothing_back(ours: Cast, clock: FrozenClock) -> None:
    """It waits for the second signature; nobody who has the file has to hear anything."""
    dossier_id, _case_id, story_id = told(ours)
    output_id = left(ours, dossier_id)
    clock.advance(days=91)
    [own] = stories.mine(ours["caseworker"])
    assert not own.lacks_agreement  # it has left: nobody is asked for nothing
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, own.version, read_out(PLAIN))
    with transaction():
        outputs.flag(dossiers.open_dossier(ours["manager"], dossier_id))
    assert recalled.waiting(ours["manager"]) == set()
    with transaction():
        outputs.fetch(ours["manager"], Blobs(ours.settings.storage_url), dossier_id, output_id)
    assert not leaves(ours, dossier_id)
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, own.version + 1)
    assert not leaves(ours, dossier_id)  # the dossier is a draft again; what left stays where it is
    approved(ours, dossier_id)
    assert leaves(ours, dossier_id)
    assert recalled.waiting(ours["manager"]) == set()
    with transaction():
        other = Draft("3", {"tr": "Bir baba."}, "", counsel=False)
        stories.rewrite(ours["caseworker"], story_id, own.version + 1, read_out(other))
    assert recalled.waiting(ours["manager"]) == {dossier_id}


def test_a_closed_dossier_takes_no_story_anew(ours: Cast) -> None:
    dossier_id, _case_id, story_id = told(ours)
    version = read(ours["manager"], dossier_id).version
    with transaction():
        dossiers.close(ours["manager"], dossier_id, version)
    with pytest.raises(DomainError), transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, read_out(PLAIN))
    assert shown(ours, dossier_id).stands


def test_a_release_is_revoked_whatever_became_of_the_dossiers(ours: Cast, clock: FrozenClock) -> None:
    """One is damaged: the other is flagged, and the desk knows of both."""
    release_id = figure(ours, clock)
    both = []
    for _ in range(2):
        dossier_id, _case_id, _story_id = told(ours)
        with transaction():
            figures.add(ours["manager"], dossier_id, release_id, figures.TOTAL)
        left(ours, dossier_id)
        both.append(dossier_id)
    clock.advance(hours=1)
    with transaction():
        db.session.execute(update(Dossier).where(Dossier.id == both[0]).values(version=99))
    with transaction():
        releases.revoke(ours["manager"], release_id, "yanlış sayılmış")
    assert recalled.waiting(ours["manager"]) == set(both)
    assert recalled.versions(read(ours["manager"], both[1])) == {1}


def test_a_revoked_release_is_on_the_desk_at_once_also_after_something_else_was_settled(
    ours: Cast, clock: FrozenClock
) -> None:
    release_id = figure(ours, clock)
    dossier_id, case_id, _story_id = told(ours)
    with transaction():
        figures.add(ours["manager"], dossier_id, release_id, figures.TOTAL)
    left(ours, dossier_id)
    withdraw(ours, case_id)
    seen = recalled.shown(read(ours["manager"], dossier_id))
    with transaction():
        recalled.settle(ours["manager"], dossier_id, seen)
    assert recalled.waiting(ours["manager"]) == set()
    clock.advance(hours=1)
    with transaction():
        releases.revoke(ours["manager"], release_id, "yanlış sayılmış")
    assert recalled.waiting(ours["manager"]) == {dossier_id}  # nobody opened the dossier
