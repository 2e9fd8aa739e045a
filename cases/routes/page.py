"""What the page of a case needs besides the case: the empty forms of what is added in place."""

from __future__ import annotations

from typing import Any

from cases.forms.lines import TypeForm
from cases.forms.services import GiveForm
from cases.forms.todo import blank_task
from cases.forms.work import NoteForm
from cases.service import given
from cases.service.views import OpenCase
from core.access.guard import actor


def whole(case: OpenCase, **more: Any) -> dict[str, Any]:
    """The context of `cases/show.html`. more: a form that came back, instead of an empty one."""
    me = actor().person_id
    task = blank_task(case.members, me)
    lines = {"form": NoteForm(formdata=None), "types": TypeForm(formdata=None), "before": None, "only": ""}
    empty = {**lines, "task": task, **giving(case)}
    return {"case": case, "me": me, **empty, **more}


def giving(case: OpenCase) -> dict[str, Any]:
    """The services of a case and the form for another one."""
    so_far = given.of(case.items)
    before = {"agreed": so_far.agreed, "level": so_far.agreed, "grant": so_far.grant}
    return {"giving": GiveForm(formdata=None, **before), "given": so_far}
