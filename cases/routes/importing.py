"""Pages for cases that an office kept in a sheet: bring it, say what its columns are, look, carry it out."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import FieldList

from cases.forms.importing import ColumnsForm, UploadForm
from cases.routes.filling import by_name, done, filled, people, status_of
from cases.routes.import_words import faulty, letters_of, states
from cases.service import files, match_tokens, team
from cases.service.importing import carrying, checking, reading, store, undoing
from cases.service.importing.reading import Work
from cases.service.importing.store import Opened
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents import sheets
from core.documents.sheets import NotRead
from core.errors import Locked, NotFound
from core.store.transaction import transaction
from core.web.forms import Form

SECONDS: Final = 2.0  # of one step
SHOWN: Final = 300  # rows of one list on a page
SAMPLES: Final = 3
_HEADINGS: Final = 10  # among so many rows the headings are looked for


@needs(Permission.CASE_IMPORT)
def imports() -> ResponseReturnValue:
    """Every sheet that was brought, and the way to bring one."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            found = sheets.read(form.file.data.read())
        except NotRead as error:
            form.explain(error)
        else:
            import_id = done(form, lambda: store.begin(actor(), found, form.token.data))
            if isinstance(import_id, UUID):
                return redirect(url_for("cases.import_columns", import_id=import_id), 303)
    shown = {"form": form, "missing": files.can_record(actor().organisation_id), "unable": _unable()}
    page = render_template("cases/imports.html", lines=store.lines(actor()), states=states(), **shown)
    return page, status_of(form)


def _unable() -> Any:
    """Why nobody could be told of files that are here already, or nothing."""
    try:
        match_tokens.held(actor())
    except Locked as error:
        return error.message
    return ""


@needs(Permission.CASE_IMPORT)
def import_columns(import_id: UUID) -> ResponseReturnValue:
    """What the columns are, and what holds where the sheet says nothing."""
    opened = store.opened(actor(), import_id)
    if opened.state not in checking.BEFORE:
        return _to_show(import_id)
    form = filled(ColumnsForm, **_known(opened))
    place, heading = _place(form, opened)
    form.caseworker.choices = by_name(people(team.colleagues(actor())), _("I do"))
    sheet = opened.sheets[place]
    above = reading.headings(sheet, heading)
    _fit(form.columns, len(above))
    samples = [_samples(sheet.rows[heading:], column) for column in range(len(above))]
    for column, entry in enumerate(form.columns):
        named = Markup("<bdi>{}</bdi>").format(above[column])  # format() escapes it
        untold = _("Column %(letters)s", letters=letters_of(column))
        entry.form.field.label.text = named if above[column] else untold

    def settle() -> None:
        plan = {**form.plan(), "sheet": place, "heading": heading}
        checking.settle(actor(), import_id, Work(import_id, opened.state, sheet, plan), plan)

    if done(form, settle):
        return redirect(url_for("cases.import_steps", import_id=import_id), 303)
    shown = {"form": form, "opened": opened, "place": place, "heading": heading, "samples": samples}
    page = render_template("cases/import_columns.html", most=_HEADINGS, letters=letters_of, **shown)
    return page, status_of(form)


def _known(opened: Opened) -> dict[str, Any]:
    """What the form begins with: as it was decided before, or as the headings suggest."""
    plan = opened.plan
    place = request.args.get("sheet", type=int)
    if plan and place is None:
        said = {name: plan[name] for name in ("issue", "urgency", "caseworker", "slashes", "closed")}
        flags = {name: "yes" if plan[name] else "no" for name in ("restrict", "lenient")}
        width = len(reading.headings(opened.sheets[plan["sheet"]], plan["heading"]))
        columns = [{"field": plan["columns"].get(str(column), "")} for column in range(width)]
        where = {"sheet": str(plan["sheet"]), "heading": str(plan["heading"])}
        return {**said, **flags, **where, "columns": columns}
    place = min(max(place or 0, 0), len(opened.sheets) - 1)
    sheet = opened.sheets[place]
    heading = request.args.get("heading", type=int)
    if heading is None:
        heading = reading.likely_heading(sheet, _HEADINGS)
    heading = min(max(heading, 0), _HEADINGS, len(sheet.rows))
    guessed = reading.guessed(sheet, heading)
    return {"sheet": str(place), "heading": str(heading), "columns": [{"field": one} for one in guessed]}


def _place(form: ColumnsForm, opened: Opened) -> tuple[int, int]:
    """Which sheet and which row of headings the form is about. Raises NotFound for what was made up."""
    try:
        place, heading = int(form.sheet.data or 0), int(form.heading.data or 0)
        rows = opened.sheets[place].rows
    except (ValueError, IndexError):
        raise NotFound from None
    if place < 0 or not 0 <= heading <= min(_HEADINGS, len(rows)):
        raise NotFound
    return place, heading


