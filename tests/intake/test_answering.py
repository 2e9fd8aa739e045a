"""Who answers has taken the request on, and has seen whom its people meet elsewhere."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.store.base import db
from intake.models import Request
from tests.intake.stage import ask, come_back, open_door, requests_on, token
from tests.support.world import World


def test_one_answers_and_first_sees_who_asks_from_the_other_side(world: World) -> None:
    open_door(world)
    landlord = ask(world, page_4={"name": "نزار درويش", "province": "27", "other_side": "هبة شعبان"})
    first = requests_on(colleague := world.browser("colleague"))[-1]
    colleague.get(first)  # by which its people are compared from now on
    tenant = ask(world, page_4={"name": "هبة شعبان", "province": "27", "other_side": ""})
    worker = world.browser("caseworker")
    page = next(one for one in requests_on(worker) if one != first)
    worker.get(page)
    refused = worker.post(page, token="0b0f2c5e-0000-4000-8000-000000000002", text="لا تدفع شيئًا")
    assert refused.status_code == 422
    assert worker.errors == [
        "Your message: Nothing was sent: take the request on first. Your text is kept and comes back."
    ]
    worker.post(f"{page}/claim", version=worker.version)
    worker.get(page)
    with world.app.app_context():
        reference = db.session.scalar(
            select(Request.reference).where(Request.id == UUID(first.rpartition("/")[2]))
        )
        db.session.rollback()
    assert "A conflict of interest is possible" in worker.text
    assert str(reference) in worker.text
    assert "لا تدفع شيئًا" in worker.page
    assert "لا تدفع" not in come_back(world, tenant).text
    colleague.get(page)  # two do not answer one person
    assert (
        colleague.post(page, token="0b0f2c5e-0000-4000-8000-000000000003", text="رأي آخر").status_code == 422
    )
    assert worker.post(page, token=token(worker), text="لا تدفع شيئًا").status_code == 303
    assert "لا تدفع شيئًا" in come_back(world, tenant).text
    assert "رأي آخر" not in come_back(world, tenant).text
    worker.get(first)
    assert "A conflict of interest is possible" not in worker.text  # it is nobody's yet
    assert landlord
