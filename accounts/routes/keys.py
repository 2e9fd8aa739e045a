"""The organisation's keys: which exist, who holds them, who waits; make, give and renew them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.forms import EmptyForm, GrantForm
from accounts.routes.blueprint import answer, blueprint, go
from accounts.service import keys as service
from core.access.guard import actor, needs
from core.access.labels import KEYS
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from core.store.transaction import transaction

_WAITING: Final = _l("Waiting for this key")


@dataclass(frozen=True)
class KeyWords:
    """A key in words: its name, what it opens, who makes it."""

    title: Any
    opens: Any
    maker: Any
    waiting: Any = _WAITING


WORDS: Final = {
    "root": KeyWords(
        KEYS["root"],
        _l("Signs who belongs to the organisation and in which role. It opens nothing."),
        _l("The set-up makes it."),
    ),
    "supervision": KeyWords(
        KEYS["supervision"],
        _l("Opens every case of the organisation, except restricted ones."),
        _l("A coordinator makes it. Until then no case can be recorded."),
    ),
    "desk": KeyWords(
        KEYS["desk"],
        _l("Opens what people send from outside."),
        _l("A coordinator makes it. Until then nothing can be received."),
    ),
    "match": KeyWords(
        KEYS["match"],
        _l("Finds the same person and conflicts of interest without opening a case."),
        _l("A coordinator makes it. Until then no case can be recorded."),
    ),
    "statistics": KeyWords(
        KEYS["statistics"],
        _l("Opens the coded facts from which protected tables are made. It opens no case."),
        _l("A manager makes it. Until then facts wait sealed."),
    ),
    "dossier": KeyWords(
        KEYS["dossier"],
        _l("Opens dossiers, their stories and the log of contacts. It opens no case."),
        _l("A manager makes it, and names the approvers who hold it too."),
        waiting=_l("May be named as approvers"),
    ),
    "partner": KeyWords(
        KEYS["partner"],
        _l("Opens the enquiries and packets that partners send to us."),
        _l("A focal point makes it. Until then no referral can reach us."),
    ),
    "recovery": KeyWords(
        KEYS["recovery"],
        _l("Gives people new keys when everything else is lost. It needs two of three printed papers."),
        _l("The set-up makes it."),
    ),
}


@blueprint.get("/keys")
@needs(Permission.KEY_READ)
def keys() -> ResponseReturnValue:
    """Every key with its holders and those who wait."""
    return render_template("accounts/keys.html", lines=service.overview(actor()), words=WORDS)


@blueprint.route("/keys/<kind>/make", methods=["GET", "POST"])
@needs(Permission.KEY_MAKE, fresh=True)
def make_key(kind: str) -> ResponseReturnValue:
    """Say what the key is for, then make it."""
    form = EmptyForm()
    if kind not in service.MADE:
        raise NotFound
    if not form.validate_on_submit():
        return answer("make_key", form, words=WORDS[kind])
    try:
        with transaction():
            service.make(actor(), kind)
        flash(_("The key is made. You hold it, and the recovery papers open it."), "done")
    except Conflict as exists:  # a colleague, or a second click, was a moment faster: that key counts
        flash(exists.message, "info")
    return go(url_for("accounts.keys", _anchor=kind))


@blueprint.route("/keys/<kind>/renew", methods=["GET", "POST"])
@needs(Permission.KEY_MAKE, fresh=True)
def rotate_key(kind: str) -> ResponseReturnValue:
    """Say what a new epoch is, then begin it: whoever has left cannot open what follows."""
    form = EmptyForm()
    if kind not in service.MADE:
        raise NotFound
    if not form.validate_on_submit():
        return answer("rotate_key", form, words=WORDS[kind])
    with transaction():
        service.rotate(actor(), kind)
    flash(_("The new epoch has begun. Those who held the key hold it still."), "done")
    # What waits at the desk gets its new key in steps; that page goes on by itself.
    return go(url_for("cases.orders") if kind == "desk" else url_for("accounts.keys", _anchor=kind))


@blueprint.route("/keys/<kind>/give/<uuid:person_id>", methods=["GET", "POST"])
@needs(Permission.KEY_GRANT, fresh=True)
def grant_key(kind: str, person_id: UUID) -> ResponseReturnValue:
    """Show the fingerprint, then give the key to whoever it belongs to."""
    person = _waiting(kind, person_id)
    form = GrantForm(fingerprint=person.fingerprint)
    if form.validate_on_submit():
        try:
            with transaction():
                service.grant(actor(), kind, person_id, form.fingerprint.data)
            flash(_("The key is given."), "done")
            return go(url_for("accounts.keys", _anchor=kind))
        except DomainError as error:
            form.explain(error)
    return answer("grant", form, person=person, words=WORDS[kind])


def _waiting(kind: str, person_id: UUID) -> service.WaitingLine:
    """Somebody who waits for a key that the actor may give; anybody else is not there."""
    for line in service.overview(actor()):
        if line.kind == kind and line.may_grant:
            for person in line.waiting:
                if person.person_id == person_id:
                    return person
    raise NotFound
