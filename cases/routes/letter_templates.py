"""Pages of the templates of letters: brought, looked at, approved by a lawyer, retired."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.letters import TemplateForm, fields_of
from cases.routes import letter_starters
from cases.routes.filling import done, filled, status_of
from cases.service import letter_library, letter_seal
from cases.service.letter_library import Template
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents import alone, templates
from core.documents.templates import Looked, NotTaken, Place
from core.reference import reference
from core.store.transaction import transaction
from core.web.documents import download
from core.web.forms import VersionForm
from core.web.labels import list_label
from core.web.locale import NAMES
from domain.letters import ASK

_NAMED: Final = 10  # of what is wrong, at once
_ISOLATED: Final = "\u2068{}\u2069"  # what stands in a file keeps its own direction (UAX #9)


def hand_on() -> None:
    """Open to colleagues what the reader can open and they cannot; most times that is nothing."""
    if letter_seal.lacking(actor()):
        with transaction():
            letter_seal.share(actor())


@needs(Permission.LETTER_READ)
def letter_templates() -> ResponseReturnValue:
    """Every template, and what may be put into one."""
    hand_on()
    shown = {"found": letter_library.index(actor()), "starters": letter_starters.listed()}
    return render_template("cases/letter_templates.html", **shown, **_fields())


@needs(Permission.LETTER_EDIT)
def add_template() -> ResponseReturnValue:
    """Bring a template."""
    return _bring(None)


@needs(Permission.LETTER_EDIT)
def newer_template(template_id: UUID) -> ResponseReturnValue:
    """Bring a newer version of one; letters are made of the older until a lawyer approves it."""
    return _bring(letter_library.one(actor(), template_id))


def _bring(before: Template | None) -> ResponseReturnValue:
    known = before.shown if before else None
    form = filled(
        TemplateForm, version=before.version if before else 0, **(fields_of(known.about) if known else {})
    )
    if form.validate_on_submit() and (looked := _looked(form)) is not None:
        replaces = (before.id, form.version.data) if before else None
        about = {**form.said(), **found_in(looked)}
        add = partial(letter_library.add, actor(), about, looked.content, form.token.data, replaces=replaces)
        template_id = done(form, add)
        if template_id is not None:
            flash(_("The template is here. Letters are made of it once a lawyer has approved it."), "done")
            return redirect(url_for("cases.letter_template", template_id=template_id), 303)
    page = render_template("cases/letter_template_add.html", form=form, before=before, **_fields())
    return page, status_of(form)


def _looked(form: TemplateForm) -> Looked | None:
    """The template, looked at; None where something is wrong, which then stands beside the file."""
    try:
        looked = templates.look(form.file.data.read())
    except (NotTaken, alone.Busy) as error:
        form.file.errors = [str(error.message)]
        return None
    wrong = _wrong(looked.places)
    form.file.errors = wrong
    return None if wrong else looked


def _wrong(places: Iterable[Place]) -> list[str]:
    """A sentence for each name that is no field, and for braces that are open."""
    names, said = letter_library.names(), []
    for place in places:
        where = list_label("letter_place", place.where)
        around = _ISOLATED.format(place.around)
        if not place.name:
            said.append(
                str(_("Braces that belong to no field, %(where)s: “%(around)s”.", where=where, around=around))
            )
        elif names.meant(place.name) is None:
            near = names.nearest(place.name)
            words = {"name": _ISOLATED.format(place.name), "where": where, "around": around}
            unknown = _("There is no field “%(name)s”, %(where)s: “%(around)s”.", **words)
            meant = " " + _("Did you mean %(near)s?", near=_ISOLATED.format(_braced(near))) if near else ""
            said.append(f"{unknown}{meant}")
    return [" ".join(list(dict.fromkeys(said))[:_NAMED])] if said else []


def found_in(looked: Looked) -> dict[str, Any]:
    """What is kept of what was found: its fields as they are written and as they are meant."""
    names = letter_library.names()
    written = dict.fromkeys(place.name for place in looked.places)
    fields = [[name, meant.code, meant.question] for name in written if (meant := names.meant(name))]
    return {
        "fields": fields,
        "left": list(looked.left),
        "numbers": list(looked.numbers),
        "hidden": list(looked.hidden),
    }


@needs(Permission.LETTER_READ)
def letter_template(template_id: UUID) -> ResponseReturnValue:
    """One template: what it is, its fields, its versions, and what can be done with it."""
    found = letter_library.one(actor(), template_id)
    return render_template("cases/letter_template.html", template=found, languages=NAMES)


@needs(Permission.LETTER_READ)
def template_file(template_id: UUID, number: int) -> ResponseReturnValue:
    """A version as a file, to be read or changed in Word."""
    with transaction():
        content = letter_library.content_of(actor(), template_id, number)
    return download(content, f"template-{number}.docx")


@needs(Permission.LETTER_APPROVE)
def approve_template(template_id: UUID, number: int) -> ResponseReturnValue:
    """Say as a lawyer that letters may be made of the newest version."""
    with transaction():
        letter_library.approve(actor(), template_id, VersionForm().version.data, number)
    flash(_("The template is approved. It is offered in every case."), "done")
    return redirect(url_for("cases.letter_template", template_id=template_id), 303)


@needs(Permission.LETTER_EDIT)
def retire_template(template_id: UUID, act: str) -> ResponseReturnValue:
    """Offer a template no more, or again."""
    retired = act == "retire"
    with transaction():
        letter_library.retire(actor(), template_id, VersionForm().version.data, retired=retired)
    flash(_("The template is retired.") if retired else _("The template is offered again."), "done")
    return redirect(url_for("cases.letter_template", template_id=template_id), 303)


@needs(Permission.LETTER_EDIT)
def template_starter(code: str) -> ResponseReturnValue:
    """A text to begin with, for a lawyer to check, change and bring."""
    if not letter_starters.has(code):
        abort(404)
    return download(letter_starters.written(code), f"{code}.docx")


def _fields() -> dict[str, Any]:
    """What the tables of fields show: by code how each is written, and how a question is."""
    every = reference().lists["letter_name"]
    written = {one.code: {tag: _braced(one.label.of(tag)) for tag in NAMES} for one in every}
    return {
        "written": written,
        "asked": {tag: _braced(f"{ASK[tag]}: …") for tag in NAMES},
        "languages": NAMES,
    }


def _braced(name: str) -> str:
    return f"{{{{{name}}}}}"
