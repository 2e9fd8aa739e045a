"""The doors: signing in and out, the locked screen, a lost password, the password once more."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import identity
from accounts.forms import CodeForm, ForgotForm, PasswordForm, SignInForm
from accounts.routes.blueprint import answer, blueprint, onward, settings
from accounts.service import signin
from core.access import guard
from core.access.guard import locked, pending, public, signed_in
from core.errors import DomainError
from core.store.transaction import transaction
from core.web.limits import few_codes, few_tries


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@few_tries
def sign_in() -> ResponseReturnValue:
    """E-mail address and password."""
    form = SignInForm()
    if form.validate_on_submit():
        checked = signin.check(settings(), form.email.data, form.password.data)
        with transaction():
            token = signin.begin(settings(), checked, device=identity.device(request))
        if token is not None:
            response = redirect(url_for("accounts.second_factor", next=request.args.get("next")), 303)
            return identity.cookie(response, token)
        form.explain(DomainError(_("E-mail address and password do not fit together.")))
    return answer("sign_in", form)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@pending
@few_tries
@few_codes
def second_factor() -> ResponseReturnValue:
    """The authenticator's code, or the personal recovery code."""
    form = CodeForm()
    return answer("second_factor", form)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in, whatever its state."""
    at_door = guard.visitor()
    if at_door is not None:
        with transaction():
            signin.sign_out(at_door)
    session.clear()
    return identity.clear(redirect(url_for("accounts.sign_in"), 303))


@blueprint.post("/lock")
@signed_in
def lock() -> ResponseReturnValue:
    """Lock the screen; the page that was open comes back after the code."""


@blueprint.get("/alive")
@signed_in
def alive() -> ResponseReturnValue:
    """Somebody is still here; the guard has noted it by letting this through."""
    return "", 204
