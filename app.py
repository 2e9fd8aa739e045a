"""The application: it knows everything; only the server, the commands and the tests import it."""

from __future__ import annotations

from flask import Flask, Response, redirect, url_for
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import identity
from accounts.routes import blueprint as accounts_pages
from accounts.routes import doors
from accounts.routes.own import keep_language
from accounts.service import drafts, last, people, recovery, trust
from advocacy.routes import blueprint as advocacy_pages
from advocacy.service import pulling, recalled
from awareness.routes import blueprint as awareness_pages
from awareness.routes import public_blueprint
from cases.models import CaseItem
from cases.routes import blueprint as cases_pages
from cases.service import (
    assignment,
    bars,
    begun,
    closing,
    conflicts,
    consents,
    decisions,
    departure,
    drawing,
    files,
    inherited,
    item_bars,
    left_open,
    match_tokens,
    matters,
    members,
    opening,
    orders,
    rotation,
    supervising,
)
from config.settings import Settings
from core.access import guard
from core.audit import service as audit
from core.jobs import queue
from core.outgoing.ways import init_outgoing
from core.store.base import db, prepare_engine
from core.web.errors import init_errors
from core.web.filters import init_filters
from core.web.headers import init_headers
from core.web.in_place import init_in_place
from core.web.labels import init_labels
from core.web.limits import init_limits
from core.web.locale import init_locale
from core.web.numbers import init_numbers
from core.web.packing import init_packing
from core.web.pages import init_pages, own_language
from core.web.uploads import init_uploads
from desk.routes import blueprint as desk_pages
from intake.models import Request
from intake.routes import asking_blueprint, talking_blueprint
from intake.routes import blueprint as intake_pages
from intake.service import (
    casework,
    comparing,
    complaints,
    deciding,
    outside,
    readers,
    rekeying,
    rota,
    telling,
    visiting,
)
from referrals.models.conflicts import ConflictEnquiry
from referrals.models.referrals import Referral
from referrals.routes import blueprint as referrals_pages
from referrals.service import conflict_asking, ending, listing
from reports.routes import blueprint as reports_pages
from reports.service import releases


def create_app(settings: Settings) -> Flask:
    """Build the application for one installation. Raises RuntimeError when a view has no access mark."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.cookie_key,
        SESSION_COOKIE_NAME="__Host-form",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_SECRET_KEY=settings.csrf_key,
        WTF_CSRF_TIME_LIMIT=None,  # the session's own limit decides; a long form must outlive an hour
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy may withhold the header; the token is what counts
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
    )
    app.extensions["himaya"] = settings
    if https:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign] # the documented way
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    audit.install()
    trust.install(settings)
    match_tokens.install(settings)
    telling.install(settings)
    queue.init_queue(app, settings)
    init_outgoing(app, settings)
    forgery = CSRFProtect(app)
    forgery.exempt(public_blueprint)  # a search changes nothing, and there is no cookie to abuse
    forgery.exempt(
        doors.sign_in
    )  # its form checks by itself: what was typed stays, and a double click is none
    for face in (asking_blueprint, talking_blueprint):
        forgery.exempt(face)  # their forms check by themselves: what a frightened person typed stays
    login = LoginManager(app)
    login.session_protection = None  # identity comes from our own cookie, never from Flask's session
    login.request_loader(identity.identify)
    init_locale(app, own_language, keep_language)
    init_limits(app, settings)
    init_filters(app)
    init_labels(app)
    init_pages(app)
    init_packing(app)
    init_headers(app, https=https)
    init_uploads(app, settings)
    init_errors(app)
    init_in_place(app)
    init_numbers(app)
    for blueprint in (
        accounts_pages,
        cases_pages,
        referrals_pages,
        reports_pages,
        advocacy_pages,
        awareness_pages,
        public_blueprint,
        intake_pages,
        asking_blueprint,
        talking_blueprint,
        desk_pages,
    ):
        app.register_blueprint(blueprint)
    _wire()
    _roots(app)
    guard.init_app(app)
    return app


def _wire() -> None:
    """What a feature below must know of one above is registered here."""
    guard.keep_form[:] = [identity.keep_form]
    people.on_departure[:] = [
        departure.person_left,
        rota.person_left,
        deciding.person_left,
        readers.person_left,
    ]
    drafts.no_more[:] = [visiting.taken_back]
    drafts.shut[:] = [begun.is_shut]
    last.also[:] = [readers.would_be_unheard]
    recovery.on_recovery[:] = [departure.person_recovered, readers.person_recovered]
    consents.sharing_changed[:] = [ending.sharing_changed]
    consents.stories_changed[:] = [pulling.consent_changed]
    releases.on_revoked[:] = [recalled.release_revoked]
    closing.on_closed[:] = [pulling.closed, conflict_asking.decided]
    assignment.on_accepted[:] = [members.succeeded]
    matters.on_power[:] = [members.represented]
    members.on_restricted[:] = [pulling.restricted]
    conflicts.also_compared[:] = [comparing.holding]
    rotation.also_sealed[:] = [
        rotation.Also(Referral, ending.rotated),
        rotation.Also(Request, casework.rotated),
        rotation.Also(ConflictEnquiry, conflict_asking.rotated),
        rotation.Also(CaseItem, inherited.rotated),
    ]
    orders.also[:] = [orders.Also(rekeying.KIND, rekeying.due, rekeying.carry_out)]
    decisions.asked_about[:] = [conflict_asking.of_case]
    decisions.on_looked[:] = [conflict_asking.looked_at]
    decisions.on_decided[:] = [outside.decided, conflict_asking.decided]
    bars.bars[:] = [left_open.bars, item_bars.bars, ending.bars]
    bars.forbids[:] = [supervising.not_by_who_was_asked]
    bars.left[:] = [left_open.leave, supervising.closed_over]
    closing.complained[:] = [complaints.about_case]
    drawing.complained_about[:] = [complaints.cases_about]
    files.on_saved[:] = [telling.heed]
    opening.beside.update(referrals=listing.of_case, conversations=casework.of_case)


def _roots(app: Flask) -> None:
    """The bare address, and the two that tell a machine how we are."""

    @app.get("/")
    @guard.public
    def start() -> Response:
        return redirect(url_for("desk.show"), 303)  # type: ignore[return-value] # werkzeug's own response class

    @app.get("/healthz")
    @guard.public
    def healthz() -> str:
        return "ok"

    @app.get("/readyz")
    @guard.public
    def readyz() -> str:
        db.session.execute(db.text("SELECT 1"))
        return "ok"
