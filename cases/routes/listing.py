"""The lists of cases and of deadlines, and the search, whose words never stand in an address."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cases.forms.listing import FilterForm
from cases.forms.work import SearchForm, WhoseForm
from cases.routes.choosing import MORE, in_words, known
from cases.routes.filling import number_of, status_of
from cases.service import filtering, searching
from cases.service.agenda import Place, agenda
from cases.service.filtering import Filters, Listed
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction

STEPS = 4  # at once for a first search: about two seconds
EVERY = searching.SEARCHED // searching.STEP  # until nothing waits


@needs(Permission.CASE_LIST)
def index() -> ResponseReturnValue:
    """A page of cases, newest first; an unknown filter filters nothing."""
    form = FilterForm(formdata=request.args)
    form.validate()
    chosen = {
        "state": "" if form.state.errors else form.state.data,
        "urgency": "" if form.urgency.errors else form.urgency.data,
        "mine": "y" if form.mine.data else "",
    }
    more = known(request.args) if MORE.intersection(request.args) else {}
    before = number_of(request.args.get("before", ""))
    filters = Filters.of({**more, **chosen})
    shown = {"form": form, "listed": listed_by(filters, before), "before": before}
    return render_template(
        "cases/index.html", **shown, filters=filters.chosen(), more=in_words(filters.only(MORE))
    )


def listed_by(filters: Filters, before: int | None) -> Listed:
    """A page of the cases that fit; where many have to be read first, some of them are."""
    with transaction():
        listed = filtering.listed(actor(), filters, before)
    if listed.waiting:
        catch_up(STEPS)
        with transaction():
            listed = filtering.listed(actor(), filters, before)
    return listed


@needs(Permission.CASE_LIST)
def deadlines() -> ResponseReturnValue:
    """A page of open deadlines, the soonest first; an unknown choice chooses nothing."""
    form = WhoseForm(formdata=request.args)
    whose = form.whose.data or "" if form.validate() else ""
    after = _place(request.args.get("after", ""))
    with transaction():
        listed = agenda(actor(), whose=whose, after=after)
    following = f"{listed.next[0].isoformat()}.{listed.next[1]}" if listed.next else ""
    shown = {"form": form, "listed": listed, "whose": whose, "after": after, "following": following}
    return render_template("cases/deadlines.html", **shown)


def _place(text: str) -> Place | None:
    """The line after which a page of deadlines begins; a damaged one begins at the top."""
    day, _, deadline_id = text.partition(".")
    try:
        return dt.date.fromisoformat(day), UUID(deadline_id)
    except ValueError:
        return None


def catch_up(steps: int) -> int:
    """Make cases ready to be searched, each step in a transaction of its own: others write in between.

    Gives how many still wait.
    """
    waiting = 0
    for _step in range(steps):
        with transaction():
            waiting = searching.catch_up(actor())
        if not waiting:
            break
    return waiting


@needs(Permission.CASE_LIST)
def search() -> ResponseReturnValue:
    """Search by name, number or reference."""
    form, found = SearchForm(), None
    if form.validate_on_submit():
        with transaction():
            found = searching.search_cases(actor(), form.q.data or "")
        if found.waiting:
            catch_up(STEPS)
            with transaction():
                found = searching.search_cases(actor(), form.q.data or "")
    return render_template("cases/search.html", form=form, found=found), status_of(form)
