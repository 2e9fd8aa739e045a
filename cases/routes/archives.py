"""ZIPs of WhatsApp conversations: brought, looked at, emptied into the case in steps."""

from __future__ import annotations

import time
from collections import Counter
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.conversations import ArchiveForm, WhoForm, require_people
from cases.routes.conversations import SAMPLE
from cases.routes.filling import done, filled, opened, status_of
from cases.service import archives, conversations, unpacking
from cases.service.archives import Work
from cases.service.conversations import Said
from cases.service.unpacking import ZIP, Export
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.store.sealed_files import TOO_LARGE, SealedFile
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.in_place import in_place
from core.web.uploads import arrived, takes_one
from domain.imports.whatsapp import parse
from domain.imports.whatsapp_archive import folded
from domain.imports.whatsapp_words import Kind, Sort

SECONDS: Final = 1.2  # of one step, which ends with a transaction


@needs(Permission.CASE_NOTE)
@takes_one(ZIP)
def bring_archive(case_id: UUID) -> ResponseReturnValue:
    """Bring a ZIP, or go on with one that was brought."""
    case = opened(case_id)
    form = ArchiveForm()
    archive_id = _brought(form, case_id) if form.validate_on_submit() else None
    onward = _page(case_id, archive_id) if archive_id else ""
    if in_place():
        # A script sends again what was not read at all, and lets go what is not taken.
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.csrf_token.errors else HTTPStatus.OK
        return render_template("cases/_archive_brought.html", form=form, onward=onward), status
    if onward:
        return redirect(onward, 303)
    with transaction():
        waiting = archives.waiting(actor(), case_id)
    limits = {"largest": ZIP.largest, "too_large": ZIP.words[TOO_LARGE]}
    page = render_template("cases/archive_add.html", case=case, form=form, waiting=waiting, **limits)
    return page, status_of(form)


def _brought(form: ArchiveForm, case_id: UUID) -> UUID | None:
    """Keep the ZIP that came, if a phone made it; None with the reason beside the field."""
    coming = arrived()
    if not coming:
        form.file.errors = [_("Choose the ZIP that the phone exported.")]
        return None
    one = coming[0]
    if one.file is None:
        form.file.errors = [one.error.message if one.error else _("Bring one ZIP at a time.")]
        return None
    file = one.file
    try:
        require_people(parse(unpacking.look(file).text, clock.today()))
    except DomainError as error:
        form.file.errors = [error.message]
        return None
    archive_id = done(form, lambda: archives.begin(actor(), case_id, file, form.token.data))
    one.kept = archive_id == file.id
    return archive_id if isinstance(archive_id, UUID) else None


@needs(Permission.CASE_NOTE)
def archive(case_id: UUID, archive_id: UUID) -> ResponseReturnValue:
    """Look at what a ZIP holds and say who is who, before anything of it is stored."""
    case, work = opened(case_id), _work(case_id, archive_id)
    if work is None:
        return _to_case(case_id)
    if work.to_keep is not None:
        return redirect(url_for("cases.archive_steps", case_id=case_id, archive_id=archive_id), 303)
    export = unpacking.look(work.file)
    form = filled(WhoForm)
    found = form.read(export.text, clock.today())

    def store() -> bool:
        archives.store(actor(), work, found, form.roles(), export.parts, form.token.data)
        return True

    if request.method == "POST" and done(form, store):
        return redirect(url_for("cases.archive_steps", case_id=case_id, archive_id=archive_id), 303)
    said = conversations.said_in(found, form.roles())
    shown: dict[str, Any] = {"said": said, "sample": SAMPLE, "counts": _counts(said, export), "drop": Form()}
    page = render_template(
        "cases/archive.html", case=case, form=form, found=found, archive_id=archive_id, **shown
    )
    return page, status_of(form)


def _counts(said: list[Said], export: Export) -> Counter[str]:
    """How many files the messages name, by what they are, and how many of them the ZIP does not hold."""
    counts: Counter[str] = Counter()
    for one in said:
        if one.kind == Kind.MEDIA:
            there = folded(one.file) in export.parts
            counts[one.sort or Sort.OTHER if there else "missing"] += 1
    return counts


@needs(Permission.CASE_NOTE)
def archive_steps(case_id: UUID, archive_id: UUID) -> ResponseReturnValue:
    """One step of bringing the files in, with each load, until nothing is left."""
    until = time.monotonic() + SECONDS
    while (work := _work(case_id, archive_id)) and work.to_keep and time.monotonic() < until:
        _keep_next(work, until)
    if work is None:
        return _to_case(case_id)
    if work.to_keep is None:
        return redirect(_page(case_id, archive_id), 303)
    if work.to_keep:
        return render_template("cases/archive_steps.html", work=work, case_id=case_id), {"Refresh": "1"}
    with transaction():
        archives.finish(actor(), work)
    return render_template("cases/archive_done.html", work=work, case_id=case_id)


def _keep_next(work: Work, until: float) -> None:
    found = unpacking.unpack(work, work.to_keep or (), until)
    kept: frozenset[UUID] = frozenset()
    try:
        with transaction():
            kept = archives.put(actor(), work, found)
    finally:
        unpacking.forget([one for one in found if isinstance(one, SealedFile) and one.id not in kept])


@needs(Permission.CASE_NOTE)
def drop_archive(case_id: UUID, archive_id: UUID) -> ResponseReturnValue:
    """Let a ZIP go."""
    with transaction():
        archives.drop(actor(), case_id, archive_id)
    flash(_("The ZIP is deleted here. What came into the case before stays."), "done")
    return _to_case(case_id)


def _work(case_id: UUID, archive_id: UUID) -> Work | None:
    with transaction():
        return archives.read(actor(), case_id, archive_id)


def _page(case_id: UUID, archive_id: UUID) -> str:
    return url_for("cases.archive", case_id=case_id, archive_id=archive_id)


def _to_case(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", case_id=case_id), 303)
