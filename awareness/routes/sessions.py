"""Sessions and campaigns that were held: the list with its totals, one with its history, the forms."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awareness.forms.sessions import FORMS, HeldForm, WithdrawForm, stored
from awareness.routes.held_words import described, replaced
from awareness.service import session_log
from awareness.service import sessions as service
from awareness.service.held import CAMPAIGN, SESSION
from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import Conflict
from core.reference import reference
from core.web.kept import uuid_of


@needs(Permission.SESSION_READ)
def sessions() -> ResponseReturnValue:
    """What was held, page by page, and the totals of each year."""
    lists, after = reference().lists, uuid_of(request.args.get("after"))
    page = session_log.page(actor(), after)
    return render_template(
        "awareness/sessions.html",
        lines=page.lines,
        next_url=url_for("awareness.sessions", after=page.next) if page.next else "",
        first_url=url_for("awareness.sessions") if after else "",
        totals=session_log.totals(actor()),
        sexes=lists["sex"].codes,
        ages=lists["age_band"].codes,
    )


@needs(Permission.SESSION_READ)
def session(held_id: UUID) -> ResponseReturnValue:
    """One session or campaign, whole, with what was corrected."""
    opened = session_log.opened(actor(), held_id)
    return render_template(
        "awareness/session.html",
        opened=opened,
        described=described(opened.held),
        corrections=[(one, replaced(one)) for one in opened.corrections],
    )


@needs(Permission.SESSION_LOG)
def log_session() -> ResponseReturnValue:
    """Write down a session."""
    return _log(SESSION, _("The session is written down."))


@needs(Permission.SESSION_LOG)
def log_campaign() -> ResponseReturnValue:
    """Write down a campaign."""
    return _log(CAMPAIGN, _("The campaign is written down."))


@needs(Permission.SESSION_LOG)
def correct_session(held_id: UUID) -> ResponseReturnValue:
    """Put right what was written down; what somebody else saved meanwhile is shown beside what was typed."""
    opened = session_log.opened(actor(), held_id)
    form = filled(FORMS[opened.held.kind], **stored(opened.held, opened.row.version))
    try:
        if done(form, lambda: service.correct(actor(), held_id, form.version.data, form.held())):
            return _to(held_id, _("The changes are saved."))
    except Conflict:
        now = session_log.opened(actor(), held_id)
        form.version.data = now.row.version
        return _form(form, now.held.kind, now, changed=described(now.held)), HTTPStatus.CONFLICT
    return _form(form, opened.held.kind, opened), status_of(form)


@needs(Permission.SESSION_LOG)
def withdraw_session(held_id: UUID) -> ResponseReturnValue:
    """Ask for the reason, then take back what should not count."""
    opened = session_log.opened(actor(), held_id)
    form = filled(WithdrawForm, version=opened.row.version)
    if done(form, lambda: service.withdraw(actor(), held_id, form.version.data, form.because.data)):
        return _to(held_id, _("It is taken back and does not count any more."))
    page = render_template(
        "awareness/withdraw_session.html", form=form, opened=opened, described=described(opened.held)
    )
    return page, status_of(form)


def _log(kind: str, said: str) -> ResponseReturnValue:
    form = filled(FORMS[kind], language="ar", version=1)
    if done(form, lambda: service.log(actor(), form.token.data, form.held())):
        flash(said, "done")
        return redirect(url_for("awareness.sessions"), 303)
    return _form(form, kind), status_of(form)


def _form(
    form: HeldForm,
    kind: str,
    opened: session_log.OpenSession | None = None,
    changed: dict[str, str] | None = None,
) -> str:
    return render_template(f"awareness/log_{kind}.html", form=form, opened=opened, changed=changed)


def _to(held_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("awareness.session", held_id=held_id), 303)
