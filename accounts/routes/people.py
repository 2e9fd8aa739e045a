"""Colleagues: who is here, inviting, leaving."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms import DepartForm, InviteForm
from accounts.routes.blueprint import answer, blueprint, go
from accounts.service import joining
from accounts.service import people as service
from core import clock
from core.access.guard import actor, needs
from core.access.labels import DUTIES, ROLES
from core.access.permissions import Permission, Role
from core.access.policy import may
from core.errors import DomainError, NotFound
from core.store.transaction import transaction


@blueprint.get("/people")
@needs(Permission.PERSON_READ)
def people() -> ResponseReturnValue:
    """Everybody of the organisation, and the invitations that nobody has used."""
    invites = may(actor(), Permission.PERSON_INVITE)
    return render_template(
        "accounts/people.html",
        people=service.everyone(actor()),
        invitations=joining.pending(actor()) if invites else [],
    )


@blueprint.route("/people/invite", methods=["GET", "POST"])
@needs(Permission.PERSON_INVITE, fresh=True)
def invite() -> ResponseReturnValue:
    """Make an invitation; ends on its link, which is shown once."""
    form = InviteForm()
    if form.validate_on_submit():
        roles = frozenset(Role(code) for code in form.roles.data)
        try:
            with transaction():
                token = joining.invite(actor(), form.name.data, form.email.data, roles, form.language.data)
        except DomainError as error:
            form.explain(error)
        else:
            link = url_for("accounts.join", token=token, _external=True)
            until = clock.now() + joining.VALID
            return render_template("accounts/invited.html", link=link, name=form.name.data, expires_at=until)
    return answer("invite", form, duties=[(ROLES[role], duty) for role, duty in DUTIES.items()])


@blueprint.post("/people/invitations/<uuid:invitation_id>/withdraw")
@needs(Permission.PERSON_INVITE)
def revoke_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Withdraw an invitation; its link is dead and the address free."""
    with transaction():
        joining.revoke(actor(), invitation_id)
    flash(_("The invitation is withdrawn. Its link no longer works."), "done")
    return go(url_for("accounts.people"))


@blueprint.route("/people/<uuid:person_id>/end", methods=["GET", "POST"])
@needs(Permission.PERSON_REMOVE, fresh=True)
def depart(person_id: UUID) -> ResponseReturnValue:
    """Say what happens, then end the account; for the last of a role, say that too and ask once more."""
    person = service.colleague(actor(), person_id, Permission.PERSON_REMOVE)
    if person.state != "active":
        raise NotFound
    form = DepartForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.depart(actor(), person_id, forced=form.forced.data == "yes")
            flash(_("The account is ended."), "done")
            return go(url_for("accounts.people"))
        except service.LastOfRole as last:
            form.ask_again(last)
    return answer("depart", form, person=person)
