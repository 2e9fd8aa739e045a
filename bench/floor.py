"""The floor: a small Flask program that shows the same pages in plain text.

Same templates, addresses, tables, rows, bytes and number of statements, an audit row where the product writes
one; a session by its row, roles by their rows, and nothing else: no encryption, no certificate, no rule, no
chain, no header, and a limit only at the doors, which are in `floor_doors`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from flask import Flask, abort, g, render_template, request, url_for
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import exists, literal, select, union_all, update
from sqlalchemy.orm import load_only

from accounts.models import Draft, Person
from accounts.routes import blueprint as accounts_pages
from bench.floor_asking import init_asking
from bench.floor_doors import enter, init_doors, record
from cases.forms.lines import TypeForm
from cases.forms.listing import FilterForm
from cases.forms.todo import blank_task
from cases.forms.work import NoteForm
from cases.models import (
    Assignment,
    Case,
    CaseFile,
    CaseItem,
    CaseKeyRing,
    CaseMember,
    Consent,
    Deadline,
    Entry,
    Order,
)
from cases.routes import blueprint as cases_pages
from cases.routes.page import giving
from cases.service.views import MemberLine, OpenCase, OpenConsent, OpenEntry, Page, Row
from core import clock
from core.access.permissions import Permission, Role
from core.access.policy import RULES
from core.store.base import db, prepare_engine
from core.store.transaction import transaction
from core.web.filters import init_filters
from core.web.labels import init_labels
from core.web.locale import init_locale
from desk.routes import blueprint as desk_pages
from domain import lifecycle
from intake.models import Request
from intake.routes import blueprint as intake_pages
from referrals.models.referrals import Referral
from referrals.routes import blueprint as referrals_pages
from reports.routes import blueprint as reports_pages

LIMIT = 100
_ALLOWED = {permission for permission, roles in RULES.items() if Role.CASEWORKER in roles}
_CARD = load_only(
    Case.number, Case.reference, Case.state, Case.urgency, Case.restricted, Case.opened_on, Case.version,
    Case.epoch, Case.organisation_id, Case.card,
)  # fmt: skip  # what the product reads for a list


def web() -> Flask:
    """The program as gunicorn loads it. FLOOR_DATABASE says where its database is."""
    app = Flask("floor", root_path=str(Path.cwd()), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=os.urandom(32),
        SQLALCHEMY_DATABASE_URI=os.environ["FLOOR_DATABASE"],
        WTF_CSRF_SSL_STRICT=False,
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    CSRFProtect(app)
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(lambda _request: None)  # forms ask who sends them; here nobody is known that way
    init_locale(app, lambda: g.person.language if "person" in g else None)
    init_filters(app)
    init_labels(app)
    for blueprint in (accounts_pages, cases_pages, intake_pages, referrals_pages, reports_pages, desk_pages):
        app.register_blueprint(blueprint)
    app.view_functions.update({"cases.index": index, "cases.show": show})
    init_doors(app)
    init_asking(app)
    app.context_processor(around)
    return app


def around() -> dict[str, Any]:
    """What stands around the content of a page."""
    if "person" not in g:
        return {"actor": None, "navigation": [], "may": lambda _permission: False}
    person = db.session.get(Person, g.person_id)
    entries = (("My desk", "desk.show"), ("Cases", "cases.index"), ("Record a case", "cases.new"))
    own = (
        ("My account", "accounts.account"),
        ("My devices", "accounts.sessions"),
        ("Roles", "accounts.roles"),
    )
    return {
        "Permission": Permission,
        "may": lambda permission: permission in _ALLOWED,
        "actor": g.person,
        "navigation": [(label, url_for(name), request.endpoint == name) for label, name in entries],
        "account_links": [(label, url_for(name)) for label, name in own],
        "signed_in_as": person.name if person else "",
        "home_url": url_for("desk.show"),
        "lock_url": url_for("accounts.lock"),
        "sign_out_url": url_for("accounts.sign_out"),
        "alive_url": url_for("accounts.alive"),
        "idle_seconds": 900,
    }


def mine() -> Any:
    """The cases of the person at the door."""
    member = exists().where(
        CaseMember.case_id == Case.id, CaseMember.person_id == g.person_id, CaseMember.ended_at.is_(None)
    )
    return Case.organisation_id == g.organisation_id, member


def rings(ids: list[UUID]) -> list[Any]:
    """As many rows and bytes as the product reads keys."""
    wrapped = select(CaseKeyRing.case_id, CaseKeyRing.epoch, CaseKeyRing.wrapped)
    return list(
        db.session.execute(wrapped.where(CaseKeyRing.person_id == g.person_id, CaseKeyRing.case_id.in_(ids)))
    )


def index() -> str:
    """The list of cases."""
    enter()
    form = FilterForm(formdata=request.args)
    form.validate()
    before = request.args.get("before")
    with transaction():
        statement = select(Case).where(*mine()).order_by(Case.number.desc()).limit(LIMIT + 1).options(_CARD)
        if before:
            statement = statement.where(Case.number < int(before))
        found = list(db.session.scalars(statement))
        shown = found[:LIMIT]
        rings([case.id for case in shown])
        lines = [line(case) for case in shown]
        following = shown[-1].number if len(found) > LIMIT else None
        record("case.list")
    listed = Page(lines, following)
    return render_template("cases/index.html", form=form, listed=listed, before=before, filters={})


def line(case: Case) -> Row:
    """A line of the list."""
    card = orjson.loads(case.card)
    return Row(
        case.id, case.reference, case.state, case.urgency, case.restricted, case.opened_on, card["name"],
        card["issue"], card["province"], card["next_step"], readable=True,
    )  # fmt: skip  # one row


def show(case_id: UUID) -> str:
    """A whole case."""
    enter()
    with transaction():
        case = read(case_id)
        record("case.read")
    draft = select(Draft).where(
        Draft.person_id == g.person_id, Draft.form == "cases.note", Draft.object_id == case_id
    )
    kept = db.session.scalar(draft) is not None
    form, task = NoteForm(formdata=None), blank_task(case.members, g.person_id)
    types = TypeForm(formdata=None)
    shown = {"case": case, "form": form, "types": types, "task": task, "before": None, "me": g.person_id}
    return render_template("cases/show.html", **shown, **giving(case), kept=kept)


def read(case_id: UUID) -> OpenCase:
    """Everything that stands on the page of a case."""
    case = db.session.scalar(select(Case).where(*mine(), Case.id == case_id).with_for_update())
    if case is None:
        abort(404)
    rings([case.id])
    db.session.execute(
        update(CaseMember)
        .where(
            CaseMember.case_id == case.id,
            CaseMember.person_id == g.person_id,
            CaseMember.ended_at.is_(None),
        )
        .values(seen_at=clock.now())
    )
    versions = union_all(
        select(literal("case_entries"), Entry.id, Entry.version).where(Entry.case_id == case.id),
        select(literal("case_consents"), Consent.id, Consent.version).where(Consent.case_id == case.id),
    )
    db.session.execute(versions).all()
    entries = db.session.execute(
        select(Entry, Person.name)
        .join(Person, Person.id == Entry.author_id)
        .where(Entry.case_id == case.id)
        .order_by(Entry.written_at.desc(), Entry.id.desc())
        .limit(51)
    ).all()
    consents = db.session.scalars(
        select(Consent).where(Consent.case_id == case.id).order_by(Consent.recorded_at, Consent.id)
    ).all()
    members = db.session.execute(
        select(CaseMember.person_id, Person.name, CaseMember.capacity, CaseMember.since, CaseMember.until)
        .join(Person, Person.id == CaseMember.person_id)
        .where(CaseMember.case_id == case.id, CaseMember.ended_at.is_(None))
        .order_by(CaseMember.since, Person.name)
    ).all()
    db.session.execute(
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.lawyer_id)
        .where(Assignment.case_id == case.id)
        .order_by(Assignment.offered_at.desc(), Assignment.id)
        .limit(1)
    ).first()
    db.session.scalars(
        select(Referral).where(Referral.case_id == case.id).order_by(Referral.created_at.desc())
    ).all()
    db.session.scalars(select(Request).where(Request.case_id == case.id).order_by(Request.created_at)).all()
    db.session.scalars(select(Deadline).where(Deadline.case_id == case.id)).all()
    db.session.scalars(select(CaseItem).where(CaseItem.case_id == case.id)).all()
    newest = CaseFile.added_at.desc(), CaseFile.id.desc()
    db.session.scalars(select(CaseFile).where(CaseFile.case_id == case.id).order_by(*newest).limit(12)).all()
    waiting = db.session.scalars(
        select(Order.kind).where(Order.case_id == case.id, Order.done_at.is_(None)).distinct()
    ).all()
    return OpenCase(
        id=case.id,
        reference=case.reference,
        state=case.state,
        urgency=case.urgency,
        restricted=case.restricted,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        version=case.version,
        record=orjson.loads(case.record),
        entries=[entry(row, author) for row, author in entries],
        more_entries=None,
        consents=[consent(row) for row in consents],
        members=[MemberLine(*row) for row in members],
        deadlines=[],
        assignment=None,
        waiting=sorted(waiting),
        next_states=[str(state) for state in lifecycle.next_states(case.state, g.roles)],
    )


def entry(row: Entry, author: str) -> OpenEntry:
    """A line of the timeline."""
    data = orjson.loads(row.sealed)
    return OpenEntry(row.id, data["kind"], author, row.written_at, data["text"], data["data"])


def consent(row: Consent) -> OpenConsent:
    """A consent."""
    data = orjson.loads(row.sealed)
    return OpenConsent(
        row.id, data["kind"], data["answer"], data["version"], data["language"], data["how"], row.recorded_at,
        row.version,
    )  # fmt: skip  # one row
