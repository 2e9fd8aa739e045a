"""Who else is in a case, what the check for conflicts found, and the decision about it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.parties import DecisionForm, PartyForm, fields_of
from cases.forms.work import BesideForm
from cases.routes.filling import back, done, filled, opened, people, status_of
from cases.routes.gone import OVER, kept_back
from cases.routes.together import begun_beside
from cases.service import decisions, match_tokens, naming, team
from cases.service.decisions import Asked
from cases.service.match_tokens import Made
from cases.service.views import OpenCase
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Locked
from core.store.transaction import transaction
from core.web.forms import VersionForm
from core.web.labels import list_label
from domain.conflicts import Outcome, seen_from

_RULES: Final = ("whose", "channels", "hours", "message_ok", "cover_name", "others")


@needs(Permission.CASE_READ)
def parties(case_id: UUID) -> ResponseReturnValue:
    """Everybody in the case, and whom to add."""
    case = opened(case_id)
    return _parties(case, filled(PartyForm, sent_to="cases.add_party", version=case.version))


@needs(Permission.CASE_EDIT)
def add_party(case_id: UUID) -> ResponseReturnValue:
    """Name somebody else; everybody is compared again."""
    case, form = opened(case_id), PartyForm()
    if case.state in OVER:
        return kept_back(url_for("cases.parties", case_id=case_id))
    if done(form, lambda: _put(case, form, form.party())):
        return _named(case_id)
    return _parties(case, form)


def _parties(case: OpenCase, form: PartyForm) -> ResponseReturnValue:
    return render_template("cases/parties.html", case=case, form=form), status_of(form)


@needs(Permission.CASE_EDIT)
def party(case_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Change who somebody is, or what in the matter."""
    case = opened(case_id)
    one = naming.of(case.record, str(party_id))
    form = filled(PartyForm, **fields_of(one), version=case.version)
    if done(form, lambda: _put(case, form, form.party(str(party_id)))):
        return _named(case_id)
    shown = {"case": case, "party": one, "form": form, "ruled": naming.has_rules(one)}
    shown["beside"] = BesideForm(formdata=None)
    return render_template("cases/party.html", **shown), status_of(form)


def _put(case: OpenCase, form: PartyForm, one: dict[str, Any]) -> None:
    ready = _made(naming.with_party(case.record, one))
    naming.put(actor(), case.id, form.version.data, one, phone_is=form.phone_is.data or "", ready=ready)


@needs(Permission.CASE_RECORD)
def own_file(case_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Begin a file of their own for an adult who is named in the case; the two are one household."""
    one = naming.of(opened(case_id).record, str(party_id))
    person = {name: one.get(name) or "" for name in ("name_ar", "name_latin", "father")}
    person |= _phone_fields({**next(iter(one.get("phones", ())), {}), **naming.danger(one)})
    role = {"parties-0-role": seen_from(one["role"])}
    return begun_beside(case_id, "household", person, role)


def _phone_fields(phone: dict[str, Any]) -> dict[str, Any]:
    """A number and its rules by the fields of the form of a case; where a call is not safe, nobody calls.

    That holds whatever the number is, and where there is none.
    """
    rules = {name: phone.get(name) for name in ("number", *_RULES)}
    if phone.get("safe_call") == "no":
        rules["channels"] = ["none"]
    return {f"phones-0-{name}": said for name, said in rules.items() if said}


@needs(Permission.CASE_EDIT)
def remove_party(case_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Take somebody out who does not belong there."""
    case, form = opened(case_id), VersionForm()
    ready = _made(naming.without(case.record, str(party_id)))
    with transaction():
        naming.take_out(actor(), case_id, form.version.data, str(party_id), ready=ready)
    return _named(case_id)


def _made(record: dict[str, Any]) -> Made | None:
    """The tokens, which may be slow, before the case is locked; without the key a colleague makes them."""
    try:
        return match_tokens.made_of(actor(), record)
    except Locked:
        return None


def _named(case_id: UUID) -> ResponseReturnValue:
    if may(actor(), Permission.CASE_MATCH):
        flash(_("The people in the case are saved and compared with other files."), "done")
    else:
        flash(
            _(
                "The people in the case are saved. They are compared with other files when a colleague who "
                "holds the key for it works."
            ),
            "info",
        )
    return redirect(url_for("cases.parties", case_id=case_id), 303)


@needs(Permission.CASE_MATCH)
def compare_parties(case_id: UUID) -> ResponseReturnValue:
    """Compare everybody in the case with other files, now."""
    with transaction():
        decisions.check_now(actor(), case_id)
    flash(_("Everybody in the case is compared with other files."), "done")
    return redirect(url_for("cases.conflict", case_id=case_id), 303)


@needs(Permission.CASE_READ)
def conflict(case_id: UUID) -> ResponseReturnValue:
    """What was found, whom to ask, what was decided."""
    case = opened(case_id)
    form = filled(DecisionForm, sent_to="cases.decide_conflict", version=case.version)
    return _conflict(case, form)


@needs(Permission.CONFLICT_DECIDE)
def decide_conflict(case_id: UUID) -> ResponseReturnValue:
    """Decide, with a reason; a wall shuts people out in the same act."""
    case, form = opened(case_id), DecisionForm()
    if case.state in OVER:
        return kept_back(url_for("cases.conflict", case_id=case_id))
    _offer(form, list(Outcome))  # the service says which of these is the actor's
    if done(form, lambda: _decide(case_id, form)):
        return back(case_id, _("The decision is signed and stands in the case."))
    return _conflict(case, form)


def _decide(case_id: UUID, form: DecisionForm) -> None:
    decisions.decide(
        actor(),
        case_id,
        form.version.data,
        Outcome(form.outcome.data),
        form.reason.data or "",
        walled=form.people("walled"),
        named=form.people("named"),
        in_words=_heard,
    )


def _heard(one: Asked) -> str:
    """What another organisation answered, as it stands under the reason of a decision."""
    day = f"{one.answered_at.astimezone(clock.ISTANBUL):%d.%m.%Y}" if one.answered_at else ""
    said = list_label("conflict_reply", one.reply)
    return str(
        _("%(name)s was asked, and answered on %(day)s: %(reply)s", name=one.name, day=day, reply=said)
    )


def _conflict(case: OpenCase, form: DecisionForm) -> ResponseReturnValue:
    with transaction():
        check = decisions.look(actor(), case.id)
    _offer(form, check.outcomes)
    shown = {"case": case, "form": form, "check": check, "grave": Outcome.WALL in check.outcomes}
    return render_template("cases/conflicts.html", **shown), status_of(form)


def _offer(form: DecisionForm, outcomes: list[Outcome]) -> None:
    form.offer(outcomes, people(decisions.colleagues(actor())), people(team.colleagues(actor())))
