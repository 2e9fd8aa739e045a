"""Whoever reads complaints may leave; what they were told does not go with them."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from core.access.permissions import Role
from core.store.base import db
from intake.models import Complaint
from tests.intake.stage import ask, come_back, open_door, requests_on, take_on
from tests.support.world import World

WRONG = "طلب مني أحدهم مالًا"


def test_no_complaint_goes_unread_with_those_who_leave(world: World) -> None:
    open_door(world)
    code = ask(world)
    take_on(inside := world.browser("coordinator"), requests_on(inside)[-1])
    back = come_back(world, code)
    back.fill("/n/ar/else", text=WRONG, token=str(uuid4()))
    with world.app.app_context():
        cast = world.cast
        page = f"/complaints/{db.session.scalars(select(Complaint.id)).one()}"
        later = cast.join("later", Role.MANAGER)
        manager, had_it = cast["manager"].person_id, cast["coordinator"].person_id
        db.session.rollback()
    reader, admin = world.browser("manager"), world.browser("admin")
    assert "You alone read it" in (reader.get("/complaints"), reader.text)[1]
    assert admin.fill(f"/people/{manager}/end", understood="yes").status_code == 422
    assert "nobody else here reads" in admin.text
    reader.get(page)
    for nobody in ("", str(had_it), str(uuid4())):
        assert reader.post(f"{page}/share", person=nobody).status_code == 422
    assert world.browser("later").get(page).status_code == 404
    for _twice in range(2):
        assert reader.post(f"{page}/share", person=str(later.person_id)).status_code == 303
    assert WRONG in world.browser("later").get(page).text
    assert "Kişi later" in (reader.get(page), reader.text)[1]

    admin.fill(f"/people/{manager}/end", understood="yes")
    assert "nobody else here reads" not in admin.text
    for person in (manager, later.person_id):
        admin.get(f"/people/{person}/end")
        assert admin.post(f"/people/{person}/end", understood="yes", forced="yes").status_code == 303
    for where in ("/desk", "/complaints"):
        admin.get(where)
        assert "One complaint waits for an answer, and nobody who is here can read it." in admin.text
    assert WRONG not in admin.page
    assert admin.get(page).status_code == 404
    back.get("/n/ar/all")  # the code gives it to whoever may read it now
    assert "nobody who is here" not in (admin.get("/desk"), admin.text)[1]
    assert WRONG in (admin.get(page), admin.text)[1]
