"""The doors: signing in and out, the locked screen, a lost password, the password once more."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import identity
from accounts.forms import CodeForm, ForgotForm, JoinForm, PasswordForm, SignInForm
from accounts.routes import authenticator
from accounts.routes.blueprint import answer, at_door, blueprint, go, onward, settings, shown_once, wanted
from accounts.service import sessions, signin
from core.access import guard
from core.access.guard import actor, locked, pending, public, signed_in
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
            token = signin.begin(checked, identity.device())
        if token is not None:
            identity.make_way(checked.person_id)
            return identity.cookie(go(url_for("accounts.second_factor", next=wanted())), token)
        form.explain(DomainError(_("E-mail address and password do not fit together.")))
    elif form.csrf_token.errors:
        visitor = guard.visitor()
        if visitor is not None and visitor.state == "second_factor":
            return go(
                url_for("accounts.second_factor", next=wanted())
            )  # a double click; the first one did it
        form.explain(DomainError(_("The page was open too long. Send it again.")))
    return answer("sign_in", form)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@pending
@few_tries
@few_codes
def second_factor() -> ResponseReturnValue:
    """The authenticator's code, or the personal recovery code in its place."""
    form = CodeForm()
    if form.validate_on_submit():
        factor = signin.check_factor(settings(), identity.opened(), form.code.data)
        with transaction():
            token = signin.finish(factor)
        if token is not None:
            goal = url_for("accounts.new_factor", lost=1) if factor.by_code else onward()
            return identity.cookie(go(goal), token)
        form.explain(_wrong_code())
    if signin.must_change(at_door().person_id):
        return go(url_for("accounts.first"))
    return answer("second_factor", form)


@blueprint.route("/sign-in/renew", methods=["GET", "POST"])
@pending
@few_tries
def first() -> ResponseReturnValue:
    """After recovery by two papers: the one-time code gives way to a password and a second factor."""
    form, app = JoinForm(), authenticator.entry(str(at_door().session_id))
    if form.validate_on_submit():
        try:
            renewal = signin.prepare_first(
                settings(),
                identity.token_text(),
                form.password.data,
                app.secret,
                form.totp_code.data,
            )
        except DomainError as error:
            form.explain(error)
        else:
            return authenticator.put_in_place(renewal) or go(url_for("accounts.sign_in"))
    return answer("first", form, app=app)


@blueprint.route("/sign-in/lost", methods=["GET", "POST"])
@public
@few_tries
def forgot() -> ResponseReturnValue:
    """A lost password; ends on a new personal code, which is shown once."""
    form = ForgotForm()
    if form.validate_on_submit():
        typed = (form.email.data, form.personal_code.data, form.password.data)
        try:
            prepared = signin.prepare_reset(settings(), *typed)
            with transaction():
                code = signin.reset(prepared)
        except DomainError as error:
            form.explain(error)
        else:
            if code is not None:
                return shown_once(code, url_for("accounts.sign_in"))
            form.explain(DomainError(_("E-mail address and recovery code do not fit together.")))
    return answer("forgot", form)


@blueprint.route("/unlock", methods=["GET", "POST"])
@locked
@few_tries
@few_codes
def unlock() -> ResponseReturnValue:
    """Take the lock off the screen."""
    form = CodeForm()
    if form.validate_on_submit():
        factor = signin.check_factor(settings(), identity.opened(), form.code.data)
        with transaction():
            opened = signin.unlock(factor)
        if opened:
            return go(onward())
        form.explain(_wrong_code())
    return answer("unlock", form)


@blueprint.post("/lock")
@signed_in
def lock() -> ResponseReturnValue:
    """Lock the screen; the page that was open comes back after the code."""
    with transaction():
        sessions.lock(at_door().session_id)
    return go(url_for("accounts.unlock", next=wanted(urlsplit(request.referrer or "").path)))


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in, whatever its state. A form in another tab can still be kept for whoever wrote it."""
    visitor = guard.visitor()
    if visitor is not None:
        with transaction():
            signin.sign_out(visitor.session_id)
    return identity.retire(go(url_for("accounts.sign_in")))


@blueprint.route("/confirm", methods=["GET", "POST"])
@signed_in
@few_tries
@few_codes
def confirm() -> ResponseReturnValue:
    """The password once more, before something that matters for others."""
    form = PasswordForm()
    if form.validate_on_submit():
        good = signin.check_password(settings(), actor().person_id, form.password.data)
        with transaction():
            signin.confirm(actor(), at_door().session_id, good=good)
        if good:
            return go(onward())
        form.explain(DomainError(_("This is not your password."), field="password"))
    return answer("confirm", form)


@blueprint.get("/alive")
@signed_in
def alive() -> ResponseReturnValue:
    """Somebody is still here: letting this through has noted it."""
    return "", 204


def _wrong_code() -> DomainError:
    return DomainError(
        _("This code does not fit, or it was used already. Wait for the next one and type it."), field="code"
    )
