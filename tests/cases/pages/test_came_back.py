"""An offer that nobody answers comes back by itself, and the coordinator's desk says so."""

import pytest

from cases.models import Case
from cases.service import assignment
from cases.tasks import expire_offers
from core.store.base import db
from core.store.transaction import transaction
from tests.support.clock import FrozenClock
from tests.support.world import World


@pytest.mark.parametrize(
    ("language", "late", "itself"),
    [
        ("ar", "لا رد في الوقت المحدد", "فعاد الملف تلقائيًا"),
        ("tr", "Süresinde yanıt gelmedi", "Dosya kendiliğinden geri döndü"),
    ],
)
def test_an_offer_that_ran_out(
    world: World, clock: FrozenClock, language: str, late: str, itself: str
) -> None:
    case_id = world.record(urgency="U0")
    with world.app.app_context():
        with transaction():
            assignment.offer(world.cast["coordinator"], case_id, 1, world.cast["lawyer"].person_id)
        clock.advance(days=2)
        for _twice in range(2):
            expire_offers()
        assert db.session.get_one(Case, case_id).state == "open"
        db.session.rollback()
    coordinator = world.browser("coordinator", language)
    coordinator.get("/desk")
    assert late in coordinator.text
    assert f"/cases/{case_id}/assign" in coordinator.page
    coordinator.get(f"/cases/{case_id}")
    assert itself in coordinator.text
