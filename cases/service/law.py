"""The law of an organisation: the tables that come with the product, and the changes it has signed.

Two people make every change: an administrator proposes a row with its source; a lawyer signs rules and
courts, a lawyer or another administrator a holiday, which anybody can compare with the published calendar.
An installation is shared, so nobody changes the law of another organisation.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from accounts.models import Organisation
from cases.models import LawChange
from cases.service import due
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import law, law_words, reference
from core.store.base import db
from domain.deadlines.changes import KEYS, SIGNED, Change, key_of
from domain.deadlines.law import Law
from domain.deadlines.words import Words, names_itself
from domain.tables import TableError

REASONS: Final = "law_withdrawal"
OF_LAWYERS: Final = frozenset({"rules", "courts"})
_SIGNED: Final = "signed"
_WITHDRAWN: Final = "withdrawn"

# The newest change. Its id stands beside the number, which is taken again after a transaction that failed.
_Newest = tuple[UUID, int, str]


@dataclass(frozen=True, slots=True)
class _Built:
    """What an organisation counts by and tells it in, and of which newest change."""

    newest: _Newest | None
    law: Law
    words: Words


_built: Final[dict[UUID, _Built]] = {}

_log: Final = logging.getLogger(__name__)


def law_of(organisation_id: UUID) -> Law:
    """The law by which an organisation counts; one statement a session, and the tables once a change."""
    return _of(organisation_id).law


def words_of(organisation_id: UUID) -> Words:
    """The words in which an organisation's deadlines are told: with the names of the rules that it added."""
    return _of(organisation_id).words


def read_anew() -> None:
    """Ask the database again which change is the newest, the next time that the law is needed."""
    db.session().info.pop("law", None)


def preview(row: LawChange) -> Law:
    """The law as it would be with this change signed. Raises DomainError where it does not fit."""
    try:
        return law_of(row.organisation_id).with_changes([change_of(row)])
    except TableError:
        raise DomainError(
            _("This does not fit the other rules and days. Look at days and lengths, and propose it anew.")
        ) from None


def change_of(row: LawChange) -> Change:
    """The row as a change, signed by whoever signed it, or by nobody yet."""
    by, on = SIGNED.get(row.table, ("", ""))
    signed = {by: str(row.signed_by or row.id), on: (row.signed_at or clock.now()).date().isoformat()}
    return Change(row.table, row.cells | signed if by else row.cells, row.sign_off)


def signing(table: str) -> Permission:
    """What it takes to sign a row of a table."""
    return Permission.LAW_SIGN if table in OF_LAWYERS else Permission.CALENDAR_SIGN


def propose(actor: Actor, token: UUID, table: str, cells: Mapping[str, str]) -> UUID:
    """Propose a row with its source and give its id; the same token twice proposes one.

    Raises Refused, NotFound, and DomainError without a source, where the row does not fit the others, where
    one like it waits for a signature, or for a rule without names in every language.
    """
    if not may(actor, Permission.LAW_EDIT):
        raise Refused
    if table not in KEYS:
        raise NotFound
    _queue(actor)
    if (known := _known(actor, token)) is not None:
        return known
    if not cells["source"].strip():
        raise DomainError(_("Write where this can be read."), field="source")
    named = table != "rules" or words_of(actor.organisation_id).knows(cells["code"])
    if not (named or names_itself(cells)):
        raise DomainError(_("A rule has names in all three languages."), field="trigger_ar")
    row = _new(actor, token, table, cells, "proposed")
    row.proposed_by = actor.person_id
    waiting = reachable(actor, Permission.LAW_READ, LawChange).where(
        LawChange.table == table, LawChange.key == row.key, LawChange.state == "proposed"
    )
    if db.session.scalars(waiting).first() is not None:
        raise DomainError(_("A change like this already waits for a signature. Take that one back first."))
    preview(row)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "law.propose", object_kind="law_change", object_id=row.id)
    return row.id


def sign_off(actor: Actor, token: UUID, table: str, key: str) -> UUID:
    """A lawyer signs a rule or court as it came with the product; again, it changes nothing.

    Raises Refused, NotFound for a row that is not there or signed already.
    """
    if not may(actor, Permission.LAW_SIGN):
        raise Refused
    _queue(actor)
    if (known := _known(actor, token)) is not None:
        return known
    if table not in OF_LAWYERS:
        raise NotFound
    rows = law_of(actor.organisation_id).tables[table]
    cells = next((row for row in rows if key_of(table, row) == key), None)
    if cells is None or cells[SIGNED[table][0]]:
        raise NotFound
    row = _new(actor, token, table, cells, _SIGNED)
    row.sign_off = True
    db.session.add(row)
    _signed(actor, row)
    return row.id


def sign(actor: Actor, change_id: UUID, version: int) -> None:
    """Sign what somebody else proposed: from now on it counts. Twice is once.

    Raises NotFound, Refused, Conflict, and DomainError for whoever proposed it or where it fits no more.
    """
    row = _found(actor, change_id)
    if (row.state, row.signed_by, row.version) == (_SIGNED, actor.person_id, version + 1):
        return
    _require(row, version, "proposed")
    _require_second(actor, row)
    preview(row)
    row.state = _SIGNED
    row.version += 1
    _signed(actor, row)


