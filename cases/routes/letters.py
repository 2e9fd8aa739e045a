"""Letters in a case: a template is chosen, its fields are looked at and filled, the letter is filed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.letters import LetterForm, ask_again, box_of, form_for, marks_of
from cases.routes.filling import done, filled, keep, opened, status_of
from cases.routes.letter_templates import hand_on
from cases.routes.letter_values import numbers_of, values_of
from cases.service import letter_library, letter_making
from cases.service.letter_library import Template, Version
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents import alone, templates
from core.errors import Conflict
from core.store import sealed_files
from core.store.transaction import transaction
from core.web.kept import here
from core.web.labels import list_label
from core.web.locale import NAMES
from domain.letters import Meant

_LONG: Final = frozenset({"", "client.address"})  # what is written in several lines; questions have no code
_DOTS: Final = "…………"  # where something is to be written by hand


@needs(Permission.CASE_NOTE)
def letters(case_id: UUID) -> ResponseReturnValue:
    """Which letters can be written; those that suit what the case is about first."""
    case = opened(case_id)
    hand_on()
    every = letter_library.index(actor())
    found = [one for one in every if one.offered and not one.retired]
    issue = case.record["issue"]
    suit = [one for one in found if one.offered and issue in one.offered.about["issues"]]
    others = [one for one in found if one not in suit]
    shown = {"suit": suit, "others": others, "waiting": sum(one.waits for one in every)}
    return render_template("cases/letters.html", case=case, **shown, languages=NAMES)


@needs(Permission.CASE_NOTE)
def write_letter(case_id: UUID, template_id: UUID) -> ResponseReturnValue:
    """See what the file says for each field, change or add it for this letter, then make it."""
    case = opened(case_id)
    template = letter_library.one(actor(), template_id)
    version = template.offered
    if version is None:
        abort(404)
    fields = {one.key: one for one in _fields(version).values()}
    codes = {one.code for one in fields.values()}
    known = values_of(case, version.about["language"], actor().organisation_id, actor().person_id, codes)
    stands = {box_of(key): known.get(one.code, "") for key, one in fields.items()}
    form = filled(
        form_for((key, _label(one), one.code in _LONG) for key, one in fields.items()),
        version=version.number,
        title=version.about["subject"],
        stood=marks_of(stands),
        **stands,
    )
    if template.retired:
        _keep_retired(form)
    elif form.validate_on_submit() and not ask_again(form, stands):
        document_id = _made(case, template, version, form)
        if document_id is not None:
            flash(_("The letter is in the case. Save it, read it through, and print it."), "done")
            return redirect(url_for("cases.document", case_id=case_id, document_id=document_id), 303)
    boxes = [(form[box_of(key)], bool(known.get(one.code)), one.code) for key, one in fields.items()]
    shown = {"case": case, "template": template, "letter": version, "form": form, "boxes": boxes}
    shown["numbers"] = numbers_of(case)
    return render_template("cases/letter.html", languages=NAMES, **shown), status_of(form)


def _keep_retired(form: LetterForm) -> None:
    """A template that is offered no more makes no letter; what was typed into it is kept and shown."""
    key = here()
    if request.method == "POST" and key is not None:
        keep(key)
    elif form.returned is None:
        abort(404)
    form.form_errors.append(
        _(
            "This template was retired meanwhile, so no letter is made of it. What you typed is kept: use it "
            "in another letter, or ask a lawyer to offer the template again."
        )
    )


def _fields(version: Version) -> dict[str, Meant]:
    """By the name as it stands in the template what is meant."""
    return {name: Meant(code, question) for name, code, question in version.about["fields"]}


def _label(field: Meant) -> str:
    return field.question or list_label("letter_field", field.code)


def _made(case: OpenCase, template: Template, version: Version, form: LetterForm) -> UUID | None:
    """The letter, filed in the case; None where something is wrong, which then stands in the form."""
    said = {name: form[box_of(one.key)].data or _DOTS for name, one in _fields(version).items()}
    try:
        with transaction():
            content = letter_library.content_of(actor(), template.id, version.number)
        file = letter_making.stored(templates.fill(content, said, version.about["language"]))
    except (templates.NotTaken, sealed_files.NotTaken, alone.Busy) as error:
        form.explain(error)
        return None

    def file_it() -> UUID:
        if form.version.data != version.number:
            raise Conflict
        return letter_making.file_letter(
            actor(), case.id, file, form.title.data, template, version, form.token.data
        )

    kept = None
    try:
        kept = done(form, file_it)
    finally:
        if kept != file.id:
            sealed_files.discard(file)
    return kept if isinstance(kept, UUID) else None
