"""Once a declaration was given, the next one is proposed at once, where there is one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import back
from cases.service.declared import Declared
from cases.service.views import OpenCase
from domain.lifecycle import State


def proposed(case: OpenCase, one: Declared | None, said: str) -> ResponseReturnValue:
    """To the form of the next one, or to the page of the case, which says what was done.

    case, one: as they stood before; None for a deadline that is no declaration.
    """
    if one is None or not one.comes_back or case.state in {State.CLOSED, State.ERASED}:
        return back(case.id, said)
    flash(_("It is recorded. Here is the next one: look at its day, then plan it."), "done")
    page = url_for("cases.add_declaration", case_id=case.id, what=one.item.data["what"], after=one.item.id)
    return redirect(page, 303)