def withdraw(actor: Actor, change_id: UUID, version: int, because: str) -> None:
    """Take a change back, with a code of the list `law_withdrawal`. Twice is once.

    A proposal goes back by whoever may propose or sign it. What was signed changes deadlines once more: that
    again takes somebody who may sign it and has not proposed it. Raises NotFound, Refused, Conflict, and
    DomainError without a reason or where another change rests on it.
    """
    if because not in reference().lists[REASONS]:
        raise DomainError(_("Choose a reason"), field="because")
    row = _found(actor, change_id)
    done = (row.state, row.withdrawn_by, row.withdrawn_because, row.version)
    if done == (_WITHDRAWN, actor.person_id, because, version + 1):
        return
    _require(row, version, "proposed", _SIGNED)
    if row.state == _SIGNED:
        _require_second(actor, row)
        _require_alone(row)
        row.settled = _next(actor)
        due.recount_due(actor)
    elif not (may(actor, Permission.LAW_EDIT) or may(actor, signing(row.table))):
        raise Refused
    row.state, row.withdrawn_because = _WITHDRAWN, because
    row.withdrawn_by, row.withdrawn_at = actor.person_id, clock.now()
    row.version += 1
    _changed(actor, "law.withdraw", row)


def _of(organisation_id: UUID) -> _Built:
    seen: dict[UUID, _Built] = db.session().info.setdefault("law", {})
    if organisation_id not in seen:
        seen[organisation_id] = _current(organisation_id)
    return seen[organisation_id]


def _current(organisation_id: UUID) -> _Built:
    """From memory where nothing has changed since."""
    newest = db.session.execute(
        select(LawChange.id, LawChange.settled, LawChange.state)
        .where(LawChange.organisation_id == organisation_id, LawChange.settled.is_not(None))
        .order_by(LawChange.settled.desc())
        .limit(1)
    ).first()
    if newest is None:
        return _Built(None, law(), law_words())
    key: _Newest = (newest[0], newest[1] or 0, newest[2])
    known = _built.get(organisation_id)
    if known is None or known.newest != key:
        known = _built[organisation_id] = _build(organisation_id, key)
    return known


def _build(organisation_id: UUID, newest: _Newest) -> _Built:
    """The files and what was signed, in that order. A change that newer files contradict is left out.

    The name of a rule that was taken back stays: deadlines were counted by it.
    """
    settled = _settled(organisation_id)
    built, left_out = _with([row for row in settled if row.state == _SIGNED])
    for change_id in left_out:
        _log.warning("a signed change of law does not fit the tables any more: %s", change_id)
    return _Built(newest, built, law_words().naming(row.cells for row in settled if row.table == "rules"))


def _settled(organisation_id: UUID) -> Sequence[LawChange]:
    """Everything that was ever signed, in its order."""
    ours = (LawChange.organisation_id == organisation_id, LawChange.settled.is_not(None))
    return db.session.scalars(select(LawChange).where(*ours).order_by(LawChange.settled)).all()


def _with(signed: Sequence[LawChange]) -> tuple[Law, set[UUID]]:
    """The files with these changes, and which do not fit."""
    try:
        return law().with_changes(map(change_of, signed)), set()
    except TableError:
        fitting, left_out = law(), set()
    for row in signed:
        try:
            fitting = fitting.with_changes([change_of(row)])
        except TableError:
            left_out.add(row.id)
    return fitting, left_out


def _known(actor: Actor, token: UUID) -> UUID | None:
    """What the same form made before; asked once the queue has come to us: a double click waits there."""
    ours = LawChange.organisation_id == actor.organisation_id
    return db.session.scalar(select(LawChange.id).where(LawChange.token == token, ours))


def _queue(actor: Actor) -> None:
    """Whoever changes the law of one organisation waits here for the one before."""
    home = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(home.with_for_update(key_share=True))
    read_anew()


def _new(actor: Actor, token: UUID, table: str, cells: Mapping[str, str], state: str) -> LawChange:
    return LawChange(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        table=table,
        key=key_of(table, dict(cells)),
        cells=dict(cells),
        source=cells["source"].strip(),
        sign_off=False,
        state=state,
        proposed_at=clock.now(),
        withdrawn_because="",
        version=1,
        token=token,
    )


def _found(actor: Actor, change_id: UUID) -> LawChange:
    _queue(actor)
    found = reachable(actor, Permission.LAW_READ, LawChange).where(LawChange.id == change_id)
    row = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _require(row: LawChange, version: int, *states: str) -> None:
    if row.version != version or row.state not in states:
        raise Conflict(_("Somebody changed this meanwhile. Nothing was overwritten."))


def _require_alone(row: LawChange) -> None:
    """Nothing that was signed may fall silently with it, such as the year after a year."""
    signed = [one for one in _settled(row.organisation_id) if one.state == _SIGNED]
    _law, left_out = _with(signed)
    _law, falls = _with([one for one in signed if one.id != row.id])
    if falls - left_out:
        raise DomainError(_("Another change that was signed rests on this one. Take that one back first."))


def _require_second(actor: Actor, row: LawChange) -> None:
    if not may(actor, signing(row.table)):
        raise Refused
    if row.proposed_by == actor.person_id:
        raise DomainError(_("You proposed this yourself. Somebody else has to look at it."))


def _next(actor: Actor) -> int:
    ours = LawChange.organisation_id == actor.organisation_id
    return (db.session.scalar(select(func.max(LawChange.settled)).where(ours)) or 0) + 1


def _signed(actor: Actor, row: LawChange) -> None:
    row.signed_by, row.signed_at = actor.person_id, clock.now()
    with db.session.no_autoflush:
        row.settled = _next(actor)
    if not row.sign_off:
        due.recount_due(actor)
    _changed(actor, "law.sign", row)


def _changed(actor: Actor, act: str, row: LawChange) -> None:
    db.session.flush()
    read_anew()
    audit.record(actor, act, object_kind="law_change", object_id=row.id)
