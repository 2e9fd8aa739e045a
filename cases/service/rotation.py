"""A new epoch for a case: what was sealed is sealed again, and those who left stay outside."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

import vault
from cases.models import Assignment, Case
from cases.service import keys, reasons, rows, searching, team
from core.access.actors import Actor
from core.store.base import db
from vault import Key, Pair

# What features above sealed for the case, under its key or to its inbox, is sealed again here:
# the case, the key before, the new key, the inbox before.
also_sealed: list[Callable[[Case, Key, Key, Pair], None]] = []


def rotate(actor: Actor, case: Case, *, restricted: bool | None = None, key: Key | None = None) -> Key:
    """Give the case a new key, known to its members, to recovery and, unless restricted, to supervision.

    `restricted` changes the flag in the same act. Row versions stay, so that a form somebody has
    open meanwhile still saves. key: the present one, of whoever has just renewed the head under it. Raises
    Locked when the actor does not hold it.
    """
    old = key or keys.case_key(actor, case)
    if key is None:
        rows.check_head(old, case)
    old_inbox = keys.inbox(case, old)
    offered = list(
        db.session.scalars(
            select(Assignment.lawyer_id).where(Assignment.case_id == case.id, Assignment.state == "offered")
        )
    )
    members = team.live(case.id)
    if restricted is not None:
        case.restricted = restricted
    new = keys.make_epoch(
        actor,
        case,
        before=old,
        holders=members,
        withheld=[lawyer for lawyer in offered if lawyer not in members],
    )
    case.epoch = new.epoch
    _reseal(case, old, new)
    reasons.reseal(case, old_inbox, new.epoch)
    for reseal in also_sealed:
        reseal(case, old, new, old_inbox)
    db.session.flush()
    keys.drop_older(case)
    searching.forget(case)
    rows.written(actor, "case.rotate", new, case)
    return new


def _reseal(case: Case, old: Key, new: Key) -> None:
    """Seal record, card and every row of the case under the new key, versions unchanged."""
    for name in ("record", "card"):
        context = vault.row_context(case.organisation_id, case.id, f"cases.{name}", case.id, case.version)
        setattr(case, name, vault.seal(new, vault.unseal(old, getattr(case, name), context), context))
    rows.reseal(case, old, new)
