"""Pages of deadlines: counted before they are added, with every step; watched, met, moved."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.deadlines import DeadlineForm, MeetForm, MoveDeadlineForm, ReopenDeadlineForm, WatchForm
from cases.routes.filling import back, by_name, done, filled, opened, people, status_of
from cases.routes.gone import gone
from cases.routes.proposing import proposed
from cases.service import deadlines as service
from cases.service import next_ones, reminders, team
from cases.service.law import words_of
from cases.service.reach import find, reaches
from cases.service.views import OpenCase, OpenDeadline, days_until
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission, Role
from core.errors import DomainError, NotFound
from core.store.transaction import transaction
from core.web.forms import Form, VersionForm
from core.web.labels import law_day, rule_forum, rule_label
from core.web.locale import current_language
from domain.deadlines.engine import Deadline
from domain.deadlines.questions import day_of
from domain.deadlines.words import Level
from domain.lifecycle import State

_ADDED: Final = _l("The deadline is added. Two people watch it.")


@needs(Permission.CASE_DEADLINE)
def add(case_id: UUID) -> ResponseReturnValue:
    """Say what happened, see the dates with every step, then add the deadline."""
    case = opened(case_id)
    form = filled(DeadlineForm, responsible=str(actor().person_id), service="hand")
    # A second click is answered before anything is asked anew: law, people and case may have changed.
    if form.is_submitted() and service.added(form.token.data, form.asked(), form.also.data or ()):
        return back(case_id, str(_ADDED))
    if request.method == "GET" and case.state in {State.CLOSED, State.ERASED}:
        said = _("A closed file takes no deadline. A coordinator can reopen it.")
        return gone(case, form, said, url_for("cases.show", case_id=case_id))
    _offer(form, case)
    also = service.companions(actor(), form.asked()) if form.rule.data else []
    form.also.choices = [(one.rule, _offered(one)) for one in also]
    if form.returned:  # what was chosen then stays chosen
        form.offered.data = " ".join(form.also.data or ())
    found = _counted(form) if form.is_submitted() and form.validate() else None
    shown = form.seen([found.safe, *(one.found.safe for one in also)]) if found else ""
    if found and form.counted.data == shown:
        if done(form, lambda: _add(form, case_id)):
            return back(case_id, str(_ADDED))
    else:  # nothing is added before it was shown, after an error neither
        form.counted.data = shown
        if found or form.offered.data:
            form.offer((one.rule, one.chosen) for one in also)
    page = render_template(
        "cases/deadline_add.html",
        case=case,
        form=form,
        found=found,
        own=bool(found) and service.is_own(actor(), form.rule.data),
        also=[(one, _steps(one.found)) for one in also] if form.offered.data else [],
        steps=_steps(found),
        days_left=days_until(found.safe) if found else 0,
    )
    return page, status_of(form)


def _counted(form: DeadlineForm) -> Deadline | None:
    """What the answers give."""
    try:
        return service.count(actor(), form.asked())
    except DomainError as error:
        form.explain(error)
        return None


def _offered(one: service.Companion) -> str:
    said = {"event": rule_label(one.rule), "forum": rule_forum(one.rule), "day": law_day(one.found.safe)}
    if service.is_own(actor(), one.rule):
        return str(_("%(event)s (%(forum)s): our own target %(day)s", **said))
    return str(_("%(event)s (%(forum)s): safe until %(day)s", **said))


def _steps(found: Deadline | None) -> list[tuple[str, str]]:
    words = words_of(actor().organisation_id)
    told = words.told(found.steps, current_language()) if found else []
    return _readable([(str(level), text) for level, text in told])


def _readable(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What this reader may see of an account: a rescue argument is for lawyers."""
    return [one for one in steps if one[0] != Level.RESCUE or Role.LAWYER in actor().roles]


def _add(form: DeadlineForm, case_id: UUID) -> UUID:
    responsible, second = UUID(form.responsible.data), UUID(form.second.data)
    also = form.also.data or ()
    return service.add(actor(), case_id, form.token.data, form.asked(), responsible, second, also=also)


def _offer(form: WatchForm, case: OpenCase) -> None:
    able = by_name(people(team.watchers(case.id)), _("Choose a person"))
    form.responsible.choices = form.second.choices = able


