"""What stands on the public door: an administrator opens and closes it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.locale import NAMES
from intake.forms.desk import HINTS, WORDS, DoorForm
from intake.service import places


@needs(Permission.INTAKE_EDIT)
def door() -> ResponseReturnValue:
    """Open or close the door, and write what stands on it."""
    with transaction():
        row = places.read(actor())
    stored = {
        "version": row.version if row else 0,
        "open": "yes" if row and row.open else "no",
        "provinces": row.provinces if row else [],
        **{
            f"{part}_{code}": text
            for part in WORDS
            for code, text in (getattr(row, part) if row else {}).items()
        },
    }
    form = filled(DoorForm, **stored)
    if done(form, lambda: places.write(actor(), form.version.data, form.values())):
        flash(_("The door says this now."), "done")
        return redirect(url_for("intake.door"), 303)
    shown = {"words": WORDS, "hints": HINTS, "languages_of": NAMES}
    return render_template("intake/door.html", form=form, **shown), status_of(form)
