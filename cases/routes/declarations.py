"""The declaration calendar of an organisation: planned, given with proof, taken out, taken up again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.declarations import AnewForm, CountedForm, GivenForm, PlannedForm, TurnForm
from cases.routes.filling import back, by_name, done, filled, opened, people, status_of
from cases.routes.gone import gone
from cases.routes.proposing import proposed
from cases.service import declarations, team
from cases.service.declared import Declared
from cases.service.views import OpenCase, days_until
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.reference import reference
from core.store.transaction import transaction
from domain.deadlines.engine import Deadline
from domain.deadlines.questions import day_of
from domain.declarations import (
    ANNUAL,
    authority_of,
    end_of_year,
    every,
    following,
    month_day,
    rule_of,
    usually_every,
)
from domain.lifecycle import State

_OVER: Final = {State.CLOSED, State.ERASED}
_PLANNED: Final = _l("The declaration is planned.")
_CHOOSE: Final = _l("Choose a person")


@needs(Permission.CASE_NOTE)
def add_declaration(case_id: UUID, what: str) -> ResponseReturnValue:
    """Plan a declaration, or the one that follows another."""
    case = opened(case_id)
    legal_form = case.record["client"].get("legal_form") or ""
    if what not in reference().lists["declaration_kind"]:
        abort(404)
    if not legal_form:
        flash(
            _("Only an organisation has declarations to give. The record says whether the client is one."),
            "info",
        )
        return redirect(url_for("cases.show", case_id=case_id), 303)
    rule = rule_of(what, legal_form)
    if request.method == "GET" and case.state in _OVER:
        said = _("A closed file takes nothing new. A coordinator can reopen it.")
        form = filled(CountedForm if rule else PlannedForm)
        return gone(case, form, said, url_for("cases.show", case_id=case_id))
    before = _before(case, what, request.form.get("after") or request.args.get("after", ""))
    if before is None and what == ANNUAL and request.method == "GET" and not _year_asked():
        # There is one for each year: whoever comes from the list means the one that is missing.
        before = next((one for one in case.declared if _wants(one, what)), None)
    usual = {
        "authority": before.item.data["authority"] if before else authority_of(what, legal_form),
        "after": str(before.item.id) if before else "",
    }
    return _counted(case, what, rule, before, usual) if rule else _planned(case, what, before, usual)


def _wants(one: Declared, what: str) -> bool:
    return one.wants_next and one.item.data["what"] == what


def _before(case: OpenCase, what: str, asked: str) -> Declared | None:
    """The declaration that the new one follows, which the form or its address names."""
    known = (one for one in case.declared if one.item.data["what"] == what)
    return next((one for one in known if str(one.item.id) == asked), None)


def _counted(
    case: OpenCase, what: str, rule: str, before: Declared | None, usual: dict[str, str]
) -> ResponseReturnValue:
    proposed_year = _financial_year(what, rule)
    begun = following(before.item.data) if before else _year_asked() or proposed_year
    period = str(begun.year) if begun else ""
    me = str(actor().person_id)
    form = filled(CountedForm, **usual, begun=begun, period=period, responsible=me)
    form.responsible.choices = form.second.choices = by_name(people(team.watchers(case.id)), str(_CHOOSE))
    before = _followed(case, what, form)
    missed = _missed(case, rule, proposed_year) if before is None else None
    right = form.is_submitted() and form.validate()
    found = _date(form, rule)
    shown = form.begun.data.isoformat() if found and form.begun.data else ""
    seen, form.counted.data = form.counted.data == shown, shown
    if right and found and seen:  # nothing is planned before its date was shown
        plan = declarations.plan_counted
        data, token = {"what": what, "after": form.after.data, **form.about()}, form.token.data
        if done(form, lambda: plan(actor(), case.id, data, token, _day(form.begun.data), form.watchers())):
            return back(case.id, str(_PLANNED))
    return _page(case, what, form, found, before=before, missed=missed)


def _followed(case: OpenCase, what: str, form: CountedForm | PlannedForm) -> Declared | None:
    """The declaration that the form, or its draft, says the new one follows.

    Leads to the next one where it is planned already, unless something typed would be lost.
    """
    before = _before(case, what, form.after.data)
    form.after.data = str(before.item.id) if before else ""
    if before and before.followed_by and request.method == "GET" and not form.returned:
        flash(_("The next one is planned already. Here it is."), "info")
        page = url_for("cases.declaration", case_id=case.id, item_id=before.followed_by)
        abort(redirect(page, 303))
    return before


def _day(day: dt.date | None) -> dt.date:
    return day or clock.today()


def _financial_year(what: str, rule: str) -> dt.date | None:
    """The end of the last year whose declaration is still to come; None where nobody knows the day."""
    if what != ANNUAL:
        return None
    year = clock.today().year
    try:
        last = declarations.count(actor(), rule, end_of_year(year - 1))
    except DomainError:  # the law of the organisation gives no date: nothing is proposed
        return None
    return end_of_year(year - 1 if day_of(last.safe) >= clock.today() else year)


def _year_asked() -> dt.date | None:
    """The end of the financial year that the address names."""
    asked = request.args.get("year", "")
    return end_of_year(int(asked)) if re.fullmatch(r"20[0-9]{2}", asked, re.ASCII) else None


def _missed(case: OpenCase, rule: str, proposed_year: dt.date | None) -> tuple[dt.date, dt.date] | None:
    """The end of the financial year before the proposed one, and until when its declaration was due.

    None where the calendar names it, as given, owed or not owed.
    """
    if proposed_year is None:
        return None
    year = end_of_year(proposed_year.year - 1)
    annual = [one.item.data for one in case.declared if one.item.data["what"] == ANNUAL]
    if any(data["begun"] == year.isoformat() for data in annual):
        return None
    try:
        return year, day_of(declarations.count(actor(), rule, year).safe)
    except DomainError:
        return None


def _date(form: CountedForm, rule: str) -> Deadline | None:
    """Asked after the form was checked, which takes every message off its fields."""
    if not form.begun.data:
        return None
    try:
        return declarations.count(actor(), rule, form.begun.data)
    except DomainError as error:
        form.begun.errors = [*form.begun.errors, str(error.message)]
        return None


def _planned(
    case: OpenCase, what: str, before: Declared | None, usual: dict[str, str]
) -> ResponseReturnValue:
    often = every(before.item.data) if before else usually_every(what)
    due = following(before.item.data) if before else None
    form = filled(PlannedForm, **usual, day=due, every=often, owner=str(actor().person_id))
    form.owner.choices = by_name(people(team.watchers(case.id)), str(_CHOOSE))
    before = _followed(case, what, form)

    def plan() -> UUID:
        day = _day(form.day.data)
        wanted = month_day(day, before.item.data if before else None)
        often = {"every": form.every.data, "month_day": wanted}
        data = {"what": what, "after": form.after.data, **often, **form.about()}
        return declarations.plan(actor(), case.id, data, form.token.data, day, UUID(form.owner.data))

    if done(form, plan):
        return back(case.id, str(_PLANNED))
    return _page(case, what, form, None, before=before)


def _page(
    case: OpenCase,
    what: str,
    form: CountedForm | PlannedForm,
    found: Deadline | None,
    one: Declared | None = None,
    *,
    before: Declared | None = None,
    missed: tuple[dt.date, dt.date] | None = None,
) -> ResponseReturnValue:
    left = days_until(found.safe) if found else 0
    same = [] if one else [other for other in case.declared if other.item.data["what"] == what]
    owed = [other for other in same if other.state == "open"]
    shown = {"case": case, "what": what, "form": form, "found": found, "days_left": left, "one": one}
    shown |= {"before": before, "missed": missed, "owed": owed}
    return render_template("cases/declaration_add.html", **shown), status_of(form)


@needs(Permission.CASE_NOTE)
def declaration(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """One declaration as it stands; that it was given is said here, or on the page of its deadline."""
    case = opened(case_id)
    one = _one(case, item_id)
    form = filled(GivenForm, version=one.item.version, on=clock.today())
    give = declarations.give
    if not one.deadline and done(
        form,
        lambda: give(
            actor(),
            case_id,
            item_id,
            form.version.data,
            form.token.data,
            on=_day(form.on.data),
            proof=form.proof.data or "",
        ),
    ):
        return proposed(case, one, _("It is recorded."))
    turn = TurnForm(formdata=None, version=one.item.version)
    shown = {"case": case, "one": one, "form": form, "turn": turn, "often": every(one.item.data)}
    return render_template("cases/declaration.html", **shown), status_of(form)


@needs(Permission.CASE_NOTE)
def change_declaration(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Another day, another desk: of one that no rule counts, while it is owed."""
    case = opened(case_id)
    one = _one(case, item_id)
    item = one.item
    if one.deadline:
        return redirect(url_for("cases.declaration", case_id=case_id, item_id=item_id), 303)
    stored = {name: item.data[name] for name in ("period", "authority", "more", "every")}
    owner = str(item.owner_id or actor().person_id)
    form = filled(AnewForm, **stored, day=item.due_on, owner=owner, version=item.version)
    form.owner.choices = by_name(people(team.watchers(case_id)), str(_CHOOSE))
    if request.method == "GET" and not (item.is_open and case.state not in _OVER):
        said = _("This was changed meanwhile, or the case is closed.")
        return gone(case, form, said, url_for("cases.declaration", case_id=case_id, item_id=item_id))

    def change() -> None:
        data, due = {"every": form.every.data, **form.about()}, _day(form.day.data)
        about = (actor(), case_id, item_id, form.version.data)
        declarations.plan_anew(*about, data, form.token.data, due, UUID(form.owner.data))

    if done(form, change):
        return back(case_id, _("The change is saved."))
    return _page(case, item.data["what"], form, None, one)


@needs(Permission.CASE_NOTE)
def drop_declaration(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """It is not owed."""
    return _turn(
        case_id, item_id, declarations.take_out, _("It is taken out. The timeline keeps what stood there.")
    )


@needs(Permission.CASE_NOTE)
def take_up_declaration(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """It was said to be given, or not to be owed, by mistake."""
    return _turn(case_id, item_id, declarations.take_up, _("It is open again."))


def _turn(case_id: UUID, item_id: UUID, act: Callable[..., None], said: str) -> ResponseReturnValue:
    form = TurnForm()
    with transaction():
        act(actor(), case_id, item_id, form.version.data, form.token.data)
    return back(case_id, said)


def _one(case: OpenCase, item_id: UUID) -> Declared:
    return next((one for one in case.declared if one.item.id == item_id), None) or abort(404)
