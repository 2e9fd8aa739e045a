"""The floor's public form: the same pages, rows and statements, and a request that lies open.

What the product seals stands in its columns as JSON, with as many blanks behind it as sealing takes bytes;
the code is a random number, looked up as it stands.
"""

from __future__ import annotations

import os
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, exists, select

from accounts.models import CertificateRow, Organisation, OrganisationKey
from bench import floor_uploading
from bench.floor_doors import limiter, record
from bench.floor_uploading import init_uploading
from core import clock
from core.store.base import db, send
from core.store.transaction import transaction
from core.web.limits import SENT_BY_ADDRESS, SENT_BY_ALL
from intake.forms.asking import SendForm, TellForm
from intake.forms.pages import steps
from intake.forms.reaching import ReachForm
from intake.models import IntakePlace, Receipt, Request, RequestDraft, RequestFile
from intake.routes.blueprint import asking_blueprint, talking_blueprint
from intake.routes.bringing import carried_on
from intake.routes.faces import keep, page, was_sent
from intake.service import drafts, sending
from intake.service.attachments import Added, Attached
from vault import SessionToken

COOKIE: Final = "__Host-page"
STEPS: Final = steps({ReachForm.mark(): True})  # of somebody who gives no number
LAST: Final = len(STEPS) + 1
_DESK_KEY: Final = (
    select(OrganisationKey.id, Organisation.root_public, CertificateRow.statement)
    .join(Organisation, Organisation.id == OrganisationKey.organisation_id)
    .join(CertificateRow, CertificateRow.id == OrganisationKey.certificate_id)
    .where(OrganisationKey.organisation_id == bindparam("home"))
    .where(OrganisationKey.kind == "desk", OrganisationKey.retired_at.is_(None))
)
# What sealing adds, and the product's other columns, in bytes.
_SEALED, _WRAP, _PRIVATE, _LOOKUP, _PUBLIC = 64, 1_224, 96, 32, 1_216


def init_asking(app: Flask) -> None:
    """Put the public form where the product has its own."""
    for blueprint in (asking_blueprint, talking_blueprint):
        app.register_blueprint(blueprint)
    app.view_functions.update({"asking.step": step})
    init_uploading(app)


def step(language: str, number: int) -> ResponseReturnValue:
    """A page of the form with what was answered, and the last one, which sends."""
    draft, answers = _draft()
    if number < LAST:
        db.session.scalar(select(exists().where(IntakePlace.open)))
        kind, began = STEPS[number - 1], draft.id  # what was read is read anew after a commit
        form: Any = kind(data=answers) if request.method == "GET" else kind()
        waiting = []
        if isinstance(form, TellForm):
            carried_on(form, _bring, bool)
            waiting = floor_uploading.waiting(began)
        named = {"number": number, "last": LAST, "began": began, "waiting": waiting}
        shown = page(f"intake/step_{kind.page}.html", form, **named)
        return keep(shown, COOKIE, request.cookies[COOKIE])
    for limit in (SENT_BY_ADDRESS, SENT_BY_ALL):
        limiter.limiter.test(limit, str(request.remote_addr))
    form = SendForm()
    if was_sent(form):
        home, key = _receiving(answers["province"])
        with transaction():
            _send(home, key, answers, form)
        for limit in (SENT_BY_ADDRESS, SENT_BY_ALL):
            limiter.limiter.hit(limit, str(request.remote_addr))
        return redirect(url_for("asking.end", language=language), 303)
    raise NotImplementedError("only what is measured")


def _draft(*, lock: bool = False) -> tuple[RequestDraft, dict[str, Any]]:
    token = SessionToken.from_cookie(request.cookies[COOKIE])
    found = select(RequestDraft).where(
        RequestDraft.lookup == token.lookup_hash(), RequestDraft.seen_at >= clock.now() - drafts.KEPT
    )
    if lock:
        found = found.with_for_update()
    row = db.session.scalars(found.execution_options(populate_existing=True)).one()
    return row, orjson.loads(row.sealed)


def _bring(files: list[Any], out: UUID | None) -> tuple[Added, list[Attached]]:
    draft, answers = _draft(lock=True)
    draft.written += 1
    draft.seen_at = clock.now()
    draft.sealed = orjson.dumps(answers).ljust(len(draft.sealed))
    db.session.flush()
    if out is not None:
        floor_uploading.take_out(draft.id, out)
    return floor_uploading.add(draft.id, files), floor_uploading.waiting(draft.id)


def _receiving(province: str) -> tuple[UUID, UUID]:
    """Who takes it, and the key of their desk, by which nothing is sealed here."""
    places = db.session.scalars(
        select(IntakePlace)
        .join(Organisation, Organisation.id == IntakePlace.organisation_id)
        .where(IntakePlace.open)
        .order_by(Organisation.created_at, Organisation.id)
    ).all()
    home = next(one for one in places if province in one.provinces or not one.provinces)
    return home.organisation_id, _desk_key(home.organisation_id)


def _desk_key(home: UUID) -> UUID:
    """One statement, as the product reads the key of each desk with the root and the certificate."""
    key: UUID = send(_DESK_KEY, {"home": home}).one()[0]
    return key


def _send(home_id: UUID, key_id: UUID, answers: dict[str, Any], form: SendForm) -> None:
    draft, _answers = _draft(lock=True)
    db.session.scalars(select(RequestFile).where(RequestFile.draft_id == draft.id)).all()  # none was added
    home = db.session.scalars(
        select(Organisation).where(Organisation.id == home_id).with_for_update(key_share=True)
    ).one()
    if db.session.scalar(select(Request.id).where(Request.token == form.token.data)):
        return
    asked = {name: answers[name] for name in sending.ASKED if name in answers}
    urgency = sending.urgency_of(asked)
    sent = sending.blank(home.id, home.prefix, uuid4(), urgency, form.token.data)
    sent.desk_wrap = os.urandom(_WRAP)
    sent.desk_key_id = db.session.scalar(select(OrganisationKey.id).where(OrganisationKey.id == key_id))
    sent.sealed, sent.written = _open(asked | {"public": os.urandom(_PUBLIC).hex()}), 1
    db.session.add(sent)
    db.session.flush()
    code = " ".join(f"{int.from_bytes(os.urandom(2)) % 10_000:04}" for _ in range(6))
    receipt = Receipt(
        id=uuid4(), request_id=sent.id, lookup=code.encode().ljust(_LOOKUP), created_at=clock.now(),
        sealed_private=os.urandom(_PRIVATE), wrapped=os.urandom(_WRAP),
    )  # fmt: skip  # one row
    db.session.add(receipt)
    db.session.flush()
    draft.written += 1
    draft.sealed = _open({sending.DONE: True, "code": code, "urgency": urgency})
    g.organisation_id, g.person_id = home.id, None
    record("request.send", "request")


def _open(content: dict[str, Any]) -> bytes:
    """As JSON, as long as if it were sealed."""
    written = orjson.dumps(content)
    return written.ljust(len(written) + _SEALED)
