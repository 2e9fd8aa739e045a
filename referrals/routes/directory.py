"""The directory: find who offers what is needed where, and keep it right."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Conflict
from core.store.transaction import transaction
from core.web.forms import VersionForm
from core.web.locale import current_language
from referrals.forms.directory import EntryForm, FindForm
from referrals.models.directory import DirectoryEntry
from referrals.service import directory as service


@needs(Permission.DIRECTORY_READ)
def directory() -> ResponseReturnValue:
    """Who offers a service in a place."""
    form = FindForm(formdata=request.args)
    form.validate()
    with transaction():
        service.begin(actor())
    lines = service.search(actor(), current_language(), need=form.need.data, province=form.province.data)
    gone = service.retired(actor(), current_language()) if may(actor(), Permission.DIRECTORY_EDIT) else []
    return render_template("referrals/directory.html", form=form, lines=lines, gone=gone)


@needs(Permission.DIRECTORY_READ)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry, whole."""
    row = service.entry(actor(), entry_id)
    names = dict(service.partners(actor(), current_language()))
    return render_template("referrals/entry.html", entry=row, partner=names.get(str(row.partner_id), ""))


@needs(Permission.DIRECTORY_EDIT)
def add_entry() -> ResponseReturnValue:
    """Add an organisation or service."""
    form = _form(version=1, capacity="unknown", review_on=service.next_review())
    made = done(form, lambda: service.add(actor(), form.token.data, form.values()))
    if made:
        return _to(made, _("The entry is in the directory."))
    return render_template("referrals/edit_entry.html", form=form, entry=None), status_of(form)


@needs(Permission.DIRECTORY_EDIT)
def edit_entry(entry_id: UUID) -> ResponseReturnValue:
    """Change an entry; what somebody else saved meanwhile is shown beside what was typed."""
    row = service.entry(actor(), entry_id)
    stored = {column.name: getattr(row, column.name) for column in DirectoryEntry.__table__.columns}
    form = _form(**{**stored, "partner": str(row.partner_id or "")})
    try:
        if done(form, lambda: service.change(actor(), entry_id, form.version.data, form.values())):
            return _to(entry_id, _("The changes are saved."))
    except Conflict:
        now = service.entry(actor(), entry_id)
        form.version.data = now.version
        page = render_template("referrals/edit_entry.html", form=form, entry=now, changed=True)
        return page, HTTPStatus.CONFLICT
    return render_template("referrals/edit_entry.html", form=form, entry=row), status_of(form)


@needs(Permission.DIRECTORY_EDIT)
def retire_entry(entry_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take an entry out of the directory."""
    row = service.entry(actor(), entry_id)
    form = VersionForm(version=row.version)
    if done(form, _retire(entry_id, form)):
        flash(_("The entry is out of the directory."), "done")
        return redirect(url_for("referrals.directory"), 303)
    return render_template("referrals/retire_entry.html", form=form, entry=row), status_of(form)


def _retire(entry_id: UUID, form: VersionForm) -> Callable[[], None]:
    return lambda: service.retire(actor(), entry_id, form.version.data)


@needs(Permission.DIRECTORY_EDIT)
def restore_entry(entry_id: UUID) -> ResponseReturnValue:
    """Put an entry back."""
    with transaction():
        service.restore(actor(), entry_id, VersionForm().version.data)
    return _to(entry_id, _("The entry is in the directory. Call before you rely on it."))


def _form(**values: Any) -> EntryForm:
    form = filled(EntryForm, **values)
    form.offer(service.partners(actor(), current_language()))
    return form


def _to(entry_id: object, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("referrals.entry", entry_id=entry_id), 303)
