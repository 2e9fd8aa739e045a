"""Service given in a case: its level, the time that it took, and which grant pays for it.

Codes and numbers alone: what was said or done stands in the timeline, never beside a time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.service import files, items, keys, records, rows
from cases.service.items import Said
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OpenItem
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import reference
from domain import services
from domain.services import Totals

KIND: Final = "service"
LEVEL: Final = "level_given"  # of the record: the highest so far, which statistics count


@dataclass(frozen=True)
class Given:
    """What was given in a case: the entries that stand, the newest first, and what they come to."""

    entries: list[OpenItem]
    totals: Totals
    agreed: str  # as agreed last
    highest: str
    grant: str  # the one used last


def of(found: list[OpenItem]) -> Given:
    """What the items of an opened case come to."""
    standing = [one for one in found if one.kind == KIND and one.state == DONE]
    newest = sorted(standing, key=lambda one: (one.data["on"], one.added_at), reverse=True)
    last = max(standing, key=lambda one: one.added_at, default=None)
    said: dict[str, Any] = last.data if last else {}
    rows_ = [
        (one.data["level"], one.data["activity"], one.data["grant"], one.data["units"]) for one in newest
    ]
    highest = services.highest(one.data["level"] for one in newest)
    return Given(newest, services.totals(rows_), said.get("agreed", ""), highest, said.get("grant", ""))


def give(
    actor: Actor,
    case_id: UUID,
    *,
    on: dt.date,
    agreed: str,
    level: str,
    activity: str,
    minutes: int,
    grant: str,
    token: UUID,
) -> None:
    """Record a service. The same token twice records once. Raises NotFound, gate.Held, DomainError.

    minutes: a begun unit of six is counted full.
    """
    for name, code in (("level", level), ("agreed", agreed)):
        if code not in services.LEVELS:
            raise DomainError(_("Choose one."), field=name)
    if activity not in reference().lists["activity"]:
        raise DomainError(_("Choose one."), field="activity")
    data = {
        "on": on.isoformat(),
        "agreed": agreed,
        "level": level,
        "activity": activity,
        "units": services.units(minutes),
        "grant": grant,
    }
    items.add(actor, case_id, KIND, Said(data, state=DONE), token, quiet=True)
    _keep_level(actor, case_id)


def take_out(actor: Actor, case_id: UUID, item_id: UUID, version: int) -> None:
    """Take out what was recorded by mistake; a line in the timeline says what stood there. Twice is once.

    Raises NotFound, Conflict, DomainError.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    item = items.find_one(case, keys.case_key(actor, case), item_id)
    if item.kind != KIND:
        raise NotFound
    said = Said(item.data, state=DROPPED)
    items.change(actor, case_id, item_id, version, said, item_id, service=item.data)
    _keep_level(actor, case_id)


def _keep_level(actor: Actor, case_id: UUID) -> None:
    """The record, and with it card and fact, says the highest level given, and what was agreed last."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    record = records.open_record(key, case)
    given = of(items.read(case, key))
    said = {LEVEL: given.highest, records.AGREED: given.agreed}
    if any(record.get(name, "") != code for name, code in said.items()):
        files.save_record(actor, case, key, {**record, **said}, urgency=case.urgency)
        rows.written(actor, "case.item", key, case)
