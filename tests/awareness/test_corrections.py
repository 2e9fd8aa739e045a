"""What was written down is corrected and taken back; who did it and what stood there stays to be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from awareness.service import session_log, sessions
from core.access.actors import Actor
from core.errors import Conflict, DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.awareness.stage import campaign, log, session
from tests.awareness.test_sessions import a_campaign, typed
from tests.support.world import World, world

__all__ = ["world"]


def correct(actor: Actor, held_id: UUID, version: int, **changes: Any) -> None:
    with transaction():
        before = session_log.opened(actor, held_id).held
        sessions.correct(actor, held_id, version, replace(before, **changes))


def counted(actor: Actor) -> tuple[int, int, int]:
    years = session_log.totals(actor)
    db.session.rollback()
    return (
        sum(one.sessions for one in years),
        sum(one.people for one in years),
        sum(one.reached for one in years),
    )


def test_totals_follow_and_what_stood_there_stays(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        before = counted(cast["manager"])
        held_id = log(cast["caseworker"])
        correct(cast["coordinator"], held_id, 1, counts={"m": {"18-29": 20}}, total=20, province="31")
        assert counted(cast["manager"]) == (before[0] + 1, before[1] + 20, before[2])
        correct(cast["lawyer"], held_id, 2, leaflets=40)
        opened = session_log.opened(cast["manager"], held_id)
        assert (opened.held.total, opened.held.province, opened.held.leaflets) == (20, "31", 40)
        assert opened.held.counts == {"m": {"18-29": 20}}
        assert opened.logged_by == "Kişi caseworker"
        assert [(one.name, one.before.total, one.after.total) for one in opened.corrections] == [
            ("Kişi lawyer", 20, 20),
            ("Kişi coordinator", 19, 20),
        ]
        db.session.rollback()
        with transaction(), pytest.raises(DomainError) as refused:
            sessions.correct(cast["lawyer"], held_id, 3, session(total=7))
        assert refused.value.field == "total"
        assert session_log.opened(cast["manager"], held_id).held.total == 20


def test_of_two_at_once_the_second_sees_the_first_and_a_second_click_is_none(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        held_id = log(cast["caseworker"], held=campaign())
        for _click in range(2):
            correct(cast["caseworker"], held_id, 1, total=2500)
        with pytest.raises(Conflict):
            correct(cast["coordinator"], held_id, 1, total=2600)
        with transaction(), pytest.raises(Conflict):
            sessions.withdraw(cast["coordinator"], held_id, 1, "twice")
        opened = session_log.opened(cast["manager"], held_id)
        assert (opened.held.total, opened.row.version, len(opened.corrections)) == (2500, 2, 1)


def test_what_is_taken_back_counts_no_more_and_says_why(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        before = counted(cast["manager"])
        held_id, other_id = log(cast["caseworker"]), log(cast["caseworker"], held=campaign())
        with transaction(), pytest.raises(DomainError) as refused:
            sessions.withdraw(cast["coordinator"], held_id, 1, "")
        assert refused.value.field == "because"
        for _click in range(2):
            with transaction():
                sessions.withdraw(cast["coordinator"], held_id, 1, "twice")
        with transaction():
            sessions.withdraw(cast["coordinator"], other_id, 1, "not_held")
        assert counted(cast["manager"]) == before
        opened = session_log.opened(cast["manager"], held_id)
        assert (opened.row.withdrawn_because, opened.withdrawn_by) == ("twice", "Kişi coordinator")
        assert opened.row.version == 2
        with pytest.raises(DomainError):
            correct(cast["caseworker"], held_id, 2, total=20, counts={"m": {"18-29": 20}})


def held_in(world: World, **changes: Any) -> UUID:
    with world.app.app_context():
        return log(world.cast["caseworker"], held=session(**changes))


def test_a_correction_on_the_page(world: World) -> None:
    held_id = held_in(world)
    path = f"/sessions-held/{held_id}"
    first, second, manager = (world.browser(name) for name in ("caseworker", "coordinator", "manager"))
    for browser in (first, second):
        browser.get(f"{path}/correct")
    assert 'value="12"' in first.page  # what is written down stands in the form
    seen = second.version
    mended = typed(total="20", f_18_29="13", version=first.version)
    assert first.post(f"{path}/correct", **{**mended, "total": "21"}).status_code == 422
    assert "The numbers add up to 20" in " ".join(first.errors)
    assert first.post(f"{path}/correct", **mended).location == path
    lost = second.post(f"{path}/correct", **typed(total="22", f_18_29="15", version=seen))
    assert lost.status_code == 409
    assert "Attendance 20" in second.text  # as it stands now
    assert 'value="22"' in second.page  # as it was typed
    again = typed(total="22", f_18_29="15", version=second.version)
    assert second.post(f"{path}/correct", **again).status_code == 303
    manager.get(path)
    assert "Attendance 22" in manager.text
    assert "Corrected Kişi coordinator" in manager.text
    assert "What stood there before: Attendance 20 Female · 18 to 29 13" in manager.text
    assert "Corrected Kişi caseworker" in manager.text
    assert "Written down Kişi caseworker" in manager.text
    assert manager.get(f"{path}/correct").status_code == manager.post(f"{path}/withdraw").status_code == 404
    assert "/correct" not in manager.page


def test_taking_back_on_the_page(world: World) -> None:
    with world.app.app_context():
        held_id = log(world.cast["caseworker"], held=campaign(issue="I01"))
    path, browser = f"/sessions-held/{held_id}", world.browser("lawyer")
    browser.get(f"{path}/correct")
    assert browser.post(f"{path}/correct", **a_campaign(version=browser.version)).status_code == 303
    browser.get(f"{path}/withdraw")
    assert browser.post(f"{path}/withdraw", version=browser.version).status_code == 422
    assert "Choose a reason" in " ".join(browser.errors)
    answer = browser.post(f"{path}/withdraw", version=browser.version, because="mistaken")
    assert answer.location == path
    browser.get(path)
    assert "counts nowhere. Reason: Written down by mistake Kişi lawyer" in browser.text
    assert f"{path}/correct" not in browser.page
    browser.get("/sessions-held")
    row = browser.page.split(f'href="{path}"')[1].split("</tr>")[0]
    assert "Does not count" in row
