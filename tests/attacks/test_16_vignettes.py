"""16. A vignette leads to no case, and stands only as its author, a manager and a second person signed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

import vault
from advocacy.models.dossiers import Dossier, DossierStory
from advocacy.service import dossiers, sheets, stories, telling
from advocacy.service import story_seal as seals
from cases.models import Case
from cases.service import files
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.advocacy.test_dossiers import read
from tests.advocacy.test_stories import told as told_freely
from tests.advocacy.test_vignettes import asked, check, recorded, shown, sign, tell
from tests.attacks import thief
from tests.support.cast import Cast, on_stage, once
from tests.support.world import World


@pytest.fixture
def ours(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as cast:
        yield cast


@once
def standing(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """A vignette that stands: dossier, case, story."""
    case_id, *_others = recorded(cast, 10)
    dossier_id = asked(cast)
    story_id = tell(cast, dossier_id, case_id)
    check(cast, dossier_id)
    sign(cast, dossier_id, story_id)
    assert shown(cast, dossier_id)[story_id].stands  # the loot is there
    return dossier_id, case_id, story_id


def test_nobody_who_reads_it_reaches_the_case(ours: Cast) -> None:
    dossier_id, case_id, story_id = standing(ours)
    with transaction():
        own = stories.own(ours["caseworker"], story_id).draft.vignette
        reference = db.session.get_one(Case, case_id).reference
    assert own is not None
    clear = " ".join(str(value) for value in thief.values(binary=False))
    assert own.case not in clear
    assert str(UUID(own.case)) not in clear
    everything = b" ".join(thief.values(binary=True)) + b" ".join(thief.files(ours.settings.home))
    for name in (own.case, *own.codes.values()):
        assert f'"{name}"'.encode() not in everything
    world = World(ours.app, ours)
    for name in ("manager", "lawyer", "coordinator"):
        told = shown(ours, dossier_id, name)[story_id]
        browser = world.browser(name)
        pages = []
        for page in (f"/dossiers/{dossier_id}", f"/dossiers/{dossier_id}/stories/{story_id}"):
            browser.get(page)
            pages.append(browser.page)
        for trace in (own.case, str(case_id), case_id.hex, reference):
            assert trace not in repr(told)
            assert not any(trace in page for page in pages)
    with pytest.raises((NotFound, Locked)), transaction():
        files.open_case(ours["manager"], case_id)


def test_the_row_says_no_more_than_that_of_a_free_story(ours: Cast) -> None:
    """Not even whether it is one: the same columns are filled in the same way."""
    _dossier, _case, story_id = standing(ours)
    _dossier, _case, free_id = told_freely(ours)
    with transaction():
        rows = [db.session.get_one(DossierStory, one) for one in (story_id, free_id)]
        filled = [{name for name, value in vars(row).items() if value is not None} for row in rows]
        sizes = [(len(row.sealed), len(row.copy)) for row in rows]
    assert filled[0] == filled[1]
    assert sizes[0] == sizes[1]


def test_a_changed_code_does_not_stand(ours: Cast) -> None:
    """Anybody with the database can seal to the public key of the dossier; nobody can sign for the author."""
    dossier_id, case_id, story_id = standing(ours)
    with transaction():
        own = stories.own(ours["caseworker"], story_id).draft
        assert own.vignette is not None
        changed = replace(own, vignette=replace(own.vignette, codes={**own.vignette.codes, "region": "TRC"}))
        row = db.session.get_one(DossierStory, story_id)
        public = dossiers.present_key(ours["manager"]).public
        row.sealed = vault.seal_to(public, changed.to_bytes(), seals.context(row, "dossier"))
    assert not shown(ours, dossier_id)[story_id].stands
    with pytest.raises(DomainError):
        sign(ours, dossier_id, story_id)
    check(ours, dossier_id)
    assert shown(ours, dossier_id)[story_id].refused == ("unsigned",)
    with pytest.raises((NotFound, Locked)), transaction():
        files.open_case(ours["manager"], case_id)


def test_only_a_manager_says_what_may_be_told(ours: Cast) -> None:
    """An approver holds the dossier key and could seal a sheet; their signature does not count."""
    case_id, *_others = recorded(ours, 3)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    assert shown(ours, dossier_id)[story_id].refused
    forged = sheets.Telling(((story_id, 1),), {"issue": "A02"}, {"tr": "x", "ar": "x", "en": "x"})
    for by, stands in (("coordinator", False), ("manager", True)):  # the second is the control
        with transaction():
            opened = dossiers.open_dossier(ours["coordinator"], dossier_id, lock=True)
            dossiers.changed(opened, checked=sheets.sign(ours[by], opened, [forged], {}))
        assert (shown(ours, dossier_id)[story_id].told is not None) is stands


def test_words_changed_after_the_signature_do_not_stand(ours: Cast) -> None:
    """Even a manager who signs other words leaves them without a second signature."""
    dossier_id, _case_id, story_id = standing(ours)
    with transaction():
        opened = dossiers.open_dossier(ours["manager"], dossier_id, lock=True)
        sheet = sheets.read(opened)
        assert sheet is not None
        other = replace(sheet.tellings[0], texts={**sheet.tellings[0].texts, "tr": "Başka"})
        dossiers.changed(opened, checked=sheets.sign(ours["manager"], opened, [other], {}))
    assert not shown(ours, dossier_id)[story_id].stands


def test_a_sheet_of_another_dossier_does_not_open_here(ours: Cast) -> None:
    dossier_id, case_id, _story_id = standing(ours)
    other = asked(ours)
    tell(ours, other, case_id)
    with transaction():
        one, two = (db.session.get_one(Dossier, each) for each in (dossier_id, other))
        two.sealed = one.sealed
    with pytest.raises(DomainError):
        telling.of(read(ours["manager"], other))
