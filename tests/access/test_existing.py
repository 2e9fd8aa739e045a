"""What exists but is not yours answers, word for word, as what does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import url_for
from sqlalchemy import Boolean, Integer, LargeBinary, Uuid, select
from werkzeug.routing import Rule

from accounts.models import Absence, Invitation, OrganisationKey, SignInSession
from accounts.service import joining
from advocacy.models.contacts import DossierResult
from advocacy.models.dossiers import DossierFigure, DossierOutput
from advocacy.models.patterns import PatternProposal
from advocacy.service import institutions, patterns
from cases.models import Consent, Deadline
from cases.service import assignment, deadlines, law, own_lists
from cases.service.filtering import Filters
from cases.service.importing import store
from core import clock
from core.access.permissions import Role
from core.documents.sheets import Sheet
from core.reference import law as reference_law
from core.store.base import Base, UtcDateTime, db
from core.store.transaction import transaction
from referrals.models.conflicts import ConflictEnquiry
from reports.models import QuarterSnapshot, Release
from tests.access.matrix import DOORS, EVERYBODY
from tests.advocacy.test_contact_outcomes import reach, tell
from tests.advocacy.test_contacts import listed, note
from tests.advocacy.test_contacts import write as write_contact
from tests.advocacy.test_dossiers import approve, review
from tests.advocacy.test_stories import told
from tests.awareness.stage import add, log
from tests.cases import archived, held
from tests.cases.lettering import template_of
from tests.intake.stage import asked as asked_for_help
from tests.intake.stage import complained, with_file
from tests.intake.urgent import on_rota
from tests.referrals.conftest import Pair, compare, link
from tests.support.cast import Cast, found
from tests.support.world import Browser, World

NOT_YOURS = 404

# Which part of the application an id belongs to, where two parts give the same name to different things.
HOMES = {"entry_id": ("advocacy", "referrals"), "person_id": ("accounts", "advocacy")}


@dataclass
class Scene:
    """A browser at each desk of ours; the ids of real things of two kinds that are not theirs."""

    world: World
    browsers: dict[str, Browser]
    foreign: dict[str, UUID]  # of another organisation
    colleagues: dict[str, UUID]  # of a colleague, on a restricted case
    mine: dict[str, UUID]  # ours; what hangs below is taken from the foreign ones


def raw(model: type[Base], **given: Any) -> Any:
    """A row with something in every column that must not be empty."""
    values: dict[str, Any] = {}
    for column in model.__table__.columns:
        if column.name in given or column.nullable:
            continue
        kind = column.type
        values[column.name] = (
            uuid4() if isinstance(kind, Uuid)
            else b"\0" * 32 if isinstance(kind, LargeBinary)
            else False if isinstance(kind, Boolean)
            else 1 if isinstance(kind, Integer)
            else clock.now() if isinstance(kind, UtcDateTime)
            else "x"
        )  # fmt: skip # one value for each type
    return model(**{**values, **given})


def keep(row: Any) -> UUID:
    with transaction() as session:
        session.add(row)
        session.flush()
        return UUID(str(row.id))


def brought(cast: Cast) -> UUID:
    """A sheet of cases."""
    with transaction():
        return store.begin(cast["coordinator"], [Sheet("", [["Ad"], ["Selma Hatip"]])], uuid4())


def kept_list(cast: Cast) -> UUID:
    """A choice of cases that a colleague keeps."""
    with transaction():
        return own_lists.save(cast["colleague"], "x", Filters(state="open"), uuid4())


def things(cast: Cast) -> dict[str, UUID]:
    """One of everything in an organisation."""
    manager, home = cast["manager"].person_id, cast.organisation_id
    dossier_id, case_id, story_id = told(cast)
    version_id = review(cast, dossier_id)
    approve(cast, dossier_id, version_id, "legal", "lawyer")
    outcome_id = reach(cast, dossier_id, "commitment")
    tell(cast, dossier_id, outcome_id)
    institution_id = listed(cast)["kdk"]
    with transaction():
        values = {"name": "Zeynep", "role": "Uzman"}
        person_id = institutions.add_person(cast["manager"], institution_id, uuid4(), values)
    promise = note(institution_id, "promise", words="söz")
    entry_id = write_contact(cast, dossier_id, promise, clock.today(), manager, anyway=True)
    quarter: dict[str, Any] = {"organisation_id": home, "quarter": "2020-Q1"}
    key_id = db.session.scalars(
        select(OrganisationKey.id).where(
            OrganisationKey.organisation_id == home, OrganisationKey.kind == "statistics"
        )
    ).one()
    snapshot_id = keep(raw(QuarterSnapshot, **quarter, frozen_by=manager, key_id=key_id))
    release_id = keep(raw(Release, **quarter, table="sex", snapshot_id=snapshot_id, released_by=manager))
    output_id = keep(
        raw(DossierOutput, version_id=version_id, kind="paper", language="tr", format="pdf", made_by=manager)
    )
    with transaction():
        patterns.propose(
            cast["caseworker"], uuid4(), issue="A02", province="34", authority="", text="yeni genelge"
        )
        joining.invite(
            cast["admin"], "Davetli", f"davetli@{cast.prefix.lower()}.example", frozenset({Role.LAWYER}), "tr"
        )
    offered = cast.record()
    with transaction():
        offer = assignment.offer(cast["coordinator"], offered, 1, cast["other_lawyer"].person_id)
    with transaction():
        row = next(row for row in reference_law().tables["feasts"] if row["year"] == "2028")
        change_id = law.propose(cast["admin"], uuid4(), "feasts", row)
    deadline = select(Deadline.id).where(Deadline.case_id == case_id)
    with transaction():
        asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
        watching = (cast["caseworker"].person_id, cast["coordinator"].person_id)
        deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *watching)
    result = select(DossierResult.id).where(DossierResult.outcome_id == outcome_id)
    proposal = select(PatternProposal.id).where(PatternProposal.organisation_id == home)
    invitation = select(Invitation.id).where(Invitation.organisation_id == home, Invitation.used_at.is_(None))
    consent = select(Consent.id).where(Consent.case_id == case_id)
    today = clock.today()
    request_id = asked_for_help(cast)
    found = {
        "dossier_id": dossier_id, "case_id": case_id, "story_id": story_id, "version_id": version_id,
        "outcome_id": outcome_id, "institution_id": institution_id, "release_id": release_id,
        "change_id": change_id, "output_id": output_id,
        "request_id": request_id, "file_id": with_file(cast, request_id), "complaint_id": complained(cast),
        "shift_id": on_rota(cast, days=("0",)),
        "absence_id": keep(
            Absence(id=uuid4(), person_id=cast["other_lawyer"].person_id, begins=today, ends=today)
        ),
        "topic_id": add(cast), "held_id": log(cast["caseworker"]),
        "advocacy.person_id": person_id, "advocacy.entry_id": entry_id, "assignment_id": offer,
        "accounts.person_id": cast["colleague"].person_id,
        "result_id": db.session.scalars(result).first(), "proposal_id": db.session.scalars(proposal).first(),
        "invitation_id": db.session.scalars(invitation).first(),
        "deadline_id": db.session.scalars(deadline).first(),
        "consent_id": db.session.scalars(consent).first(),
        "import_id": brought(cast), "archive_id": archived.brought(cast["caseworker"], case_id),
        "document_id": archived.document(cast["caseworker"], case_id),
        "list_id": kept_list(cast), "template_id": template_of(cast["lawyer"]),
        "talk_id": held.talk(cast["coordinator"], cast["caseworker"].person_id),
    }  # fmt: skip # one of each
    db.session.rollback()
    assert all(found.values()), found
    return {name: UUID(str(value)) for name, value in found.items()}


def enquired(cast: Cast, case_id: UUID, of: Cast | None = None) -> UUID:
    """An enquiry about a conflict of interest that is not for us to answer."""
    home = cast.organisation_id
    asked = {"organisation_id": home, "case_id": case_id, "asked_by": cast["coordinator"].person_id}
    partner_id = (of or cast).organisation_id
    return keep(raw(ConflictEnquiry, **asked, partner_id=partner_id, partner_wrap=b"x", state="asked"))


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    with world.app.app_context():
        ours, theirs = world.cast, found(world.app, "YAD")
        compare(ours, theirs)
        compare(theirs, ours)
        away, home = Pair(theirs, ours, link(theirs, ours)), Pair(ours, theirs, link(ours, theirs))
        mine, foreign = things(ours), things(theirs)
        figure = {"dossier_id": foreign["dossier_id"], "release_id": foreign["release_id"]}
        foreign |= {
            "figure_id": keep(raw(DossierFigure, **figure, added_by=theirs["manager"].person_id)),
            "referral_id": away.draft(away.case()),
            "referrals.entry_id": away.entry,
            "partner_id": uuid4(),
            "enquiry_id": enquired(theirs, foreign["case_id"]),
        }
        mine["figure_id"] = uuid4()
        friend = ours.join("friend", Role.CASEWORKER)
        hidden = ours.record("colleague", restricted=True, named=[friend.person_id])
        seen = raw(SignInSession, person_id=ours["colleague"].person_id, state="open", secret=None)
        colleagues = {
            "referral_id": home.draft(hidden, by="colleague"),
            "enquiry_id": enquired(ours, hidden, theirs),
            "session_id": keep(seen),
            "assignment_id": mine["assignment_id"],
            "case_id": hidden,
        }
    browsers = {role: world.browser(role) for role in EVERYBODY}
    for browser in browsers.values():
        browser.get("/account")  # for the token against forgery
    return Scene(world, browsers, foreign, colleagues, mine)


def path(scene: Scene, rule: Rule, ids: dict[str, UUID]) -> str:
    """The address with these ids; where none is given, one of nothing."""
    part = rule.endpoint.split(".")[0]
    words = {"section": "problem", "approval": "legal", "answer": "kept", "to": "accepted", "kind": "desk",
             "table": "sex", "quarter": "2020-Q1", "number": 1, "language": "tr", "code": "DEP_SUIT",
             "year": 2026, "how": "save", "act": "retire"}  # fmt: skip # one line
    values: dict[str, Any] = {}
    for name in rule.arguments:
        if name in words:
            values[name] = words[name]
        else:
            values[name] = ids.get(f"{part}.{name}" if name in HOMES else name) or uuid4()
    with scene.world.app.test_request_context(base_url="https://localhost"):
        return url_for(rule.endpoint, **values)


def ids_of(rule: Rule) -> list[str]:
    part = rule.endpoint.split(".")[0]
    return [
        f"{part}.{name}" if name in HOMES else name for name in sorted(rule.arguments) if name.endswith("_id")
    ]


def answer(browser: Browser, address: str, method: str) -> tuple[int, str]:
    status = (browser.get if method == "GET" else browser.post)(address).status_code
    text = browser.text
    if status == 303:
        browser.get("/account")  # shows what was said of it
        text = browser.text
    return status, text


def doors(scene: Scene) -> list[Rule]:
    """The addresses behind the doors that name something by its id."""
    return [rule for rule in scene.world.app.url_map.iter_rules() if rule.endpoint in DOORS and ids_of(rule)]


Attempt = tuple[str, dict[str, UUID], dict[str, UUID]]  # whose, their ids, and the same with an id of nothing


def attempts(scene: Scene, rule: Rule) -> list[Attempt]:
    """What somebody may try who got hold of ids: theirs, a colleague's, and theirs below ours."""
    names = ids_of(rule)
    tried: list[Attempt] = []
    if all(name in scene.foreign for name in names):
        tried.append(("foreign", {name: scene.foreign[name] for name in names}, {}))
        if len(names) > 1 and all(name in scene.mine for name in names):
            below = max(names, key=lambda name: rule.rule.index(name.rpartition(".")[2]))
            ours = {name: scene.mine[name] for name in names if name != below}
            tried.append((f"ours with foreign {below}", {**ours, below: scene.foreign[below]}, ours))
    if all(name in scene.colleagues for name in names):
        tried.append(("a colleague's", {name: scene.colleagues[name] for name in names}, {}))
    return tried


