"""Pages about other files of a person: the panel beside a form, the list, the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from cases.forms.record import EditCaseForm, NewCaseForm, RecordForm
from cases.forms.work import SameForm
from cases.routes.filling import done, filled, opened, status_of
from cases.service import conflicts, decisions, match_tokens, matching, sameness
from cases.service.decisions import Line
from cases.service.match_tokens import Made
from cases.service.matching import Candidate
from cases.service.reach import find
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import Locked
from core.store.transaction import transaction
from domain.names.people import Evidence
from domain.names.wording import evidence as in_words


@needs(Permission.CASE_RECORD)
def duplicates() -> ResponseReturnValue:
    """The panel anew, while a client is typed."""
    form = NewCaseForm()
    tokens = tokens_of(form)
    shown = {"found": found_for(form, tokens), "met": met_by(form, tokens), "unable": tokens is None}
    return render_template("cases/duplicates.html", **shown, apart=apart(), why=why)


@needs(Permission.CASE_MATCH)
def duplicates_of(case_id: UUID) -> ResponseReturnValue:
    """The panel anew, while the client of a case is changed."""
    find(actor(), Permission.CASE_MATCH, case_id)
    form = EditCaseForm()
    tokens = tokens_of(form)
    shown = {"found": found_for(form, tokens, case_id), "met": [], "unable": tokens is None}
    return render_template("cases/duplicates.html", **shown, apart=apart(), why=why)


def tokens_of(form: RecordForm, others: dict[str, Any] | None = None) -> Made | None:
    """What finds other files of the people who stand in a form; None where the key is not there yet.

    others: the record of a case, which holds whom the form does not ask for.
    """
    return made({**(others or {}), **form.record()})


def made(record: dict[str, Any]) -> Made | None:
    """The same of the people in a record, before a transaction, because it is slow."""
    try:
        return match_tokens.made_of(actor(), record)
    except Locked:
        return None


def found_for(form: RecordForm, tokens: Made | None, case_id: UUID | None = None) -> list[Candidate]:
    """Files that may be about the client who stands in a form; of a case that exists, others than it."""
    if not tokens:
        return []
    client = form.record()["client"]
    with transaction():
        if case_id is None:
            return matching.candidates(actor(), client, match_tokens.of_client(tokens))
        return sameness.alike(actor(), case_id, client, match_tokens.of_client(tokens))


def met_by(form: NewCaseForm, tokens: Made | None) -> list[Line]:
    """Where a conflict of interest is possible with the people who stand in a form."""
    if not tokens:
        return []
    record = form.record()
    with transaction():
        return decisions.lines(actor(), record, conflicts.find_in(actor(), record, tokens))


def answered(found: list[Candidate], met: Sequence[object] = ()) -> bool:
    """Whether somebody looked at every file that may be about the same person, or about the other side."""
    return "anyway" in request.form or (not met and {one.case_id for one in found} <= apart())


def is_held(form: RecordForm, found: list[Candidate], met: Sequence[Line] = ()) -> bool:
    """Whether somebody wanted to save and first has to look at what was found; then the page says so."""
    wanted = request.method == "POST" and not {"look", "add"}.intersection(request.form)
    return wanted and not form.errors and not answered(found, met)


def apart() -> set[UUID]:
    """The files that the page says are of somebody else."""
    ids = set()
    for text in request.form.getlist("apart"):
        try:
            ids.add(UUID(text))
        except ValueError:
            continue
    return ids


def why(found: tuple[Evidence, ...]) -> Markup:
    """The reasons in words, each name isolated."""
    isolated = tuple(
        replace(
            each,
            reasons=tuple(
                reason._replace(one=_isolated(reason.one), other=_isolated(reason.other))
                for reason in each.reasons
            ),
        )
        for each in found
    )
    return Markup(in_words(isolated, lambda text: Markup(_(text))))  # noqa: S704 - our own sentences; names are escaped


def _isolated(name: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name)  # format() escapes it


@needs(Permission.CASE_MATCH)
def same(case_id: UUID) -> ResponseReturnValue:
    """Other files that may be about the person of a case, and those that are."""
    case = opened(case_id)
    others = sameness.Others([], [], [])
    missing = None
    try:
        tokens = match_tokens.made(actor(), case.record["client"])
        with transaction():
            others = sameness.look(actor(), case_id, tokens)
    except Locked as error:
        missing = error.message
    return render_template("cases/same.html", case=case, others=others, missing=missing, why=why)


_SAID: Final = {
    sameness.LINKED: _l("The answer is kept. Whoever opens one of the files finds the other."),
    sameness.APART: _l(
        "The answer is kept. These two are not shown as alike any more; it can be changed below."
    ),
    "": _l("The answer is taken back. The two are compared as before."),
}


@needs(Permission.CASE_MATCH)
def compare(case_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Two files beside each other, and what somebody says of them."""
    with transaction():
        both = sameness.compare(actor(), case_id, other_id)
    form = filled(SameForm, version=both.one.version, other=both.other.version, said=both.said)
    if done(form, lambda: sameness.say(actor(), case_id, other_id, form.versions(), form.answer())):
        flash(_SAID[form.answer()], "done")
        return redirect(url_for("cases.same", case_id=case_id), 303)
    return render_template("cases/compare.html", both=both, form=form, why=why), status_of(form)