def _fit(columns: FieldList, width: int) -> None:
    """As many questions as there are columns."""
    while len(columns.entries) > width:
        columns.pop_entry()
    while len(columns.entries) < width:
        columns.append_entry()


def _samples(rows: list[list[Any]], column: int) -> list[str]:
    found = (reading.shown(row[column]) for row in rows if column < len(row))
    return [text[:60] for text in found if text][:SAMPLES]


@needs(Permission.CASE_IMPORT)
def import_steps(import_id: UUID) -> ResponseReturnValue:
    """One step of what was begun, with each load, until nothing is left."""
    state = store.find(actor(), import_id).state
    steps = {"checking": _check, "running": _carry, "undoing": _undo}
    if state not in steps:
        return _to_show(import_id)
    steps[state](import_id)
    row = store.find(actor(), import_id)
    if row.state != state:
        return _to_show(import_id)
    counts = store.counts(import_id)
    left = counts.get({"checking": "new", "running": "ready", "undoing": "imported"}[state], 0)
    shown = {"row": row, "left": left, "all": sum(counts.values()), "words": states()[state]}
    return render_template("cases/import_steps.html", **shown), {"Refresh": "1"}


def _check(import_id: UUID) -> None:
    work = reading.open_work(actor(), import_id)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = checking.prepare(actor(), work)
        if not found:
            twins = checking.twins(work)
            with transaction():
                checking.finish(actor(), work, twins)
            return
        with transaction():
            checking.put(actor(), work, found)


def _carry(import_id: UUID) -> None:
    work = reading.open_work(actor(), import_id)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        one = carrying.prepare(actor(), work)
        if one is None:
            with transaction():
                carrying.finish(actor(), import_id)
            return
        with transaction():
            carrying.carry_out(actor(), work, one)


def _undo(import_id: UUID) -> None:
    end = time.monotonic() + SECONDS
    going = True
    while going and time.monotonic() < end:
        with transaction():
            going = undoing.step(actor(), import_id)


@needs(Permission.CASE_IMPORT)
def import_show(import_id: UUID) -> ResponseReturnValue:
    """How a sheet stands: what is right, what is not and why, what waits for an answer, what came in."""
    row = store.find(actor(), import_id)
    mine = row.made_by == actor().person_id
    if mine and row.state == "mapping":
        return redirect(url_for("cases.import_columns", import_id=import_id), 303)
    work = None
    if mine and row.sealed:
        with suppress(Locked):  # the key that opened it is gone; what came in is shown all the same
            work = reading.open_work(actor(), import_id)
    shown: dict[str, Any] = {"row": row, "mine": mine, "counts": store.counts(import_id), "work": work}
    if work is not None:
        wrong = store.numbers(import_id, "faulty")
        shown["faulty"] = [one for number in wrong[:SHOWN] for one in faulty(work, number)]
        shown["asked"] = [(number, _name(work, number)) for number in _asked(import_id)[:SHOWN]]
    came = {
        state: store.cases(import_id, state, SHOWN)
        for state in ("imported", "linked", "stays_worked", "stays_shut")
    }
    may_undo = undoing.may_undo(import_id, row.carried_at) and row.state not in {"undoing", "undone"}
    shown |= {"came": came, "may_undo": may_undo, "most": SHOWN, "form": Form(), "states": states()}
    shown["until"] = row.carried_at + undoing.WITHIN if row.carried_at else None
    return render_template("cases/import.html", **shown)


def _asked(import_id: UUID) -> list[int]:
    return store.numbers(import_id, "alike", "conflict")


def _name(work: Work, number: int) -> str:
    found, _why = work.read(number)
    return (found.name_ar or found.name_latin) if found else ""


@needs(Permission.CASE_IMPORT)
def import_run(import_id: UUID) -> ResponseReturnValue:
    """Bring in what is right."""
    with transaction():
        carrying.start(actor(), import_id)
    return redirect(url_for("cases.import_steps", import_id=import_id), 303)


@needs(Permission.CASE_IMPORT)
def import_drop(import_id: UUID) -> ResponseReturnValue:
    """Let a sheet go; what came in stays."""
    with transaction():
        store.drop(actor(), import_id)
    flash(_("The rows of the sheet are deleted here. What came in stays."), "done")
    return redirect(url_for("cases.imports"), 303)


@needs(Permission.CASE_IMPORT)
def import_undo(import_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take back what a sheet brought."""
    row = store.find(actor(), import_id)
    form = Form()
    if done(form, lambda: undoing.order(actor(), import_id)):
        return redirect(url_for("cases.import_steps", import_id=import_id), 303)
    counts = store.counts(import_id)
    return render_template("cases/import_undo.html", row=row, form=form, counts=counts), status_of(form)


def _to_show(import_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.import_show", import_id=import_id), 303)
