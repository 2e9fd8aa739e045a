"""A new epoch for a case: what was sealed is sealed again, and those who left stay outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import exists, or_, select

import vault
from cases.models import Assignment, Case
from cases.service import keys, reasons, rows, searching, team
from core.access.actors import Actor
from core.store.base import db
from vault import Key, Pair


class Also(NamedTuple):
    """What a feature seals for a case, under its key or to its inbox, beside the rows of the head.

    kept: the table in which it lies, with a `case_id`. reseal: seals it again, and is called where there is
    a row: the case, the key before, the new key, the inbox before.
    """

    kept: Any
    reseal: Callable[[Case, Key, Key, Pair], None]


also_sealed: list[Also] = []


def rotate(actor: Actor, case: Case, *, restricted: bool | None = None, key: Key | None = None) -> Key:
    """Give the case a new key, known to its members, to recovery and, unless restricted, to supervision.

    `restricted` changes the flag in the same act. Row versions stay, so that a form somebody has
    open meanwhile still saves. key: the present one. Raises Locked when the actor does not hold it, and
    rows.Tampered.
    """
    new = renew(actor, case, key or keys.case_key(actor, case), restricted=restricted)
    rows.written(actor, "case.rotate", new, case)
    return new


def renew(actor: Actor, case: Case, old: Key, *, restricted: bool | None = None) -> Key:
    """The same for whoever writes more into the case before its head is renewed and the act on the chain."""
    found = rows.checked(old, case)
    about = select(Assignment).where(
        Assignment.case_id == case.id, or_(Assignment.state == "offered", Assignment.reason.is_not(None))
    )
    asked = db.session.scalars(about).all()
    reseals = _also(case)
    answered = any(one.reason is not None for one in asked)
    old_inbox = keys.inbox(case, old) if reseals or answered else None
    members = team.live(case.id)
    if restricted is not None:
        case.restricted = restricted
    new = keys.make_epoch(
        actor,
        case,
        before=old,
        holders=members,
        withheld=[one.lawyer_id for one in asked if one.state == "offered" and one.lawyer_id not in members],
    )
    rows.reseal(case, found, old, new)
    _reseal(case, old, new)
    if old_inbox is not None:
        reasons.reseal(case, asked, old_inbox, new.epoch)
        for reseal in reseals:
            reseal(case, old, new, old_inbox)
    keys.drop_older(case)
    searching.forget(case)
    return new


def _also(case: Case) -> list[Callable[[Case, Key, Key, Pair], None]]:
    """What there is to seal again for features above. One statement."""
    if not also_sealed:
        return []
    asked = select(*(exists().where(one.kept.case_id == case.id) for one in also_sealed))
    there = db.session.execute(asked).one()
    return [one.reseal for one, found in zip(also_sealed, there, strict=True) if found]


def _reseal(case: Case, old: Key, new: Key) -> None:
    """Seal record and card under the new key, version unchanged."""
    case.epoch = new.epoch
    for name in ("record", "card"):
        context = vault.row_context(case.organisation_id, case.id, f"cases.{name}", case.id, case.version)
        setattr(case, name, vault.seal(new, vault.unseal(old, getattr(case, name), context), context))
