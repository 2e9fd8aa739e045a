"""Two invented organisations and a dozen people in every role and combination, set up as newcomers would."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from accounts.service import joining, keys, people, setup
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.store.transaction import transaction
from demo.sign_ins import PASSWORD, SECRET, SignIn, code_now

CASEWORKER, LAWYER, COORDINATOR = Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR
MANAGER, ADMINISTRATOR, FOCAL_POINT = Role.MANAGER, Role.ADMINISTRATOR, Role.FOCAL_POINT
_OPENS: Final = 9
_SHUTS: Final = 17
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Colleague:
    """Somebody who is to join: `account` begins the address, `language` is the one they write in."""

    account: str
    name: str
    roles: frozenset[Role]
    language: str
    speaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """An organisation to set up. `share` of all cases comes to it; `provinces` by how often they occur."""

    names: tuple[str, str, str]  # ar, tr, en
    prefix: str
    share: float
    provinces: dict[str, int]
    founder: Colleague
    colleagues: tuple[Colleague, ...]

    def address(self, colleague: Colleague) -> str:
        """Nobody's address: .example is reserved (RFC 2606)."""
        return f"{colleague.account}@{self.prefix.lower()}.example"


@dataclass(frozen=True)
class Member:
    """Somebody at work."""

    actor: Actor
    language: str
    speaks: tuple[str, ...] = ()


@dataclass
class Office:
    """An organisation at work."""

    plan: Plan
    members: list[Member] = field(default_factory=list)

    def having(self, *roles: Role) -> list[Member]:
        """The members in one of these roles."""
        return [member for member in self.members if member.actor.roles & set(roles)]


def in_office_hours(instant: dt.datetime) -> dt.datetime:
    """The same instant, or the same minute of the next hour in which an office is open."""
    local = instant.astimezone(clock.ISTANBUL)
    while local.weekday() >= _SATURDAY or not _OPENS <= local.hour < _SHUTS:
        local += dt.timedelta(hours=1)
    return local.astimezone(dt.UTC)


def _who(account: str, name: str, language: str, speaks: str, *roles: Role) -> Colleague:
    return Colleague(account, name, frozenset(roles), language, tuple(speaks.split()))


PLANS: Final = (
    Plan(
        (
            "جمعية النرجس للعون القانوني (مبتكرة)",
            "Nergis Hukuki Yardım Derneği (uydurma)",
            "Narcissus Legal Aid Association (invented)",
        ),
        "NRG",
        0.75,
        {"27": 9, "63": 6, "31": 5, "79": 2, "46": 2, "01": 2, "33": 1},
        _who("admin", "Sevgi Aydemir", "tr", "", ADMINISTRATOR),
        (
            _who("manager", "ريم الحمدان", "ar", "", MANAGER),
            _who("coordinator", "هالة النعسان", "ar", "ar_levantine ar_mesopotamian tr", COORDINATOR),
            _who("coordinator2", "Defne Akarsu", "tr", "tr en", COORDINATOR),
            _who("caseworker", "باسل العمر", "ar", "ar_levantine ku_kurmanji", CASEWORKER),
            _who("caseworker2", "Zeynep Karaca", "tr", "tr ar_levantine tk_syrian", CASEWORKER),
            _who("lawyer", "Mert Doğanay", "tr", "tr en", LAWYER),
            _who("lawyer2", "Elif Tunçay", "tr", "tr ar_levantine", LAWYER),
            _who("focal", "مها الدرويش", "ar", "", FOCAL_POINT),
            _who("caselawyer", "نور الشامي", "ar", "ar_levantine tr fa", CASEWORKER, LAWYER),
        ),
    ),
    Plan(
        (
            "جمعية زهر اللوز للمساندة (مبتكرة)",
            "Badem Çiçeği Dayanışma Derneği (uydurma)",
            "Almond Blossom Support Association (invented)",
        ),
        "BDM",
        0.25,
        {"34": 9, "16": 3, "35": 3, "06": 2, "42": 2, "41": 1},
        _who("admin", "Onur Saygılı", "tr", "", ADMINISTRATOR),
        (
            _who("director", "لينا الأتاسي", "ar", "", MANAGER, ADMINISTRATOR),
            _who("coordinator", "Derya Uçar", "tr", "tr en ar_levantine", CASEWORKER, COORDINATOR),
            _who("lawyer", "Cem Akdoğan", "tr", "tr en ku_kurmanji", LAWYER),
            _who("focal", "Nalan Güneş", "tr", "", FOCAL_POINT),
            _who("lead", "سامي الخوري", "ar", "ar_levantine tr", LAWYER, COORDINATOR),
            _who("founder", "وفاء البكري", "ar", "ar_levantine fr tr", CASEWORKER, LAWYER, COORDINATOR),
        ),
    ),
)


