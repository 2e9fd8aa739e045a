"""A vignette is told only where many could be meant, in the very words that two people signed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy import papers, vignette_words
from advocacy.models.dossiers import DossierStory
from advocacy.service import (
    checking,
    dossiers,
    frozen_stories,
    outputs,
    reviewing,
    scanning,
    stories,
    telling,
)
from advocacy.service.story_seal import Draft
from cases.models import Consent
from cases.service import consents, files, together
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from domain.dossiers import State
from domain.quarters import quarter_of
from domain.statistics_facts import thursday_of
from reports.service import quarters
from tests.advocacy.conftest import scan
from tests.advocacy.test_dossiers import filled, leaves, read, review
from tests.advocacy.test_stories import PLAIN, approved, ask, given, read_out, write
from tests.support.cast import MANAGER, Cast, on_stage, once, record_of
from tests.support.clock import FrozenClock
from tests.support.rendering import text

AGREED = [given("statistics"), given("story")]
OFFICES = ("pdmm", "ggm", "police")


@pytest.fixture
def ours(sqlite_app: Flask) -> Iterator[Cast]:
    """The rules here are the same on every database; the composite is also walked through on PostgreSQL."""
    with on_stage(sqlite_app) as cast:
        yield cast


@pytest.fixture
def anywhere(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as cast:
        yield cast


@once
def recorded(cast: Cast, number: int, **record: Any) -> list[UUID]:
    """Cases of so many people who agreed to statistics and a story, in turn with three authorities."""
    return [
        cast.record(
            record={**record_of(), "authority": OFFICES[serial % 3], **record}, consents=AGREED, token=uuid4()
        )
        for serial in range(number)
    ]


def offered(cast: Cast, case_id: UUID, level: str = "3") -> Draft:
    with transaction():
        return Draft(level, {}, "", counsel=False, vignette=stories.offer(cast["caseworker"], case_id, level))


def tell(cast: Cast, dossier_id: UUID, case_id: UUID, level: str = "3") -> UUID:
    return write(cast, dossier_id, case_id, offered(cast, case_id, level))


def check(cast: Cast, dossier_id: UUID, by: str = "manager") -> None:
    found = checking.prepare(cast[by], dossier_id, vignette_words.texts)
    with transaction():
        checking.write(cast[by], found)


def shown(cast: Cast, dossier_id: UUID, by: str = "manager") -> dict[UUID, telling.Story]:
    return {one.id: one for one in telling.of(read(cast[by], dossier_id))}


def sign(cast: Cast, dossier_id: UUID, *story_ids: UUID, by: str = "coordinator") -> None:
    for story_id in story_ids:
        story = shown(cast, dossier_id, by)[story_id]
        with transaction():
            telling.confirm(cast[by], dossier_id, story_id, story.version, story.read.hex())


def asked(cast: Cast) -> UUID:
    dossier_id = filled(cast)
    ask(cast, dossier_id, "caseworker")
    return dossier_id


def printed(cast: Cast, dossier_id: UUID, kind: str) -> bytes:
    with transaction():
        order = outputs.order(cast["manager"], dossier_id, "full", "tr", kind)
    with cast.app.test_request_context(base_url="https://localhost"):
        return papers.render(order)


@once
def rare(cast: Cast) -> list[UUID]:
    """Four provinces with three people each: nobody stands alone by region, all of them without it."""
    found = [recorded(cast, 3, province=province) for province in ("34", "06", "27", "01")]
    return [cases[0] for cases in found]


def withdraw(cast: Cast, case_id: UUID) -> None:
    for row in db.session.scalars(select(Consent).where(Consent.case_id == case_id)).all():
        with transaction():
            consents.withdraw(cast["caseworker"], case_id, row.id)


def test_shared_by_ten_it_is_checked_signed_and_printed(ours: Cast) -> None:
    case_id, *_others = recorded(ours, 10)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    waiting = shown(ours, dossier_id)[story_id]
    assert waiting.unchecked
    assert waiting.texts == {}
    with pytest.raises(DomainError):
        sign(ours, dossier_id, story_id)
    with pytest.raises(DomainError):
        review(ours, dossier_id)
    with pytest.raises(Refused):
        check(ours, dossier_id, by="coordinator")
    check(ours, dossier_id)
    story = shown(ours, dossier_id, "lawyer")[story_id]
    assert set(story.texts) == {"tr", "ar", "en"}
    assert "Issue: Deactivated / cancelled kimlik" in story.texts["en"]
    assert "Region: Istanbul" in story.texts["en"]
    assert "Yetişkin" in story.texts["tr"]
    assert "إسطنبول" in story.texts["ar"]
    with pytest.raises(DomainError):
        review(ours, dossier_id)  # it waits for its second signature
    with pytest.raises(Conflict), transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1, "other words")
    sign(ours, dossier_id, story_id)
    sign(ours, dossier_id, story_id)  # a double click
    assert shown(ours, dossier_id)[story_id].stands
    approved(ours, dossier_id)
    assert leaves(ours, dossier_id)
    whole = " ".join(text(printed(ours, dossier_id, "pdf")))
    assert "Kodlu özet" in whole, whole
    with zipfile.ZipFile(io.BytesIO(printed(ours, dossier_id, "docx"))) as package:
        assert "Kodlu özet" in package.read("word/document.xml").decode()


def test_what_neither_stands_is_left_out_and_says_why(ours: Cast) -> None:
    [case_id, *_others] = recorded(ours, 4)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    story = shown(ours, dossier_id)[story_id]
    assert story.refused == ("few_cases", "few_people")
    assert all(" " in reason for reason in vignette_words.reasons(story))  # in words, in any language
    with pytest.raises(DomainError):
        sign(ours, dossier_id, story_id)
    review(ours, dossier_id)  # without it
    with transaction():
        frozen = reviewing.frozen(dossiers.open_dossier(ours["manager"], dossier_id))
    assert frozen is not None
    assert frozen.content["stories"] == []
    recorded(ours, 6)  # now ten share it
    check(ours, dossier_id)
    assert read(ours["manager"], dossier_id).state is State.DRAFT
    assert shown(ours, dossier_id)[story_id].told
    sign(ours, dossier_id, story_id)
    assert shown(ours, dossier_id)[story_id].stands


@pytest.mark.parametrize("kind", ["household", "event"])
def test_files_of_one_household_or_event_make_no_composite(ours: Cast, kind: str) -> None:
    cases = rare(ours)[:3]
    dossier_id = asked(ours)
    told = [tell(ours, dossier_id, case_id) for case_id in cases]
    check(ours, dossier_id)
    assert {shown(ours, dossier_id)[one].refused for one in told} == {()}
    with transaction():
        together.join(ours["caseworker"], cases[1], 1, cases[0], kind)
    check(ours, dossier_id)
    assert all("few_cases" in shown(ours, dossier_id)[one].refused for one in told)


def test_three_rare_ones_make_a_composite_that_falls_with_one_of_them(anywhere: Cast) -> None:
    ours = anywhere
    cases = rare(ours)
    dossier_id = asked(ours)
    two = [tell(ours, dossier_id, case_id) for case_id in cases[:2]]
    check(ours, dossier_id)
    assert all("few_cases" in shown(ours, dossier_id)[one].refused for one in two)
    third = tell(ours, dossier_id, cases[2], level="2")
    with pytest.raises(DomainError):
        review(ours, dossier_id)  # the third was not checked
    check(ours, dossier_id)
    members = [*two, third]
    texts = {shown(ours, dossier_id)[one].texts["en"] for one in members}
    [told] = texts
    assert "Composite of 3 cases" in told
    assert "Region" not in told
    sign(ours, dossier_id, *two)
    with pytest.raises(DomainError):
        review(ours, dossier_id)  # one of the three is not signed
    sign(ours, dossier_id, third)
    approved(ours, dossier_id)
    blobs = Blobs(ours.settings.storage_url)
    with transaction():
        order = outputs.order(ours["manager"], dossier_id, "full", "tr", "docx")
        output_id = outputs.keep(ours["manager"], blobs, order, b"PK content")
    assert len(order.stories) == 1  # told once
    with transaction():
        frozen = reviewing.frozen(dossiers.open_dossier(ours["manager"], dossier_id))
    assert frozen is not None
    assert frozen.content["stories"][0]["level"] == "2"  # no further than the most careful of them

    withdraw(ours, cases[0])
    left = shown(ours, dossier_id)
    assert left[two[0]].because == "withdrawn"
    assert not any(story.stands or story.texts for story in left.values())
    assert [left[one].fallen for one in members] == [False, True, True]
    assert left[third].unchecked
    assert frozen_stories.still(read(ours["manager"], dossier_id), frozen.content["stories"]) == []
    assert not leaves(ours, dossier_id)
    with pytest.raises(Conflict), transaction():
        outputs.fetch(ours["manager"], blobs, dossier_id, output_id)
    check(ours, dossier_id)
    assert all("few_cases" in shown(ours, dossier_id)[one].refused for one in members[1:])
    assert shown(ours, dossier_id)[third].second == ""
    assert not any(story.fallen for story in shown(ours, dossier_id).values())
    review(ours, dossier_id)
    with transaction():
        assert reviewing.content_of(dossiers.open_dossier(ours["manager"], dossier_id))["stories"] == []


def test_a_fourth_changes_the_words_and_so_needs_signatures(ours: Cast) -> None:
    cases = rare(ours)
    dossier_id = asked(ours)
    members = [tell(ours, dossier_id, case_id) for case_id in cases[:3]]
    check(ours, dossier_id)
    sign(ours, dossier_id, *members)
    check(ours, dossier_id)  # nothing changed: the signatures hold
    assert all(story.stands for story in shown(ours, dossier_id).values())
    before = shown(ours, dossier_id)[members[0]].read.hex()
    fourth = tell(ours, dossier_id, cases[3])
    check(ours, dossier_id)
    assert not any(story.stands for story in shown(ours, dossier_id).values())
    with pytest.raises(Conflict), transaction():
        telling.confirm(ours["coordinator"], dossier_id, members[0], 1, before)
    sign(ours, dossier_id, *members, fourth)
    assert all(story.stands for story in shown(ours, dossier_id).values())


def test_a_check_holds_for_the_day(ours: Cast, clock: FrozenClock) -> None:
    case_id, *_others = recorded(ours, 10)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    sign(ours, dossier_id, story_id)
    clock.advance(days=1)
    with pytest.raises(DomainError):
        review(ours, dossier_id)
    check(ours, dossier_id)
    approved(ours, dossier_id)
    check(ours, dossier_id)  # finds the same: what was approved stays so
    assert leaves(ours, dossier_id)


def test_a_vignette_that_comes_meanwhile_is_not_missed(ours: Cast) -> None:
    one, two, *_others = recorded(ours, 11)
    dossier_id = asked(ours)
    tell(ours, dossier_id, one)
    found = checking.prepare(ours["manager"], dossier_id, vignette_words.texts)
    tell(ours, dossier_id, two)
    with pytest.raises(Conflict), transaction():
        checking.write(ours["manager"], found)


def test_the_same_case_is_told_once(ours: Cast) -> None:
    case_id, *_others = recorded(ours, 10)
    dossier_id = asked(ours)
    first, second = tell(ours, dossier_id, case_id), tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    assert shown(ours, dossier_id)[first].told
    assert shown(ours, dossier_id)[second].refused == ("same_case",)


def test_only_what_the_case_says_is_offered_and_only_with_both_consents(ours: Cast) -> None:
    dossier_id = asked(ours)
    for agreed in ([given("story")], [given("statistics")]):
        silent = ours.record(consents=agreed)
        with pytest.raises(DomainError):
            offered(ours, silent)
    case_id = ours.record(consents=AGREED)
    draft = offered(ours, case_id)
    assert draft.vignette is not None
    assert set(draft.vignette.codes) == {"issue", "region", "quarter", "age"}
    with pytest.raises(NotFound), transaction():
        stories.offer(ours["colleague"], case_id, "3")
    other = replace(draft, vignette=replace(draft.vignette, codes={**draft.vignette.codes, "region": "TR6"}))
    with pytest.raises(Conflict):
        write(ours, dossier_id, case_id, other)
    with transaction():
        opened = files.open_case(ours["caseworker"], case_id)
        files.edit_case(
            ours["caseworker"], case_id, opened.version, {**opened.record, "province": "27"}, urgency="U1"
        )
    with pytest.raises(Conflict):
        write(ours, dossier_id, case_id, draft)  # the case is not what was shown any more


def test_an_author_tells_it_freely_instead(ours: Cast) -> None:
    dossier_id = asked(ours)
    case_id = ours.record(consents=AGREED)
    story_id = tell(ours, dossier_id, case_id)
    assert stories.own(ours["caseworker"], story_id).draft.vignette is not None
    check(ours, dossier_id)
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, read_out(PLAIN))
    story = shown(ours, dossier_id)[story_id]
    assert (story.is_vignette, story.refused, story.texts) == (False, (), PLAIN.texts)
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 2)
    assert shown(ours, dossier_id)[story_id].stands


def test_closed_quarters_are_counted_as_they_were_frozen(ours: Cast, clock: FrozenClock) -> None:
    case_id, *_others = recorded(ours, 10)
    quarter = str(quarter_of(thursday_of(clock.instant.date())))
    clock.advance(days=100)
    frozen = quarters.prepare(ours["manager"], quarter)
    with transaction():
        quarters.freeze(ours["manager"], frozen)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    told = shown(ours, dossier_id)[story_id].told
    assert told is not None
    assert told.codes["quarter"] == quarter


def test_what_a_scan_has_read_is_counted_as_it_is_now(
    ours: Cast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fact is opened once, whichever asks first; who was tied after a quarter was fixed is one too."""
    cases = rare(ours)[:3]
    quarter = str(quarter_of(thursday_of(clock.instant.date())))
    dossier_id = asked(ours)
    clock.advance(days=100)
    frozen = quarters.prepare(ours["manager"], quarter)
    with transaction():
        quarters.freeze(ours["manager"], frozen)
    told = [tell(ours, dossier_id, case_id) for case_id in cases]
    recorded(ours, 2)
    scan(ours)
    monkeypatch.setattr(scanning, "_coded", lambda _content: pytest.fail("a fact is opened twice"))
    check(ours, dossier_id)
    assert all(story.told for story in shown(ours, dossier_id).values())
    monkeypatch.undo()
    with transaction():
        together.join(ours["caseworker"], cases[1], 1, cases[0], "household")
    check(ours, dossier_id)
    assert all("few_cases" in shown(ours, dossier_id)[one].refused for one in told)


def test_what_an_older_version_kept_is_read_anew(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, *_others = recorded(ours, 10)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "_FORMAT", 1)
        scan(ours)
    assert scanning.latest(ours["manager"]).due
    check(ours, dossier_id)
    assert shown(ours, dossier_id)[story_id].told


def test_whoever_holds_no_statistics_key_is_told_so(ours: Cast) -> None:
    dossier_id = asked(ours)
    tell(ours, dossier_id, ours.record(consents=AGREED))
    newcomer = ours.join("second_manager", MANAGER)
    with pytest.raises(Locked):
        checking.prepare(newcomer, dossier_id, vignette_words.texts)
    assert db.session.scalars(select(DossierStory.state)).all() == ["signed"]
