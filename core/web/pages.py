"""What every page of the desk shows around its content: where one can go, who is signed in, the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from accounts.models import Organisation, Person
from core.access import guard
from core.access.actors import Actor
from core.access.labels import role_label
from core.access.permissions import Permission
from core.access.policy import may
from core.audit.labels import act_label
from core.store.base import db
from core.web.headers import PUBLIC_FACES

# Twin of the lock in accounts.service.sessions; here it only tells the page when to warn.
IDLE_SECONDS: Final = 15 * 60


@dataclass(frozen=True)
class Signed:
    """What a template may know of the actor: never the keys."""

    name: str
    language: str


class Link(NamedTuple):
    """An entry of a menu."""

    label: Any
    url: str
    current: bool


@dataclass(frozen=True)
class _Entry:
    label: Any
    endpoint: str
    permission: Permission | None


_NAVIGATION: Final = (
    _Entry(_l("My desk"), "desk.show", Permission.DESK_READ),
    _Entry(_l("Requests for help"), "intake.index", Permission.REQUEST_LIST),
    _Entry(_l("Cases"), "cases.index", Permission.CASE_LIST),
    _Entry(_l("Record a case"), "cases.new", Permission.CASE_RECORD),
    _Entry(_l("Cases from a sheet"), "cases.imports", Permission.CASE_IMPORT),
    _Entry(_l("Supervision"), "cases.supervision", Permission.SUPERVISION_READ),
    _Entry(_l("Referrals"), "referrals.index", Permission.REFERRAL_SEND),
    _Entry(_l("Referrals to us"), "referrals.inbox", Permission.REFERRAL_ANSWER),
    _Entry(_l("Directory of services"), "referrals.directory", Permission.DIRECTORY_READ),
    _Entry(_l("Legal information"), "awareness.topics", Permission.TOPIC_READ),
    _Entry(_l("Rules of law"), "cases.law_rules", Permission.LAW_READ),
    _Entry(_l("Letter templates"), "cases.letter_templates", Permission.LETTER_READ),
    _Entry(_l("Sessions held"), "awareness.sessions", Permission.SESSION_READ),
    _Entry(_l("Statistics"), "reports.index", Permission.STATISTICS_READ),
    _Entry(_l("What recurs"), "advocacy.patterns", Permission.PATTERN_READ),
    _Entry(_l("Dossiers"), "advocacy.dossier_list", Permission.DOSSIER_EDIT),
    _Entry(_l("What the public reads"), "intake.door", Permission.INTAKE_EDIT),
    _Entry(_l("Addressees"), "advocacy.institutions", Permission.INSTITUTION_EDIT),
    _Entry(_l("People"), "accounts.people", Permission.PERSON_READ),
    _Entry(_l("Keys"), "accounts.keys", Permission.KEY_READ),
    _Entry(_l("Partners"), "accounts.partners", Permission.PARTNER_CONFIRM),
    _Entry(_l("Record of acts"), "accounts.audit", Permission.AUDIT_READ),
)

_ACCOUNT: Final = (
    _Entry(_l("My account"), "accounts.account", None),
    _Entry(_l("My devices"), "accounts.sessions", None),
    _Entry(_l("Talks about the work"), "cases.talks", Permission.TALK_READ),
    _Entry(_l("Keyboard"), "accounts.keyboard", None),
    _Entry(_l("Who may do what"), "accounts.roles", None),
)


def _links(entries: tuple[_Entry, ...], actor: Actor) -> list[Link]:
    """The entries that the actor may open, as far as this installation has them."""
    return [
        Link(entry.label, url_for(entry.endpoint), request.endpoint == entry.endpoint)
        for entry in entries
        if entry.endpoint in current_app.view_functions
        and (entry.permission is None or may(actor, entry.permission))
    ]


def _open_actor() -> Actor | None:
    """Who is signed in, not locked; nobody while the database is away, so that the page saying so works."""
    try:
        at_door = guard.visitor()
    except OperationalError:
        return None
    return at_door.actor if at_door is not None and at_door.state == "open" else None


def own_language() -> str | None:
    """The language that the signed-in person chose, or None."""
    actor = _open_actor()
    return actor.language if actor else None


def _around() -> dict[str, Any]:
    """The context of a page: everything for somebody signed in, next to nothing for anybody else."""
    actor = None if request.blueprint in PUBLIC_FACES else _open_actor()
    common: dict[str, Any] = {
        "Permission": Permission,
        "actor": None,
        "navigation": [],
        "may": lambda _p: False,
    }
    if actor is None:
        return common
    name, shortcuts, invented = db.session.execute(
        select(Person.name, Person.shortcuts, Organisation.invented)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == actor.person_id)
    ).one()
    signed = Signed(name, actor.language)
    return common | {
        "may": lambda permission: may(actor, permission),
        "actor": signed,
        "navigation": _links(_NAVIGATION, actor),
        "account_links": _links(_ACCOUNT, actor),
        "signed_in_as": signed.name,
        "invented": invented,
        "shortcuts": url_for("accounts.keyboard") if shortcuts else "",
        "search_url": url_for("cases.search") if may(actor, Permission.CASE_LIST) else "",
        "home_url": url_for("desk.show"),
        "lock_url": url_for("accounts.lock"),
        "sign_out_url": url_for("accounts.sign_out"),
        "alive_url": url_for("accounts.alive"),
        "idle_seconds": IDLE_SECONDS,
    }


def init_pages(app: Flask) -> None:
    """Give every template what stands around its content."""
    app.jinja_env.globals.update(role_label=role_label, act_label=act_label)
    app.context_processor(_around)
