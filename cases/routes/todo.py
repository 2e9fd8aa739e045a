"""Pages of what has to be done in a case, and of the originals that lie with us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.originals import OriginalForm, ReturnForm
from cases.forms.todo import (
    MISTAKE,
    AppointmentForm,
    CameForm,
    CheckTaskForm,
    EndTaskForm,
    HearingForm,
    ItemForm,
    MarkForm,
    SignatureForm,
    TaskForm,
    blank_task,
    offer_owners,
)
from cases.routes.filling import back, done, filled, opened, people, status_of
from cases.routes.gone import gone
from cases.service import hearings, originals, signing, team, todo
from cases.service.shelves import Document
from cases.service.views import OpenCase, OpenItem
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.forms import Form, TokenField, VersionField
from core.web.in_place import in_place
from domain.lifecycle import State

FORMS: Final[Mapping[str, type[ItemForm]]] = MappingProxyType(
    {
        "task": TaskForm,
        "appointment": AppointmentForm,
        "hearing": HearingForm,
        "signature": SignatureForm,
        "original": OriginalForm,
    }
)
ENDS: Final[Mapping[str, type[Form]]] = MappingProxyType(
    {
        "task": EndTaskForm,
        "appointment": CameForm,
        "hearing": CameForm,
        "signature": MarkForm,
        "original": ReturnForm,
    }
)
ADDED: Final = MappingProxyType(
    {
        "task": _l("The task is added."),
        "appointment": _l("The appointment is added."),
        "hearing": _l("The hearing is added."),
        "signature": _l("The duty to sign is added. Its next day stands on the desk."),
        "original": _l("The original is in the register. Print the receipt for whoever gave it."),
    }
)
PAGE: Final = 100  # lines shown at once
_OVER: Final = {State.CLOSED, State.ERASED}


class AgainForm(Form):
    """Which version an act means, once for each page."""

    version = VersionField()
    token = TokenField()


@needs(Permission.CASE_LIST)
def my_todo() -> ResponseReturnValue:
    """Everything that stands on the actor's desk to be done, page by page."""
    day, _dot, item = request.args.get("after", "").partition(".")
    after = None
    with suppress(ValueError):  # a damaged place begins at the top
        after = (dt.date.fromisoformat(day), UUID(item))
    with transaction():
        lines = todo.on_desk(actor(), PAGE + 1, after=after)
    last = lines[PAGE - 1].place if len(lines) > PAGE else None
    following = f"{last[0].isoformat()}.{last[1]}" if last else ""
    return render_template("cases/my_todo.html", lines=lines[:PAGE], following=following, after=after)


@needs(Permission.CASE_NOTE)
def add_todo(case_id: UUID, kind: str) -> ResponseReturnValue:
    """Add something to do, or an original; in place, the answer to a task is the list of tasks alone."""
    case = opened(case_id)
    if request.method == "GET" and case.state in _OVER:
        said = _("A closed file takes nothing new. A coordinator can reopen it.")
        return gone(case, filled(FORMS[kind]), said, url_for("cases.show", case_id=case_id))
    asked = request.form.get("document") or request.args.get("document", "")
    paper = _paper(case, asked) if kind == originals.KIND else None
    known = {"title": paper.title, "document": str(paper.id)} if paper else {}
    form = filled(FORMS[kind], owner=str(actor().person_id), received_on=clock.today(), **known)
    _offer(form, case)
    if added := done(form, lambda: _add(form, case_id, kind, paper)):
        if in_place() and kind == "task":
            fresh = opened(case_id)
            shown = {"case": fresh, "task": blank_task(fresh.members, actor().person_id)}
            return render_template("cases/_tasks.html", **shown, said=str(ADDED[kind]))
        if kind == "original":
            flash(str(ADDED[kind]), "done")
            return redirect(url_for("cases.show_todo", case_id=case_id, item_id=added), 303)
        return back(case_id, str(ADDED[kind]))
    if in_place() and kind == "task":
        return render_template("cases/_tasks.html", case=case, task=form), status_of(form)
    return render_template("cases/todo_form.html", case=case, form=form, kind=kind), status_of(form)


def _paper(case: OpenCase, asked: str) -> Document | None:
    """The document whose original is taken in; None where none is named, or it went while somebody typed.

    Raises NotFound.
    """
    found = next((one for one in case.documents if str(one.id) == asked), None)
    if asked and found is None and request.method == "GET":
        raise NotFound
    return found


def _add(form: ItemForm, case_id: UUID, kind: str, paper: Document | None) -> UUID:
    data, token = form.data_of(), form.token.data
    if paper is not None:
        data |= {"document": str(paper.id)}
    if kind == originals.KIND:
        return originals.receive(actor(), case_id, data, token)
    return todo.add(actor(), case_id, kind, data, token, owner_id=form.owner_id(), on=form.due_on())


