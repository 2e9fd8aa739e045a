"""How people come in: the first administrator by a set-up link, everybody else by an invitation."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms import JoinForm, PapersForm, SetUpForm
from accounts.routes import authenticator
from accounts.routes.blueprint import answer, blueprint, go, settings, shown_once
from accounts.routes.papers import paper_texts
from accounts.service import joining, papers
from accounts.service import setup as service
from core.access.guard import public
from core.errors import DomainError, NotFound
from core.store.transaction import transaction
from core.web.limits import few_guesses, few_tries


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
@public
@few_tries
def set_up(token: str) -> ResponseReturnValue:
    """A new organisation; ends on the papers, which are shown once. For an hour the link makes new ones."""
    try:
        service.check_link(settings(), token)
    except NotFound:
        return _papers_again(token)
    form, app = SetUpForm(), authenticator.entry(token)
    if form.validate_on_submit():
        try:
            prepared = service.prepare(settings(), token, _typed(form, app.secret))
            result = service.set_up(settings(), prepared)
        except NotFound:  # a second click was slower than the first
            return go(request.path)
        except DomainError as error:
            form.explain(error)
        else:
            authenticator.forget()
            return render_template(
                "accounts/papers.html", result=result, prefix=form.prefix.data, texts=paper_texts()
            )
    return answer("set_up", form, app=app)


@few_guesses
def _papers_again(token: str) -> ResponseReturnValue:
    """The link was used: whoever lost the page with the papers on the way gets new ones."""
    papers.organisation_of(settings(), token)
    form = PapersForm()
    if form.validate_on_submit():
        try:
            prepared = papers.prepare(settings(), token, form.password.data)
            with transaction():
                result = papers.renew(settings(), token, prepared)
        except DomainError as error:
            form.explain(error)
        else:
            if result is not None:
                return render_template(
                    "accounts/papers.html",
                    result=result,
                    prefix=result.prefix,
                    texts=paper_texts(),
                    again=True,
                )
            form.explain(DomainError(_("This is not your password."), field="password"))
    return answer("papers_again", form)


def _typed(form: SetUpForm, totp_secret: bytes) -> service.SetUpForm:
    """What the administrator typed, as the service wants it."""
    return service.SetUpForm(
        **{name: form[name].data for name in ("name_ar", "name_tr", "name_en", "prefix", "person_name")},
        **{name: form[name].data for name in ("email", "language", "password", "totp_code")},
        totp_secret=totp_secret,
        holders=form.holders,
    )


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@public
@few_tries
def join(token: str) -> ResponseReturnValue:
    """Password and authenticator; ends on the personal code. For an hour the used link says how to go on."""
    try:
        invitation = joining.look(token)
    except NotFound:
        joining.require_just_used(token)
        return render_template("accounts/joined.html")
    form, app = JoinForm(), authenticator.entry(token, invitation.email)
    if form.validate_on_submit():
        try:
            prepared = joining.prepare(settings(), token, form.password.data, app.secret, form.totp_code.data)
            with transaction():
                joined = joining.join(prepared)
        except NotFound:  # a second click was slower than the first
            return go(request.path)
        except DomainError as error:
            form.explain(error)
        else:
            authenticator.forget()
            return shown_once(joined.personal_code, url_for("accounts.sign_in"), joined=True)
    return answer("join", form, app=app, invitation=invitation)
