"""Files of vignettes stay with whoever has them while nobody took anything back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from advocacy.service import dossiers, outputs, recalled, stories
from core.store.transaction import transaction
from tests.advocacy.test_stories import left
from tests.advocacy.test_vignettes import asked, check, offered, rare, recorded, sign, tell, withdraw
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock


@pytest.fixture
def ours(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as cast:
        yield cast


def has_to_know(cast: Cast, dossier_id: UUID) -> bool:
    """Whether somebody who has a file has to hear of something, once the dossier was opened."""
    with transaction():
        outputs.flag(dossiers.open_dossier(cast["manager"], dossier_id))
    return dossier_id in recalled.waiting(cast["manager"])


def test_who_is_asked_again_for_the_next_edition_takes_nothing_back(ours: Cast, clock: FrozenClock) -> None:
    case_id, *_others = recorded(ours, 10)
    dossier_id = asked(ours)
    story_id = tell(ours, dossier_id, case_id)
    check(ours, dossier_id)
    sign(ours, dossier_id, story_id)
    left(ours, dossier_id)
    clock.advance(days=91)
    again = offered(ours, case_id)
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, again)
    assert not has_to_know(ours, dossier_id)
    check(ours, dossier_id)
    assert not has_to_know(ours, dossier_id)
    withdraw(ours, case_id)
    assert has_to_know(ours, dossier_id)


def test_a_fourth_that_joins_a_composite_takes_nothing_back(ours: Cast) -> None:
    *three, fourth = rare(ours)
    dossier_id = asked(ours)
    members = [tell(ours, dossier_id, case_id) for case_id in three]
    check(ours, dossier_id)
    sign(ours, dossier_id, *members)
    left(ours, dossier_id)
    tell(ours, dossier_id, fourth)
    check(ours, dossier_id)
    assert not has_to_know(ours, dossier_id)
    withdraw(ours, three[0])
    assert has_to_know(ours, dossier_id)
