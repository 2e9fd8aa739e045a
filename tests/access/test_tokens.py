"""The token of somebody else's form, sent with one's own: it finds, hinders and tells nothing."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from core.store.base import db
from tests.awareness.stage import texts
from tests.cases.pages.conftest import long_form
from tests.referrals.conftest import partnered
from tests.support.world import Browser, World

TOPIC = {
    f"{part}_{language}": text for language, parts in texts().items() for part, text in parts.items()
} | {"version": "1", "issue": "B01", "review_by": ["1", "6", "2027"]}
SESSION = {
    "held_on": ["1", "11", "2026"], "province": "31", "issue": "A02", "language": "ar", "place": "school",
    "total": "7", "f_18_29": "7",
}  # fmt: skip # one form


def worlds(app: Flask) -> tuple[World, World]:
    """Two organisations behind the same pages, on both databases."""
    with app.app_context():
        pair = partnered(app)
        db.session.rollback()
    return World(app, pair.ours), World(app, pair.theirs)


def send(browser: Browser, token: str, path: str, **fields: object) -> str:
    """Open the form, send it with the token, and give where it leads."""
    browser.get(path)
    answer = browser.post(path, token=token, **fields)
    assert answer.status_code == 303, (path, answer.status_code, browser.errors)
    return str(answer.location)


def test_a_token_belongs_to_whoever_sends_it(app: Flask) -> None:
    ours, theirs = worlds(app)
    for name, path, fields in (
        ("caseworker", "/cases/new", long_form()),
        ("manager", "/dossiers/new", {"title_tr": "Kayıtlar"}),
        ("caseworker", "/topics/add", TOPIC),
    ):
        token, other = str(uuid4()), "lawyer" if name == "manager" else "colleague"
        fields.pop("token", None)
        own = ours.browser(name)
        made = send(own, token, path, **fields)
        assert send(own, token, path, **fields) == made  # a double click is carried out once
        senders = [theirs.browser(name)] if name == "manager" else [ours.browser(other), theirs.browser(name)]
        for stranger in senders:
            another = send(stranger, token, path, **fields)
            assert another != made
            assert stranger.get(another).status_code == 200
        # The address of a topic is its id, and an id is no secret: sent as a token it finds nothing either.
        assert send(theirs.browser(name), made.rpartition("/")[2], path, **fields) != made
    for name, path, fields in (
        ("caseworker", "/patterns/propose", {"issue": "A02", "text": "تعميم"}),
        ("caseworker", "/sessions-held/add", SESSION),
    ):
        token = str(uuid4())
        for world in (ours, theirs):
            send(world.browser(name), token, path, **fields)
        send(ours.browser("lawyer"), token, path, **fields)


def test_a_line_is_written_with_the_token_of_another_line(app: Flask) -> None:
    (ours, theirs), token = worlds(app), str(uuid4())
    for world, name in ((ours, "caseworker"), (ours, "coordinator"), (theirs, "caseworker")):
        browser, path = world.browser(name), f"/cases/{world.record(by=name)}"
        browser.get(path)
        for _ in range(2):
            sent = browser.post(f"{path}/notes", token=token, kind="note", text="سطر واحد")
            assert sent.location == path
        browser.get(path)
        assert browser.page.count("سطر واحد") == 1