def test_what_exists_but_is_not_yours_is_not_there(scene: Scene) -> None:
    """For every address with ids, role whose door it is, method, and thing of somebody else."""
    wrong, tried = [], 0
    for rule in doors(scene):
        for role in DOORS[rule.endpoint]:
            browser = scene.browsers[role]
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for whose, ids, of_nothing in attempts(scene, rule):
                    there = answer(browser, path(scene, rule, ids), method)
                    nothing = answer(browser, path(scene, rule, of_nothing), method)
                    tried += 1
                    # 403: the role may not take the step at all, whatever the thing. Below something of ours
                    # a double click may also be told that it is done (303) or too late (409).
                    fits = {NOT_YOURS, 403, 303, 409} if of_nothing else {NOT_YOURS, 403}
                    if there[0] not in fits or there != nothing:
                        wrong.append(f"{method} {rule.endpoint} as {role}, {whose}: {there}, {nothing}")
    assert not wrong, "\n".join(wrong)
    assert tried > 200
    with scene.world.app.app_context():
        assert db.session.get(DossierFigure, scene.foreign["figure_id"]) is not None
        db.session.rollback()


def test_the_things_are_there_for_those_whose_they_are(scene: Scene) -> None:
    """The control: the same addresses open for somebody of the organisation they belong to."""
    shown = {
        "advocacy.dossier": "manager",
        "advocacy.institution": "manager",
        "cases.import_columns": "coordinator",
        "awareness.topic": "coordinator",
        "intake.show": "caseworker",
        "intake.file": "caseworker",
        "intake.change_shift": "coordinator",
        "awareness.session": "manager",
        "advocacy.my_story": "caseworker",
    }
    for rule in doors(scene):
        if rule.endpoint in shown:
            address = path(scene, rule, scene.mine)
            assert scene.browsers[shown[rule.endpoint]].get(address).status_code == 200, rule.endpoint


def test_every_address_with_an_id_is_tried(scene: Scene) -> None:
    """A new kind of thing has to be put among these."""
    untried = {rule.endpoint for rule in doors(scene) if not attempts(scene, rule)}
    assert untried == {"advocacy.pattern"}  # its id stands only inside the sealed scan
