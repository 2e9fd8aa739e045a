"""The benchmark's floor lets people in as the product does: same pages, same answers, as many statements."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from bench.worlds import Member
from tests.bench.conftest import Both, counted
from tests.support.cast import PASSWORD, code_now

HOME = "https://localhost"
REFUSED = 422
SESSION = re.compile("(__Host-session|who)=.")
TOKEN = re.compile(r'(name="csrf_token" value=)"([^"]+)"')


@dataclass(frozen=True)
class Step:
    """What came back. A refusal costs the product more: it counts tries, and puts them on the record."""

    status: int
    goal: str | None
    let_in: bool  # a session came along
    page: str
    statements: int | None  # not of a refusal


class Door:
    """A browser before one of the two programs."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser: FlaskClient = app.test_client()
        self.token = ""

    def get(self, path: str) -> Step:
        return self._step("GET", path, {})

    def post(self, path: str, **typed: str) -> Step:
        return self._step("POST", path, {"csrf_token": self.token, **typed})

    def _step(self, method: str, path: str, typed: dict[str, str]) -> Step:
        with counted(self.app) as sent:
            answer = self.browser.open(path, method=method, base_url=HOME, data=typed)
        tokens = TOKEN.findall(answer.text)
        self.token = tokens[-1][1] if tokens else self.token
        return Step(
            status=answer.status_code,
            goal=answer.location,
            let_in=any(SESSION.match(line) for line in answer.headers.getlist("Set-Cookie")),
            page=TOKEN.sub("", answer.text),
            statements=None if answer.status_code == REFUSED else len(sent),
        )


def walk(app: Flask, member: Member) -> list[Step]:
    """What somebody sees who types once wrongly at each door and later gives a code that was used."""
    door, email, code = Door(app), member.email, code_now(member.totp_secret)
    steps = [
        door.get("/sign-in"),
        door.post("/sign-in", email=email, password="hunter2 hunter2"),
        door.post("/sign-in", email=email, password=PASSWORD),
        door.get("/sign-in/code"),
        door.post("/sign-in/code", code="12345"),
        door.post("/sign-in/code", code=code),
    ]
    door = Door(app)
    door.get("/sign-in")
    door.post("/sign-in", email=email, password=PASSWORD)
    door.get("/sign-in/code")
    return [*steps, door.post("/sign-in/code", code=code)]


def test_the_floor_lets_people_in_as_the_product_does(both: Both) -> None:
    ours, theirs = walk(both.product, both.member), walk(both.floor, both.member)
    assert [step.status for step in ours] == [200, 422, 303, 200, 422, 303, 422]
    assert [step.let_in for step in ours] == [False, False, True, False, False, True, False]
    assert theirs == ours
