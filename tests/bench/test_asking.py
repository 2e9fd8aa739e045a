"""The benchmark's floor shows the public form and takes a request with as many statements as the product."""

from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from bench.asking import FORM, SEND, begun, open_door
from bench.floor_asking import COOKIE
from bench.pages import Ground
from core.store.base import db
from intake.models import Receipt, Request
from tests.bench.conftest import Both, counted
from tests.bench.test_doors import HOME, TOKEN


def walk(app: Flask, cookie: str, path: str, answer: str = "") -> tuple[int, int, str]:
    """A page warm, or what is sent after it: status, statements, page without its token."""
    browser = app.test_client()
    browser.set_cookie(COOKIE, cookie, domain="localhost", secure=True)
    token = TOKEN.findall(browser.get(FORM, base_url=HOME).text)[-1][1]
    with counted(app) as sent:
        if answer:
            form = {"csrf_token": token, "token": str(uuid4()), "sum": answer}
            shown = browser.post(path, base_url=HOME, data=form)
        else:
            shown = browser.get(path, base_url=HOME)
    return shown.status_code, len(sent), TOKEN.sub("", shown.text)


def stored(app: Flask) -> tuple[int, int, int]:
    """Requests, receipts, and the bytes of what was sealed."""
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (Request, Receipt)]
        sealed = db.session.scalar(select(func.max(func.length(Request.sealed)))) or 0
        return counts[0], counts[1], sealed


def test_the_floor_does_the_form_and_the_request_with_as_many_statements(both: Both) -> None:
    ground = Ground("SQLite", both.world, both.member, both.plain_url)
    open_door(ground)
    [first, second] = begun(ground, 2)
    assert walk(both.floor, first.cookie, FORM) == walk(both.product, first.cookie, FORM)
    # The first of all makes its counter.
    for one in (first, second):
        ours, floor = (walk(app, one.cookie, SEND, one.sum) for app in (both.product, both.floor))
        assert ours[0] == 303
        assert ours[:2] == floor[:2]
    (*ours_rows, ours_bytes), (*floor_rows, floor_bytes) = stored(both.product), stored(both.floor)
    assert ours_rows == floor_rows == [2, 2]
    assert abs(ours_bytes - floor_bytes) < 200