@needs(Permission.CASE_READ)
def show(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """A deadline, how it was counted, who watches it, what became of it."""
    case = opened(case_id)
    card = _card(case, deadline_id)
    told = reminders.told_of(card.id, day_of(card.safe))
    return render_template(
        "cases/deadline.html",
        case=case,
        card=card,
        steps=_readable(card.steps[current_language()]),
        added=_readable(card.added[current_language()]),
        gone=_readable(card.gone[current_language()]),
        told=told,
        lawyer=Role.LAWYER in actor().roles,
        me=actor().person_id,
        moves=reaches(actor(), Permission.DEADLINE_MOVE, case_id),
        drops=reaches(actor(), Permission.DEADLINE_DROP, case_id),
    )


@needs(Permission.CASE_READ)
def seen(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Say that one has seen the reminder; it leaves the top of the desk."""
    with transaction():
        reminders.see(actor(), case_id, deadline_id)
    return redirect(url_for("desk.show"), 303)


def _open_card(case: OpenCase, deadline_id: UUID, kind: type[Form], state: str = "open") -> OpenDeadline:
    """The deadline while such a form can be sent; otherwise its page says what became of it."""
    card = _card(case, deadline_id)
    # What was sent goes on to the service: it knows a second click on the same button.
    if card.state != state and request.method == "GET":
        page = url_for("cases.show_deadline", case_id=case.id, deadline_id=deadline_id)
        abort(make_response(gone(case, filled(kind), _("This deadline was changed meanwhile."), page)))
    return card


def _card(case: OpenCase, deadline_id: UUID) -> OpenDeadline:
    found = next((one for one in case.deadlines if one.id == deadline_id), None)
    if found is None:
        raise NotFound
    return found


@needs(Permission.CASE_DEADLINE)
def watch(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Put it into the hands of two others."""
    case = opened(case_id)
    card = _open_card(case, deadline_id, WatchForm)
    form = filled(
        WatchForm, version=card.version, responsible=str(card.responsible_id), second=str(card.second_id)
    )
    _offer(form, case)
    if done(form, lambda: _watch(form, case_id, deadline_id)):
        return back(case_id, _("Two others watch the deadline now."))
    return render_template("cases/deadline_watch.html", case=case, form=form, card=card), status_of(form)


def _watch(form: WatchForm, case_id: UUID, deadline_id: UUID) -> None:
    responsible, second = UUID(form.responsible.data), UUID(form.second.data)
    service.watch(actor(), case_id, deadline_id, form.version.data, responsible, second)


@needs(Permission.CASE_DEADLINE)
def meet(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Say that it was met, with proof."""
    case = opened(case_id)
    card = _open_card(case, deadline_id, MeetForm)
    form = filled(MeetForm, version=card.version, on=clock.today(), again=True)
    if done(form, lambda: _meet(form, case_id, card)):
        declared = next((one for one in case.declared if one.deadline and one.deadline.id == card.id), None)
        return proposed(case, declared, _("The deadline is met."))
    return render_template("cases/deadline_meet.html", case=case, form=form, card=card), status_of(form)


def _meet(form: MeetForm, case_id: UUID, card: OpenDeadline) -> None:
    on = form.on.data or clock.today()
    again = card.again_days is not None and form.again.data
    service.meet(actor(), case_id, card.id, form.version.data, form.proof.data, on, again=again)
    next_ones.keep(actor(), case_id)


@needs(Permission.CASE_DEADLINE)
def reopen(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Watch it again: it was met by mistake."""
    case = opened(case_id)
    card = _open_card(case, deadline_id, ReopenDeadlineForm, "done")
    form = filled(ReopenDeadlineForm, version=card.version)
    if done(form, lambda: _reopen(form, case_id, deadline_id)):
        return back(case_id, _("The deadline is open again."))
    return render_template("cases/deadline_reopen.html", case=case, form=form, card=card), status_of(form)


def _reopen(form: ReopenDeadlineForm, case_id: UUID, deadline_id: UUID) -> None:
    service.reopen(actor(), case_id, deadline_id, form.version.data, form.reason.data)
    next_ones.keep(actor(), case_id)


@needs(Permission.DEADLINE_DROP)
def move(case_id: UUID, deadline_id: UUID) -> ResponseReturnValue:
    """Move it or take it out, with a reason; who may not move it takes it out."""
    find(actor(), Permission.DEADLINE_DROP, case_id)
    case = opened(case_id)
    card = _open_card(case, deadline_id, MoveDeadlineForm)
    anew = day_of(card.counted_anew.safe) if card.counted_anew else None
    prefilled = anew if anew and anew >= clock.today() else None
    form = filled(MoveDeadlineForm, version=card.version, law=card.law, to=prefilled)
    if card.touched or request.method == "POST":  # a second click too
        form.after_a_change()
    if not reaches(actor(), Permission.DEADLINE_MOVE, case_id):
        form.take_out_alone()
    at_once = done(form, lambda: _move(form, case_id, card))
    if at_once:
        said = (
            _("The deadline is changed.")
            if at_once == "moved"
            else _("A second person has to confirm it now.")
        )
        return back(case_id, said)
    shown = {"case": case, "form": form, "card": card, "two": card.two}
    return render_template("cases/deadline_move.html", **shown), status_of(form)


def _move(form: MoveDeadlineForm, case_id: UUID, card: OpenDeadline) -> str:
    what = form.what.data if "what" in form else "drop"
    to: dt.date | None = {"move": form.to.data if "to" in form else None, "stay": day_of(card.safe)}.get(what)
    law = form.law.data or ""
    beyond = bool("beyond" in form and form.beyond.data)
    moved = service.move(
        actor(), case_id, card.id, form.version.data, to, form.reason.data, law=law, beyond=beyond
    )
    next_ones.keep(actor(), case_id)
    return "moved" if moved else "proposed"


@needs(Permission.CASE_DEADLINE)
def confirm(case_id: UUID, deadline_id: UUID, answer: str) -> ResponseReturnValue:
    """A second person confirms what was proposed, or lets the date stand."""
    with transaction():
        service.confirm(actor(), case_id, deadline_id, VersionForm().version.data, yes=answer == "confirm")
        next_ones.keep(actor(), case_id)
    return back(case_id, _("The deadline is changed.") if answer == "confirm" else _("The date stands."))
