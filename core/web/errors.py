"""Error pages: what happened, what was kept, what to do. Nothing about a person, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import structlog
from flask import Flask, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from core.access import guard
from core.audit import service as audit
from core.errors import Busy, DomainError
from core.store.base import db
from core.store.transaction import transaction
from core.web.headers import ASKING, private_face
from core.web.in_place import beside, in_place
from core.web.locale import NAMES, current_language
from vault import VaultError

log = structlog.get_logger("himaya.web")

Words = tuple[str, str, str]  # title, what happened, what to do


def _words(status: int) -> Words:
    """The three sentences of a status."""
    table: dict[int, Callable[[], Words]] = {
        400: lambda: (
            _("This form could not be read"),
            _("The page was open too long, or the form arrived damaged. Nothing was changed."),
            _("Go back, reload the page and send it again."),
        ),
        403: lambda: (
            _("You cannot do this here"),
            _("Your role does not include this step. Nothing was changed."),
            _("Ask a coordinator or an administrator of your organisation."),
        ),
        404: lambda: (
            _("Nothing is here for you"),
            _("The page does not exist, or it is not open to you."),
            _("Go to your desk and start from there."),
        ),
        405: lambda: (
            _("This address only takes a form"),
            _("The page was opened directly. Nothing was changed."),
            _("Go to your desk and start from there."),
        ),
        409: lambda: (
            _("Somebody changed this before you"),
            _("Nothing was overwritten, and this step was not done."),
            _("Go back, reload the page, look at how it stands now and do it again."),
        ),
        413: lambda: (
            _("This is too large"),
            _("The form or file is larger than the limit. Nothing was saved."),
            _("Go back and make it smaller."),
        ),
        423: lambda: (
            _("A key is missing"),
            _("This step waits for somebody who holds the key. Nothing was changed."),
            _("Ask a coordinator to sign in. Then do it again."),
        ),
        429: lambda: (
            _("Too many tries"),
            _("For safety we stopped reading for a short time. Nothing was changed."),
            _("Wait a minute and try again."),
        ),
        422: lambda: (
            _("This cannot be done now"),
            _("Nothing was changed."),
            _("Go back and look at the page again."),
        ),
        503: lambda: (
            _("We cannot save just now"),
            _("The database did not answer. Nothing was changed by this try."),
            _("Keep this page open, wait a minute and send it again."),
        ),
    }
    fallback: Callable[[], Words] = lambda: (  # noqa: E731 - it sits beside the table it completes
        _("Something went wrong on our side"),
        _("The step was stopped and nothing of it was saved."),
        _("Go back and try again. If it happens again, tell your administrator what you were doing."),
    )
    return table.get(status, fallback)()


def page(status: int, message: object | None = None) -> ResponseReturnValue:
    """The error page of a status, with the service's own sentence where it has one."""
    title, what, todo = _words(status)
    return _shown("error", status, {"title": title, "what": str(message) if message else what, "todo": todo})


TOO_LARGE: Final = 413
_TOO_LARGE: Final = _l(
    "What you sent was too large and did not arrive. Go back one page and send a shorter recording or "
    "smaller photos, or only words. What you wrote on the pages before is kept."
)


def _shown(template: str, status: int, words: dict[str, str]) -> ResponseReturnValue:
    """An error as a page of its own, or beside the form that was sent in place."""
    if in_place():
        return beside(make_response(render_template("errors/_failed.html", status=status, **words), status))
    private = private_face()
    if private:
        return _neutral(status, private[0], _TOO_LARGE if status == TOO_LARGE else ""), status
    return render_template(f"errors/{template}.html", status=status, **words), status


def _busy(error: Busy) -> ResponseReturnValue:
    """Not now, and when to try again; on a page for the public in its own words."""
    private = private_face()
    if private and not in_place():
        shown = make_response(_neutral(error.status, private[0], str(error.message)), error.status)
    else:
        shown = make_response(page(error.status, error.message))
    shown.headers["Retry-After"] = str(error.retry_after)
    return shown


def _neutral(status: int, face: str, said: Any = "") -> str:
    """For somebody who asks for help: no name of ours in the title or on the page, and where to go on."""
    missing = status in {404, 405}
    onward = "asking.start" if missing or face == ASKING else "talking.enter"
    pages = [(code, name, url_for(onward, language=code)) for code, name in NAMES.items()]
    return render_template(
        "errors/neutral.html",
        pages=pages,
        onward=url_for(onward, language=current_language()),
        missing=missing,
        said=said,
        too_large=status == TOO_LARGE,
    )


def _unproven() -> ResponseReturnValue:
    """Something stored cannot be proven now: the clock is wrong, or somebody changed the database."""
    return _shown(
        "unproven",
        503,
        {
            "title": _("This cannot be checked just now"),
            "what": _(
                "A signature or a sealed entry that this page needs does not hold at this moment, so we "
                "stopped. Nothing was changed and nothing was lost."
            ),
            "todo": _(
                "This step was not done. Tell whoever looks after the server; the steps below are for them."
            ),
        },
    )


def _refusal() -> None:
    """A refused act goes on the chain in its own transaction, the first having been rolled back."""
    at_door = guard.visitor()
    if at_door is not None and at_door.actor is not None:
        with transaction():
            audit.record(at_door.actor, "refused")


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> ResponseReturnValue:
        db.session.rollback()
        if error.status in {403, 404}:
            _refusal()
        return _busy(error) if isinstance(error, Busy) else page(error.status, error.message)

    @app.errorhandler(VaultError)
    def unproven(error: VaultError) -> ResponseReturnValue:
        db.session.rollback()
        log.error("web.unproven", exc_info=error)
        return _unproven()

    @app.errorhandler(CSRFError)
    def forgery(_error: CSRFError) -> ResponseReturnValue:
        db.session.rollback()
        return page(400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        db.session.rollback()
        if error.response is not None or error.code is None:
            return error
        if error.code in {403, 404}:
            _refusal()
        return page(error.code)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        log.error("web.failed", exc_info=error)  # its class and place; the log drops the rest
        return page(503 if isinstance(error, OperationalError) else 500)
