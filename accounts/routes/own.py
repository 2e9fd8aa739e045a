"""The own account: profile, password, second factor, personal code, devices, calendar."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import identity
from accounts.forms import ChangePasswordForm, EmptyForm, FactorForm, ProfileForm
from accounts.routes import authenticator
from accounts.routes.blueprint import answer, at_door, blueprint, go, settings, shown_once
from accounts.service import feeds, people, signin
from accounts.service import sessions as devices
from core.access.guard import actor, signed_in, signed_in_fresh, visitor
from core.errors import DomainError
from core.store.transaction import transaction
from core.web.limits import few_codes


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """What somebody says about themselves, and the fingerprint of their key."""
    profile = people.profile(actor())
    form = ProfileForm(obj=profile)
    if form.validate_on_submit():
        typed = {name: form[name].data for name in ("name", "language", "languages", "provinces")}
        try:
            with transaction():
                people.change_profile(actor(), form.version.data or 0, **typed)
            flash(_("Your account is saved."), "done")
            return go(url_for("accounts.account"))
        except DomainError as error:
            form.explain(error)
    return answer("account", form, profile=profile)


@blueprint.route("/account/keyboard", methods=["GET", "POST"])
@signed_in
def keyboard() -> ResponseReturnValue:
    """Which single keys do what, and whether they do: some people speak to their computer, or tremble."""
    form = EmptyForm()
    if form.validate_on_submit():
        wanted = request.form.get("shortcuts") == "on"
        with transaction():
            people.use_shortcuts(actor(), wanted=wanted)
        flash(_("The keys are on.") if wanted else _("The keys are off."), "done")
        return go(url_for("accounts.keyboard"))
    return answer("keyboard", form)


def keep_language(code: str) -> None:
    """Keep a switch of language as the choice of whoever is signed in."""
    found = visitor()
    if found is not None and found.actor is not None:
        with transaction():
            people.remember_language(found.actor, code)


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
@few_codes
def change_password() -> ResponseReturnValue:
    """A new password; every other device is signed out."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            new = signin.prepare_password(settings(), actor(), form.current.data, form.password.data)
            with transaction():
                changed = signin.change_password(actor(), at_door().session_id, new)
            if changed:
                flash(_("The password is changed. Other devices are signed out."), "done")
                return go(url_for("accounts.account"))
            form.explain(DomainError(_("This is not your password."), field="current"))
        except DomainError as error:
            form.explain(error)
    return answer("change_password", form)


@blueprint.route("/account/authenticator", methods=["GET", "POST"])
@signed_in
@few_codes
def new_factor() -> ResponseReturnValue:
    """Another telephone: a new entry for the authenticator app, and with it a new personal code."""
    form, app = FactorForm(), authenticator.entry(str(at_door().session_id), people.profile(actor()).email)
    if form.validate_on_submit():
        typed = (form.password.data, app.secret, form.totp_code.data)
        try:
            page = authenticator.put_in_place(
                signin.prepare_factor(settings(), identity.token_text(), *typed)
            )
            if page is not None:
                return page
            form.explain(DomainError(_("This is not your password."), field="password"))
        except DomainError as error:
            form.explain(error)
    return answer("new_factor", form, app=app, lost=bool(request.args.get("lost")))


@blueprint.route("/account/code", methods=["GET", "POST"])
@signed_in_fresh
def personal_code() -> ResponseReturnValue:
    """A new personal code, shown once."""
    form = EmptyForm()
    if not form.validate_on_submit():
        return answer("personal_code", form)
    new = signin.prepare_code(settings(), actor())
    with transaction():
        code = signin.renew_code(actor(), new)
    return shown_once(code, url_for("accounts.account"))


@blueprint.get("/account/devices")
@signed_in
def sessions() -> ResponseReturnValue:
    """Where the actor is signed in."""
    return render_template(
        "accounts/sessions.html", sessions=devices.mine(actor()), here=at_door().session_id
    )


@blueprint.post("/account/devices/<uuid:session_id>/end")
@signed_in
def revoke_session(session_id: UUID) -> ResponseReturnValue:
    """End the sign-in of one device."""
    with transaction():
        devices.revoke(actor(), session_id)
    flash(_("That device is signed out."), "done")
    return go(url_for("accounts.sessions"))


@blueprint.route("/account/calendar", methods=["GET", "POST"])
@signed_in_fresh
def calendar() -> ResponseReturnValue:
    """A secret address at which a calendar program reads when something is due; shown once."""
    form = EmptyForm()
    if not form.validate_on_submit():
        return answer("calendar", form, made_at=feeds.made_at(actor()))
    with transaction():
        token = feeds.make(actor())
    return render_template("accounts/new_calendar.html", address=_address(token))


def _address(token: str) -> str:
    return settings().base_url + url_for("cases.feed", token=token)


@blueprint.post("/account/calendar/end")
@signed_in
def end_calendar() -> ResponseReturnValue:
    """The address stops working."""
    with transaction():
        feeds.end(actor())
    flash(_("The address of your calendar no longer works."), "done")
    return go(url_for("accounts.calendar"))