@needs(Permission.CASE_READ)
def show_todo(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """What there is to know of it, and what can be done."""
    case = opened(case_id)
    one = _one(case, item_id)
    language = case.record["client"].get("language") or ""
    own = next((code for code in ("ar", "tr") if language.startswith(code)), "")
    able = {person.id for person in team.watchers(case_id)} if one.owner_id else set()
    lost = one.is_open and one.owner_id is not None and one.owner_id not in able
    shown = {"case": case, "one": one, "own": own, "lost": lost, "coming": signing.coming_days(one)}
    return render_template("cases/todo.html", **shown, again=AgainForm(formdata=None))


@needs(Permission.CASE_NOTE)
def change_todo(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Say it otherwise, or put it on another desk."""
    case = opened(case_id)
    one = _one(case, item_id)
    kind = CheckTaskForm if one.kind == "task" and not one.data["title"] else FORMS[one.kind]
    form = filled(kind, **kind.stored(one))
    _offer(form, case, one)
    if request.method == "GET" and not _changes(case, one):
        return _as_it_stands(case, one, form)
    if done(form, lambda: _change(form, case_id, one)):
        return _done(case_id, item_id, _("The change is saved."))
    return render_template("cases/todo_form.html", case=case, form=form, kind=one.kind, one=one), status_of(
        form
    )


def _change(form: ItemForm, case_id: UUID, one: OpenItem) -> None:
    data, token, version = form.data_of(), form.token.data, form.version.data
    if one.kind == originals.KIND:
        originals.change(actor(), case_id, one.id, version, data, token)
        return
    owner_id, on = form.owner_id(), form.due_on()
    todo.change(actor(), case_id, one.id, version, data, token, owner_id=owner_id, on=on)


@needs(Permission.CASE_NOTE)
def end_todo(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """What became of it: done, held, signed, given back."""
    case = opened(case_id)
    one = _one(case, item_id)
    form = filled(ENDS[one.kind], version=one.version, returned_on=clock.today())
    if isinstance(form, CameForm):
        form.offer(before=one.is_open and (one.days_left or 0) > 0)
    if request.method == "GET" and not (one.is_open and _changes(case, one)):
        return _as_it_stands(case, one, form)
    if done(form, lambda: _ends(form, case_id, one)):
        return _done(case_id, item_id, _("It is recorded."))
    return render_template("cases/todo_end.html", case=case, form=form, one=one), status_of(form)


def _ends(form: Any, case_id: UUID, one: OpenItem) -> None:
    about = (actor(), case_id, one.id, form.version.data, form.token.data)
    if one.kind == "task":
        todo.finish(*about, how=form.how.data, word=form.word.data)
    elif one.kind == originals.KIND:
        originals.give_back(*about, form.gave())
    elif one.kind != todo.SIGNATURE:
        said = {"text": form.text.data, "next_on": form.next_on.data}
        if form.came.data == MISTAKE:
            todo.take_out(*about, **said)
        else:
            hearings.came_of(*about, came=form.came.data, next_at=form.next_at.clock, **said)
    elif form.kept.data == MISTAKE:
        todo.take_out(*about, text=form.note.data)
    elif form.kept.data == "lifted":
        signing.lift(*about, note=form.note.data)
    else:
        signing.mark(*about, kept=form.kept.data == "yes", note=form.note.data)


@needs(Permission.CASE_NOTE)
def again_todo(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Take back what was said last of it: it is open again."""
    one, form = _one(opened(case_id), item_id), AgainForm()
    act: Callable[..., bool | None] = {
        originals.KIND: originals.take_back,
        todo.SIGNATURE: signing.unmark,
    }.get(one.kind, todo.reopen)
    with transaction():
        more = act(actor(), case_id, item_id, form.version.data, form.token.data)
    said = _("It is taken back, and open again.")
    if more:
        said = _("It is taken back, and open again. The next date or the tasks that came of it are gone too.")
    return _done(case_id, item_id, said)


def _one(case: OpenCase, item_id: UUID) -> OpenItem:
    found = next((one for one in case.items if one.id == item_id and one.kind in FORMS), None)
    if found is None:
        raise NotFound
    return found


def _changes(case: OpenCase, one: OpenItem) -> bool:
    """Whether it can be changed as the case stands; what lies with us goes back from a closed case too."""
    stays = one.kind == originals.KIND or one.data.get("review")
    allowed = {State.ERASED} if stays else _OVER
    return case.state not in allowed and (one.is_open or one.kind == todo.SIGNATURE)


def _as_it_stands(case: OpenCase, one: OpenItem, form: Form) -> ResponseReturnValue:
    said = _("This was changed meanwhile, or the case is closed.")
    return gone(case, form, said, url_for("cases.show_todo", case_id=case.id, item_id=one.id))


def _offer(form: ItemForm, case: OpenCase, one: OpenItem | None = None) -> None:
    able = people(team.watchers(case.id))
    if one is not None and one.owner_id and str(one.owner_id) not in dict(able):
        able = [*able, (str(one.owner_id), one.owner)]  # named, so that the page says who it was
    offer_owners(form, able)


def _done(case_id: UUID, item_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("cases.show_todo", case_id=case_id, item_id=item_id), 303)
