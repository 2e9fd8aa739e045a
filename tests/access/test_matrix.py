"""Every URL as every role for own, other, restricted and foreign objects, against the written matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import url_for
from sqlalchemy import select
from werkzeug.routing import Rule

from accounts.models import Invitation
from accounts.service import joining
from cases.models import Case, Consent, Entry
from cases.service import (
    assignment,
    conversations,
    deadlines,
    drafting,
    members,
    naming,
    team,
)
from cases.service.drafting import Text
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from domain.imports.whatsapp import parse
from intake.service import codes
from tests.access.matrix import CASES, DOORS, EVERYBODY, HALF_OPEN, PUBLIC
from tests.cases import archived, held
from tests.cases.lettering import template_of
from tests.cases.pages.test_supervision_notes import asked_of
from tests.intake.stage import with_file_in_case
from tests.support.cast import Cast, Player, found
from tests.support.world import Browser, World

KINDS = ("own", "other", "restricted", "foreign")
NOT_YOURS, REFUSED = 404, 400


@dataclass
class Scene:
    """The world with a case of each kind for each role, and a browser at each desk."""

    world: World
    foreign: Cast
    browsers: dict[str, Browser]
    offer: UUID
    invitation: UUID
    closed: dict[str, UUID] = field(default_factory=dict)
    untouched: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Who may not open a case leaves it as it was, so one of each kind does for all of them.
        self.closed = {kind: self.case("manager", kind) for kind in KINDS if kind != "own"}

    def case(self, role: str, kind: str) -> UUID:
        """A fresh case, so that no page disturbs another."""
        with self.world.app.app_context():
            cast = self.world.cast
            if kind == "foreign":
                return self.foreign.record()
            names = [cast["second"].person_id]
            case_id = cast.record("colleague", restricted=kind == "restricted", named=names)
            if kind == "own" and role == "lawyer":
                cast.assign(case_id)
            elif kind == "own" and role in {"caseworker", "lawyer", "coordinator"}:
                with transaction():
                    members.add(cast["coordinator"], case_id, cast[role].person_id)
            return case_id

    def untouched_case(self, role: str, kind: str) -> UUID:
        """A case on which every step so far was refused, and so is as it was."""
        if (role, kind) not in self.untouched:
            self.untouched[role, kind] = self.case(role, kind)
        return self.untouched[role, kind]

    def deadline(self, case_id: UUID) -> UUID:
        """A deadline of a case, by somebody who works on it."""
        with self.world.app.app_context():
            live, watching = team.live(case_id), [person.id for person in team.watchers(case_id)][:2]
            players = [*self.world.cast.players.values(), *self.foreign.players.values()]
            by = next(player for player in players if player.id in live)
            asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
            db.session.rollback()
            with transaction():
                return deadlines.add(by.actor, case_id, uuid4(), asked, *watching)

    def conversation(self, case_id: UUID) -> UUID:
        """A conversation of a case, begun by somebody who works on it."""
        with self.world.app.app_context():
            by = self.on(case_id)
            fresh = codes.prepare(self.world.cast.settings)
            db.session.rollback()
            with transaction():
                codes.begin(by.actor, fresh, case_id, uuid4(), "Selma", client=True)
            return fresh.request_id

    def on(self, case_id: UUID) -> Player:
        """Somebody who works on a case."""
        live = team.live(case_id)
        players = [*self.world.cast.players.values(), *self.foreign.players.values()]
        return next(player for player in players if player.id in live)

    def file(self, case_id: UUID, request_id: UUID) -> UUID:
        """A file in a conversation."""
        with self.world.app.app_context():
            by = self.on(case_id).actor
            db.session.rollback()
            return with_file_in_case(by, case_id, request_id)

    def line(self, case_id: UUID) -> UUID:
        """A conversation from a phone in the timeline of a case, stored by somebody who works on it."""
        with self.world.app.app_context():
            by = self.on(case_id).actor
            db.session.rollback()
            said = parse(f"31.10.2026 21:41 - Selma: {uuid4()}", date(2026, 11, 27))  # never there already
            with transaction():
                conversations.add(by, case_id, said, {"Selma": "client"}, uuid4())
                newest = select(Entry.id).where(Entry.case_id == case_id).order_by(Entry.written_at.desc())
                return db.session.scalars(newest).first() or uuid4()

    def party(self, case_id: UUID) -> UUID:
        """Somebody else in a case, named by whoever works on it."""
        with self.world.app.app_context():
            live, one = team.live(case_id), uuid4()
            players = [*self.world.cast.players.values(), *self.foreign.players.values()]
            by = next(player for player in players if player.id in live)
            version = db.session.get_one(Case, case_id).version
            db.session.rollback()
            with transaction():
                named = {"id": str(one), "role": "witness", "name_ar": "سامر ونوس"}
                naming.put(by.actor, case_id, version, named)
        return one

    def legal_draft(self, case_id: UUID) -> UUID:
        """A draft by the lawyer of a case; where it has none, of nothing."""
        with self.world.app.app_context():
            lawyers, lawyer = team.lawyers(case_id), self.world.cast["lawyer"]
            db.session.rollback()
            if lawyer.person_id not in lawyers:
                return uuid4()
            with transaction():
                return drafting.begin(lawyer, case_id, "x", Text("y"), uuid4())

    def lawyer_note(self, case_id: UUID) -> UUID:
        """A privileged note by the lawyer of a case; where it has none, of nothing."""
        with self.world.app.app_context():
            lawyers, lawyer = team.lawyers(case_id), self.world.cast["lawyer"]
            db.session.rollback()
            return held.note(lawyer, case_id) if lawyer.person_id in lawyers else uuid4()

    def made(self, make: Callable[[Actor, UUID], UUID]) -> Callable[[UUID], UUID]:
        """Something in a case, by whoever works on it."""

        def by_member(case_id: UUID) -> UUID:
            with self.world.app.app_context():
                by = self.on(case_id).actor
                db.session.rollback()
                return make(by, case_id)

        return by_member

    def template(self, case_id: UUID) -> UUID:
        """A template of letters of the organisation that the case is in."""
        with self.world.app.app_context():
            lawyer = (self.world.cast if case_id != self.closed["foreign"] else self.foreign)["lawyer"]
            db.session.rollback()
            return template_of(lawyer)

    def below(self, rule: Rule, case_id: UUID) -> dict[str, UUID]:
        """What an address names that hangs on the case."""
        made = {
            "deadline_id": self.deadline,
            "request_id": self.conversation,
            "party_id": self.party,
            "line_id": self.made(held.filing) if "/timeline/" in rule.rule else self.line,
            "archive_id": self.made(archived.brought),
            "document_id": self.made(archived.document),
            "template_id": self.template,
            "item_id": self.made(held.original)
            if "/todo/" in rule.rule
            else self.made(held.declaration)
            if "/declarations/" in rule.rule
            else self.made(held.restriction),
            "asked_id": self.made(asked_of),
            "service_id": self.made(held.service),
            "draft_id": self.legal_draft,
            "note_id": self.lawyer_note,
        }
        ids = {name: make(case_id) for name, make in made.items() if name in rule.arguments}
        if "file_id" in rule.arguments:
            ids["file_id"] = self.file(case_id, ids["request_id"])
        return ids

    def path(self, rule: Rule, **values: UUID) -> str:
        known: dict[str, Any] = {
            "person_id": self.world.cast["colleague"].person_id,
            "partner_id": self.foreign.organisation_id,
            "consent_id": uuid4(),
            "file_id": uuid4(),
            "how": "save",
            "way": "1",
            "deadline_id": uuid4(),
            "other_id": uuid4(),
            "party_id": uuid4(),
            "line_id": uuid4(),
            "archive_id": uuid4(),
            "document_id": uuid4(),
            "template_id": uuid4(),
            "act": "retire",
            "item_id": uuid4(),
            "asked_id": uuid4(),
            "line": "all.papers",
            "what": "tax",
            "service_id": uuid4(),
            "draft_id": uuid4(),
            "note_id": uuid4(),
            "assignment_id": self.offer,
            "session_id": uuid4(),
            "shift_id": uuid4(),
            "absence_id": uuid4(),
            "referral_id": uuid4(),
            "enquiry_id": uuid4(),
            "entry_id": uuid4(),
            "change_id": uuid4(),
            "code": "DEP_SUIT",
            "year": 2026,
            "import_id": uuid4(),
            "list_id": uuid4(),
            "talk_id": uuid4(),
            "to": "accepted",
            "invitation_id": self.invitation,
            "release_id": uuid4(),
            "dossier_id": uuid4(),
            "section": "problem",
            "figure_id": uuid4(),
            "version_id": uuid4(),
            "approval": "legal",
            "output_id": uuid4(),
            "story_id": uuid4(),
            "institution_id": uuid4(),
            "outcome_id": uuid4(),
            "result_id": uuid4(),
            "answer": "confirm" if rule.endpoint == "cases.confirm_deadline" else "kept",
            "language": "tr",
            "topic_id": uuid4(),
            "request_id": uuid4(),
            "complaint_id": uuid4(),
            "held_id": uuid4(),
            "number": 1,
            "pattern_id": uuid4(),
            "proposal_id": uuid4(),
            "kind": {
                "cases.consent": "statistics",
                "cases.matter_add": "power",
                "cases.add_todo": "task",
                "cases.add_line": "filing",
            }.get(rule.endpoint, "desk"),
            "table": "sex",
            "quarter": "2020-Q1",
            **values,
        }
        with self.world.app.test_request_context(base_url="https://localhost"):
            return url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    with world.app.app_context():
        foreign = found(world.app, "YAD")
        cast = world.cast
        cast.join("second", Role.CASEWORKER)
        case_id = cast.record()
        with transaction():
            offer = assignment.offer(cast["coordinator"], case_id, 1, cast["lawyer"].person_id)
            joining.invite(cast["admin"], "Davetli", "davetli@ham.example", frozenset({Role.LAWYER}), "tr")
        invitation = db.session.scalars(select(Invitation.id).where(Invitation.used_at.is_(None))).first()
        assert invitation is not None
        db.session.rollback()
    return Scene(world, foreign, {role: world.browser(role) for role in EVERYBODY}, offer, invitation)


def rules(world: World) -> list[Rule]:
    return list(world.app.url_map.iter_rules())


def send(browser: Browser, path: str, method: str) -> int:
    if method == "GET":
        return browser.get(path).status_code
    if not browser.csrf:
        browser.get("/account")  # for the token against forgery
    return browser.post(path).status_code


def test_every_view_is_in_the_matrix(world: World) -> None:
    written = {*CASES, *DOORS, *PUBLIC, *HALF_OPEN}
    assert {rule.endpoint for rule in rules(world)} == written


@pytest.mark.parametrize("endpoint", sorted(CASES))
def test_case_pages(scene: Scene, endpoint: str) -> None:
    """404 for every case out of reach, another answer for every case in reach."""
    for rule in (rule for rule in rules(scene.world) if rule.endpoint == endpoint):
        for role in EVERYBODY:
            allowed = CASES[endpoint].get(role, frozenset())
            for kind in KINDS:
                case_id = (
                    scene.closed[kind]
                    if kind in scene.closed.keys() - allowed
                    else scene.untouched_case(role, kind)
                )
                more = scene.below(rule, case_id)
                if "other_id" in rule.arguments and allowed:
                    more["other_id"] = scene.case(role, "own")
                path = scene.path(rule, case_id=case_id, **more)
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    status = send(scene.browsers[role], path, method)
                    if more or (method == "POST" and status < REFUSED):
                        scene.untouched.pop((role, kind), None)
                    about = f"{method} {endpoint} as {role} on {kind}: {status}"
                    if kind not in allowed:
                        assert status == NOT_YOURS, about
                    elif endpoint not in {"cases.withdraw_consent", "cases.confirm_deadline"}:
                        assert status in {200, 204, 303, 409, 422}, about


@pytest.mark.parametrize("endpoint", sorted(set(DOORS) - {"accounts.lock"}))
def test_doors(scene: Scene, endpoint: str) -> None:
    """404 at every door that is not the role's."""
    for rule in (rule for rule in rules(scene.world) if rule.endpoint == endpoint):
        for role in EVERYBODY:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                if role in DOORS[endpoint] and (method == "POST" or "<" in rule.rule):
                    continue  # what happens behind the door has tests of its own
                status = send(scene.browsers[role], scene.path(rule), method)
                about = f"{method} {endpoint} as {role}: {status}"
                assert (status == NOT_YOURS) == (role not in DOORS[endpoint]), about


def test_nobody_gets_past_the_door(scene: Scene) -> None:
    """Without a session every page but the public ones leads to the sign-in, and says nothing else."""
    guest = Browser(scene.world.app.test_client())
    guest.get("/sign-in")
    case_id = scene.case("caseworker", "other")
    for rule in rules(scene.world):
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            path = scene.path(rule, case_id=case_id)
            answer = guest.get(path) if method == "GET" else guest.post(path)
            assert answer.status_code == 303, (rule.endpoint, answer.status_code)
            assert answer.location.startswith("/sign-in")


def test_consents_of_another_case_are_not_there(scene: Scene) -> None:
    """An id from a case out of reach opens nothing through a case in reach."""
    with scene.world.app.app_context():
        given = {"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}
        theirs = scene.world.cast.record("colleague", consents=[given])
        consent_id = db.session.scalars(select(Consent.id).where(Consent.case_id == theirs)).one()
        db.session.rollback()
    mine = scene.case("caseworker", "own")
    browser = scene.browsers["caseworker"]
    browser.get("/account")
    answer = browser.post(f"/cases/{mine}/consents/{consent_id}/withdraw")
    assert answer.status_code == NOT_YOURS
