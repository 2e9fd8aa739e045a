"""The life of an invented case: what its people do, and how long they wait in between.

Each part is a generator that acts and then yields the time until it goes on. The present cuts a life short
wherever it stands, so that young cases are open, older ones under way and the oldest closed, as in life.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

from cases.models import Case
from cases.service import (
    assignment,
    consents,
    decisions,
    files,
    given,
    members,
    naming,
    orders,
    progress,
    team,
    timeline,
)
from cases.service.closing import SecondNeeded
from core import clock
from core.reference import reference
from core.store.base import db
from demo.chance import Chance
from demo.clients import Matter, invent
from demo.names import Words
from demo.offices import CASEWORKER, COORDINATOR, LAWYER, Member, Office, in_office_hours
from domain.conflicts import STAFF, Outcome
from domain.consents import NOTICE
from domain.lifecycle import WAITING, State
from domain.services import UNIT

Pauses = Iterator[dt.timedelta]

ADVICE_ONLY: Final = frozenset({"Q", "R", "Z"})
# Of a hundred people asked: who agrees, who refuses; the rest was not asked.
ASKED: Final = {
    "statistics": (88, 8),
    "messenger_contact": (55, 20),
    "follow_up": (40, 10),
    "advocacy": (25, 20),
    "partner_sharing": (15, 10),
    "story": (3, 12),
}
ANSWERS: Final = {"accepted": 78, "declined": 12, "expired": 4, "withdrawn": 6}
OUTCOMES: Final = {"achieved": 60, "partly": 20, "not_achieved": 14, "superseded": 6}
BENEFITS: Final = {
    "status_restored": 4,
    "removal_stopped": 3,
    "released": 2,
    "document": 5,
    "child_enrolled": 2,
}
CLOSINGS: Final = {"B": 25, "F": 20, "H": 25, "Ia": 5, "Ib": 15, "L": 10}


class Life:
    """One case from first contact to its end."""

    def __init__(self, office: Office, words: Words, chance: Chance, group: str = "") -> None:
        self._words, self._chance, self._office, self._group = words, chance, office, group
        self._coordinator = chance.choice(office.having(COORDINATOR))
        self._caseworker = chance.choice(office.having(CASEWORKER))
        self._lawyer: Member | None = None
        self._asked: list[Member] = []
        self._matter: Matter
        self._case_id: UUID

    def story(self) -> Pauses:
        """All of it."""
        supervised = self._record()
        yield self._days(0.1, 0.9)
        if self._chance.in_hundred(1) and supervised:
            self._refer_out()
            return
        if not self._is_clear(supervised=supervised):
            return
        if not supervised:
            yield from self._accompany()
        elif self._matter.group in ADVICE_ONLY or self._chance.in_hundred(30):
            yield from self._advise()
        else:
            yield from self._represent()

    def _record(self) -> bool:
        """Record the case. True when a coordinator reaches it, also because a restricted one names them."""
        self._matter = invent(
            self._words, self._office.plan.provinces, clock.today(), self._chance, self._group
        )
        supervised = not self._matter.restricted or self._chance.in_hundred(70)
        other = self._coordinator if supervised else self._colleague_beside()
        if other is self._caseworker:
            other = self._colleague_beside()
        self._case_id = files.record_case(
            self._caseworker.actor,
            self._matter.record,
            urgency=self._matter.urgency,
            restricted=self._matter.restricted,
            named=[other.actor.person_id],
            consents=self._consents(),
            token=uuid4(),
        )
        return supervised

    def _is_clear(self, *, supervised: bool) -> bool:
        """Where a name was met elsewhere a coordinator looks, and says that it is another person.

        False for a case that only caseworkers may open: there it waits.
        """
        if self._state() != State.CONFLICT_CHECK:
            return True
        if supervised:
            self._decide(Outcome.ACCEPT, "namesake")
            record = {**self._matter.record}  # what was told beyond first contact, written down now
            files.edit_case(
                self._caseworker.actor, self._case_id, self._version(), record, urgency=self._matter.urgency
            )
        return supervised

    def _refer_out(self) -> None:
        """Somebody who works with us turns out to be a party: others have to help."""
        colleague = next(one for one in self._office.plan.colleagues if LAWYER in one.roles)
        party = {"id": str(uuid4()), "role": STAFF, "name_latin": colleague.name}
        naming.put(self._caseworker.actor, self._case_id, self._version(), party)
        self._decide(Outcome.REFER_OUT, "conflict")
        self._move(self._caseworker, State.IN_REVIEW)
        self._close("conflict", level="S1", code="K", outcome="conflict")

    def _decide(self, outcome: Outcome, why: str) -> None:
        coordinator = self._coordinator
        reason = self._text(why, coordinator)
        decisions.decide(coordinator.actor, self._case_id, self._version(), outcome, reason)

    def _colleague_beside(self) -> Member:
        """Somebody else who can be named in a restricted case, no coordinator where there is another."""
        others = [one for one in self._office.having(CASEWORKER) if one is not self._caseworker]
        return self._chance.choice([one for one in others if one is not self._coordinator])

    def _consents(self) -> list[dict[str, Any]]:
        language = "tr" if self._matter.record["client"]["language"] == "tr" else "ar"
        said = {"language": language, "how": self._chance.draw({"oral": 50, "signed": 40, "thumb": 10})}
        answers: list[dict[str, Any]] = [{"kind": NOTICE, "answer": "given", "detail": "", **said}]
        for kind, (agree, refuse) in ASKED.items():
            answer = self._chance.draw({"given": agree, "refused": refuse, "": 100 - agree - refuse})
            if answer:
                detail = "SYDV: yardım başvurusu" if kind == "partner_sharing" else ""
                answers.append({"kind": kind, "answer": answer, "detail": detail, **said})
        return answers

    def _accompany(self) -> Pauses:
        """A restricted case without a coordinator: two named people, and nobody else."""
        for _ in range(self._chance.randint(1, 4)):
            yield self._days(3, 30)
            self._note(self._caseworker)

    def _advise(self) -> Pauses:
        """Information or counselling, which needs no lawyer."""
        yield self._days(0.2, 3)
        self._note(self._caseworker)
        if self._chance.in_hundred(40):
            yield self._days(2, 14)
            self._call(self._caseworker)
        yield self._days(1, 10)
        level = self._chance.draw({"S1": 4, "S2": 6})
        self._serve(self._caseworker, level, "contact")
        self._move(self._caseworker, State.IN_REVIEW)
        yield self._days(1, 6)
        self._close("closed", level=level, code="A", outcome="achieved", benefit="informed")

    def _represent(self) -> Pauses:
        """A lawyer takes it, works it, and sees it through to the end or steps off."""
        while True:
            yield from self._find_lawyer()
            if not (yield from self._work()):
                return
            if not (self._chance.in_hundred(5) and self._steps_off()):
                break
            yield self._days(0.5, 2)
            orders.carry_out(self._coordinator.actor)
        yield from self._finish()
        if self._chance.in_hundred(3):
            yield self._days(30, 120)
            self._move(self._coordinator, State.IN_PROGRESS, "reopened")
            yield self._days(5, 40)
            self._note(self._at_work())
            yield from self._finish()

    def _find_lawyer(self) -> Pauses:
        """Offer the file until somebody takes it."""
        self._lawyer = None
        while self._lawyer is None:
            yield self._days(0.1, 2) if self._matter.urgency != "U0" else self._chance.days(0.01, 0.1)
            member = self._choose_lawyer()
            actor = self._coordinator.actor
            offer = assignment.offer(actor, self._case_id, self._version(), member.actor.person_id)
            allowed = reference().urgencies[self._matter.urgency].acceptance
            answer = self._chance.draw(ANSWERS)
            if answer == "expired":
                yield allowed + dt.timedelta(minutes=1)
                assignment.expire()
                continue
            yield allowed * self._chance.uniform(0.05, 0.9)
            if answer == "accepted":
                assignment.accept(member.actor, offer)
                self._lawyer = member
            elif answer == "declined":
                code = self._chance.draw({"workload": 6, "expertise": 3, "distance": 2, "conflict": 1})
                assignment.decline(member.actor, offer, code, self._text("declined", member))
            else:
                assignment.withdraw(actor, self._case_id)

    def _choose_lawyer(self) -> Member:
        """Somebody who speaks the language and was not asked yet, or else whoever is left."""
        there = {self._caseworker.actor.person_id, *team.live(self._case_id)}
        lawyers = [one for one in self._office.having(LAWYER) if one.actor.person_id not in there]
        fresh = [one for one in lawyers if one not in self._asked] or lawyers
        language = self._matter.record["client"]["language"]
        chosen = self._chance.choice([one for one in fresh if language in one.speaks] or fresh)
        self._asked.append(chosen)
        return chosen

    def _work(self) -> Generator[dt.timedelta, None, bool]:
        """Notes, calls, waiting; gives False when contact was lost and the case is closed."""
        for _ in range(self._chance.randint(1, 3)):
            yield self._days(6, 50)
            at_work = self._at_work()
            self._note(at_work)
            if self._chance.in_hundred(20):
                self._call(self._caseworker)
            if self._chance.in_hundred(20):
                self._plan(at_work)
            if self._chance.in_hundred(25):
                state = self._chance.choice(WAITING)
                self._move(at_work, state, str(state))
                yield self._days(20, 150)
                self._move(at_work, State.IN_PROGRESS)
        if self._chance.in_hundred(5):
            self._withdraw_consent()
        if self._chance.in_hundred(5):
            self._move(self._at_work(), State.LOST_CONTACT, "lost_contact")
            yield self._days(20, 60)
            self._move(self._at_work(), State.IN_REVIEW)
            yield self._days(1, 6)
            self._close("closed_lost", level="S2", code="B", outcome="lost_contact")
            return False
        return True

    def _finish(self) -> Pauses:
        """Review, now and then back to work, then the end."""
        level = self._chance.draw({"S3": 6, "S4": 4})
        for activity in ("drafting", "court" if level == "S4" else "contact"):
            yield self._days(0.5, 5)
            self._serve(self._at_work(), level, activity)
        self._move(self._at_work(), State.IN_REVIEW)
        yield self._days(1, 10)
        if self._chance.in_hundred(8):
            self._move(self._coordinator, State.IN_PROGRESS, "returned")
            yield self._days(3, 14)
            self._note(self._at_work())
            self._move(self._at_work(), State.IN_REVIEW)
            yield self._days(1, 5)
        self._close(
            "closed",
            level=level,
            code=self._chance.draw(CLOSINGS),
            **self._came_of_it(),
        )

    def _came_of_it(self) -> dict[str, str]:
        """Outcome, and what it was good for where it was."""
        outcome = self._chance.draw(OUTCOMES)
        good = outcome in {"achieved", "partly"}
        return {"outcome": outcome, "benefit": self._chance.draw(BENEFITS) if good else ""}

    def _serve(self, member: Member, level: str, activity: str) -> None:
        """Time that somebody gave, now and then paid by a grant."""
        given.give(
            member.actor,
            self._case_id,
            on=clock.today(),
            agreed=level,
            level=level,
            activity=activity,
            minutes=self._chance.randint(2, 30) * UNIT,
            grant=self._chance.draw({"EU-26": 5, "TR-7": 2, "": 3}),
            token=uuid4(),
        )

    def _steps_off(self) -> bool:
        """The lawyer leaves, unless a restricted case would be left with one person."""
        if self._lawyer is None or self._matter.restricted:
            return False
        members.step_off(self._lawyer.actor, self._case_id, self._text("stepped_off", self._lawyer))
        return True

    def _withdraw_consent(self) -> None:
        """Somebody who agreed to statistics thinks again."""
        case = files.open_case(self._caseworker.actor, self._case_id)
        for consent in case.consents:
            if consent.kind == "statistics" and consent.answer == "given":
                consents.withdraw(self._caseworker.actor, self._case_id, consent.id)

    def _at_work(self) -> Member:
        """The lawyer mostly, else the caseworker."""
        lawyer = self._lawyer or self._caseworker
        return lawyer if self._chance.in_hundred(70) else self._caseworker

    def _note(self, member: Member) -> None:
        kind = self._chance.draw({"note": 5, "step": 4, "visit": 1})
        self._write(member, kind, self._text(self._matter.group, member))

    def _call(self, member: Member) -> None:
        self._write(member, "call", self._text("call", member))

    def _write(self, member: Member, kind: str, text: str) -> None:
        # Those who are called or visited have heard from us: the clocks of most cases are kept.
        direction = "with_client" if kind in {"call", "visit"} else ""
        timeline.add_note(member.actor, self._case_id, kind, text, uuid4(), direction=direction)

    def _plan(self, member: Member) -> None:
        record = {**self._matter.record, "next_step": self._text("next_step", member)}
        urgency = self._matter.urgency
        files.edit_case(member.actor, self._case_id, self._version(), record, urgency=urgency)

    def _move(self, member: Member, to: State, why: str = "", closing: dict[str, Any] | None = None) -> None:
        reason = self._text(why, member) if why else ""
        progress.move(member.actor, self._case_id, self._version(), to, reason=reason, closing=closing)

    def _close(self, why: str, **closing: str) -> None:
        """Where a second coordinator has to look and there is none, the case stays in review."""
        with suppress(SecondNeeded):
            self._move(self._coordinator, State.CLOSED, why, closing)

    def _state(self) -> str:
        return db.session.get_one(Case, self._case_id).state

    def _version(self) -> int:
        return db.session.get_one(Case, self._case_id).version

    def _text(self, kind: str, member: Member) -> str:
        return self._words.text(kind, member.language, self._chance)

    def _days(self, least: float, most: float) -> dt.timedelta:
        """The time until somebody goes on, in office hours."""
        return in_office_hours(clock.now() + self._chance.days(least, most)) - clock.now()
