"""Who answers has taken the request on, and has seen whom its people meet elsewhere."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from accounts.service import drafts
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import deciding
from tests.intake.stage import ask, come_back, open_door, requests_on, take_on, token
from tests.support.cast import record_of
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
    for ending in ("decline", "refer"):
        assert "A conflict of interest is possible" in (worker.get(f"{page}/{ending}"), worker.text)[1]
    worker.get(page)
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


def test_an_answer_to_what_became_a_case_meanwhile_is_kept_and_says_what_to_do(world: World) -> None:
    open_door(world)
    code = ask(world)
    worker, other = world.browser("caseworker"), world.browser("colleague")
    page = requests_on(worker)[-1]
    take_on(worker, page)
    with world.app.app_context(), transaction():
        case_id = deciding.accept(
            world.cast["caseworker"], UUID(page.rpartition("/")[2]), record_of(), urgency="U1",
            restricted=False, named=[], consents=[], token=uuid4(),
        )  # fmt: skip # one call
    for browser in (worker, other):
        browser.get("/requests")
    sent = worker.post(page, token=str(uuid4()), text="تعال غدًا")
    talk = f"/cases/{case_id}/conversations/{page.rpartition('/')[2]}"
    assert sent.location == talk
    worker.get(talk)
    assert "This request became a case meanwhile. Nothing was sent" in worker.text
    assert worker.page.count("تعال غدًا") == 1  # in the field for the next message
    for _click in range(2):  # the second time the page had come back with nothing kept
        said = {"token": str(uuid4()), "message": "نسأل لك عن سكن", "need": "housing", "kept_draft": ""}
        worker.post(f"{page}/refer-on", **said)
        worker.get(talk)
    assert worker.page.count("نسأل لك عن سكن") == 1
    with world.app.app_context():
        kept = drafts.opened(world.cast["caseworker"], f"intake.say/{case_id}", UUID(page.rpartition("/")[2]))
        assert [one.data["text"] for one in kept].count(["نسأل لك عن سكن"]) == 1
    other.get("/requests")
    assert other.post(f"{page}/refer-on", token=str(uuid4()), message="سكن قريب").status_code == 423
    assert "سكن قريب" in other.text
    assert other.post(page, token=str(uuid4()), text="لا توقّع شيئًا").status_code == 423
    assert "It belongs to a case now" in other.text
    assert "A key is missing" not in other.text
    assert "Kişi caseworker" in other.text  # whom to tell
    other.get(page)  # also from the list on the own desk, later
    assert "لا توقّع شيئًا" in other.text
    assert "توقّع" not in come_back(world, code).text