def sign_ins() -> list[SignIn]:
    """Every account of the demonstration."""
    return [
        SignIn(plan.names[2], one.name, plan.address(one), one.roles)
        for plan in PLANS
        for one in (plan.founder, *plan.colleagues)
    ]


def found(settings: Settings, plan: Plan, day: dt.datetime) -> Office:
    """Set an organisation up on a day; everybody joins on the next, and then keys are made and handed on."""
    office = Office(plan)
    with clock.at(day):
        founder = _set_up(settings, plan)
    office.members.append(Member(founder, plan.founder.language))
    for at, colleague in enumerate(plan.colleagues):
        with clock.at(day + dt.timedelta(days=1, minutes=20 * at)):
            actor = _join(settings, plan, founder, colleague)
        office.members.append(Member(actor, colleague.language, colleague.speaks))
    with clock.at(day + dt.timedelta(days=2)):
        _make_keys(office)
    return office


def _set_up(settings: Settings, plan: Plan) -> Actor:
    name_ar, name_tr, name_en = plan.names
    form = setup.SetUpForm(
        name_ar=name_ar,
        name_tr=name_tr,
        name_en=name_en,
        prefix=plan.prefix,
        person_name=plan.founder.name,
        email=plan.address(plan.founder),
        language=plan.founder.language,
        password=PASSWORD,
        totp_secret=SECRET,
        totp_code=code_now(),
        holders=("Hatice Yıldırım", "عبد الرزاق الجندي", "Tarık Soylu"),
        invented=True,
    )
    prepared = setup.prepare(settings, setup.new_link(settings), form)
    made = setup.set_up(settings, prepared)
    return Actor(
        made.person_id, made.organisation_id, plan.founder.roles, plan.founder.language, prepared.secret
    )


def _join(settings: Settings, plan: Plan, founder: Actor, who: Colleague) -> Actor:
    with transaction():
        token = joining.invite(founder, who.name, plan.address(who), who.roles, who.language)
    prepared = joining.prepare(settings, token, PASSWORD, SECRET, code_now())
    actor = Actor(prepared.person_id, prepared.organisation_id, who.roles, who.language, prepared.secret)
    with transaction():
        joining.join(prepared)
        if who.speaks:
            people.change_profile(
                actor,
                people.profile(actor).version,
                name=who.name,
                language=who.language,
                languages=list(who.speaks),
                provinces=list(plan.provinces) if LAWYER in who.roles else [],
            )
    return actor


def _make_keys(office: Office) -> None:
    """The first in each role make the keys; whoever holds one hands it on."""
    coordinator, manager = office.having(COORDINATOR)[0], office.having(MANAGER)[0]
    focal = office.having(FOCAL_POINT)[0]
    with transaction():
        for kind in ("supervision", "desk", "match"):
            keys.make(coordinator.actor, kind)
        for kind in ("statistics", "dossier"):
            keys.make(manager.actor, kind)
        keys.make(focal.actor, "partner")
        for holder in (coordinator, manager, focal, office.members[0]):
            for line in keys.overview(holder.actor):
                for waiting in line.waiting if line.may_grant else ():
                    keys.grant(holder.actor, line.kind, waiting.person_id, waiting.fingerprint)
