"""9. One recovery holder alone; two succeed; lost password with and without personal code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

import vault
from accounts.service import people, recovery, signin
from cases.service import files
from core.access.actors import Actor
from core.errors import DomainError
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def codes(cast: Cast, *numbers: int) -> dict[int, str]:
    return {number: code for number, _holder, code in cast.papers if number in numbers}


def test_one_paper_opens_nothing_and_any_two_do(cast: Cast) -> None:
    for alone in (1, 2, 3):
        with pytest.raises(vault.Unreadable):
            recovery.open_with_papers(cast.organisation_id, codes(cast, alone))
        with pytest.raises(vault.Unreadable):
            twice = {alone: codes(cast, alone)[alone], alone % 3 + 1: codes(cast, alone)[alone]}
            recovery.open_with_papers(cast.organisation_id, twice)
    for pair in ((1, 2), (1, 3), (2, 3)):
        opened = recovery.open_with_papers(cast.organisation_id, codes(cast, *pair))
        assert opened.organisation_id == cast.organisation_id


@pytest.mark.parametrize("restricted", [False, True])
def test_a_colleague_who_lost_everything_reads_the_own_cases_again(cast: Cast, restricted: bool) -> None:
    case_id = cast.record(restricted=restricted, named=[cast["colleague"].person_id])
    other = cast.record("colleague")
    lost = cast.players["caseworker"]
    prepared = recovery.prepare(cast.settings, cast.organisation_id, codes(cast, 1, 3), lost.email)
    with transaction():
        assert recovery.recover_person(prepared)
    old = lost.actor
    again = Actor(old.person_id, old.organisation_id, old.roles, old.language, prepared.secret)
    with transaction():
        assert files.open_case(again, case_id).record["issue"] == "A02"
    with transaction():
        assert files.open_case(cast["colleague"], other).id == other
    with pytest.raises((DomainError, vault.VaultError)), transaction():
        files.open_case(old, case_id)


def test_a_restricted_case_that_nobody_is_left_on_comes_back_to_a_coordinator(cast: Cast) -> None:
    case_id = cast.record(restricted=True, named=[cast["colleague"].person_id])
    for name in ("caseworker", "colleague"):
        with transaction():
            people.depart(cast["admin"], cast[name].person_id)
    coordinator = cast.players["coordinator"]
    with pytest.raises(DomainError), transaction():
        files.open_case(coordinator.actor, case_id)
    prepared = recovery.prepare(cast.settings, cast.organisation_id, codes(cast, 1, 2), coordinator.email)
    with transaction():
        recovery.recover_person(prepared)
    old = coordinator.actor
    again = Actor(old.person_id, old.organisation_id, old.roles, old.language, prepared.secret)
    with transaction():
        assert files.open_case(again, case_id).record["issue"] == "A02"


def test_a_lost_password_needs_the_personal_code(cast: Cast) -> None:
    player = cast.players["caseworker"]
    fresh = "kırmızı-gemi-41-sessiz-orman"
    wrong = signin.prepare_reset(cast.settings, player.email, vault.new_personal_code(), fresh)
    with transaction():
        assert signin.reset(wrong) is None
    right = signin.prepare_reset(cast.settings, player.email, player.personal_code, fresh)
    with transaction():
        assert signin.reset(right)
    with transaction():
        assert signin.begin(signin.check(cast.settings, player.email, fresh), "test")
    with transaction():
        assert signin.begin(signin.check(cast.settings, player.email, player.password), "test") is None
