"""Pages of the duty rota: everybody of the desk sees it, a coordinator writes it."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import by_name, done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.forms import VersionForm
from intake.forms.rota import HoursForm, NewHoursForm, weekday_label
from intake.service import rota as service
from intake.service import week as coming

AnyHours = TypeVar("AnyHours", bound=HoursForm)


@needs(Permission.ROTA_READ)
def rota() -> ResponseReturnValue:
    """The coming seven days, and the hours that make them."""
    with transaction():
        week = coming.week(actor())
    return render_template("intake/rota.html", week=week, weekday_label=weekday_label)


@needs(Permission.ROTA_EDIT)
def add_shift() -> ResponseReturnValue:
    """Put hours on the rota."""
    form = _offered(filled(NewHoursForm), one_date=True)

    def add() -> None:
        service.add(actor(), form.token.data, form.hours(), days=form.days.data, on=form.on.data)

    if done(form, add):
        flash(_("The hours are on the rota."), "done")
        return redirect(url_for("intake.rota"), 303)
    return render_template("intake/shift_new.html", form=form), status_of(form)


@needs(Permission.ROTA_EDIT)
def change_shift(shift_id: UUID) -> ResponseReturnValue:
    """Change hours or people, or take it off the rota."""
    with transaction():
        row = service.shift(actor(), shift_id)
    stored: dict[str, Any] = {
        "version": row.version,
        "begins": f"{row.begins:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "person": str(row.person_id or ""),
        "second": str(row.second_id or ""),
    }
    form = _offered(filled(HoursForm, **stored), one_date=row.on_date is not None)
    if done(form, lambda: service.change(actor(), shift_id, form.version.data, form.hours())):
        flash(_("The hours are changed."), "done")
        return redirect(url_for("intake.rota"), 303)
    return render_template("intake/shift.html", form=form, row=row, weekday_label=weekday_label), status_of(
        form
    )


@needs(Permission.ROTA_EDIT)
def remove_shift(shift_id: UUID) -> ResponseReturnValue:
    """Take hours off the rota."""
    with transaction():
        service.take_out(actor(), shift_id, VersionForm().version.data)
    flash(_("The hours are off the rota."), "done")
    return redirect(url_for("intake.rota"), 303)


def _offered(form: AnyHours, *, one_date: bool) -> AnyHours:
    named = [(str(one), name) for one, name in service.able(actor().organisation_id).items()]
    people = by_name(named, "")[1:]
    first = _("Nobody reads on this date") if one_date else _("Choose")
    form.offer(people, first=first, second=_("Nobody"))
    return form
