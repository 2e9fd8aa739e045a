"""11. The record of acts edited, deleted, reordered, truncated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from core.audit.models import AuditEntry, AuditHead
from core.audit.service import entry_bytes
from core.audit.verify import FILE, verify_chain, write_checkpoints
from core.store.base import db
from tests.support.cast import Cast, on_stage
from vault import link


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        found.record()
        yield found


def findings(cast: Cast) -> set[str]:
    settings = cast.settings
    return {
        finding.what
        for finding in verify_chain(cast.organisation_id, settings.audit_folder, settings.audit_key)
    }


def entry(number: int) -> AuditEntry:
    return db.session.scalars(select(AuditEntry).where(AuditEntry.number == number)).one()


def edit(_last: int) -> None:
    entry(4).act = "case.read"


def other_actor(_last: int) -> None:
    entry(4).actor_id = entry(5).actor_id if entry(5).actor_id != entry(4).actor_id else None


def delete_one(_last: int) -> None:
    db.session.execute(delete(AuditEntry).where(AuditEntry.number == 4))


def reorder(_last: int) -> None:
    first, second = entry(4), entry(5)
    first.act, second.act = "x", first.act
    first.act = "person.join"


def cut_end(last: int) -> None:
    db.session.execute(delete(AuditEntry).where(AuditEntry.number > last - 3))


def cut_end_with_head(last: int) -> None:
    """The careful attacker mends the head too: only the checkpoint outside the database knows."""
    db.session.execute(delete(AuditEntry).where(AuditEntry.number > last - 3))
    db.session.execute(update(AuditHead).values(number=last - 3, link=entry(last - 3).link))


def compute_anew(last: int) -> None:
    """Edit one act and compute every later link anew."""
    entry(4).act = "case.read"
    previous = entry(3).link
    for number in range(4, last + 1):
        one = entry(number)
        one.link = previous = link(previous, entry_bytes(one))
    db.session.execute(update(AuditHead).values(link=previous))


@pytest.mark.parametrize(
    ("attack", "shows"),
    [
        (edit, "edited"),
        (other_actor, "edited"),
        (delete_one, "missing"),
        (reorder, "edited"),
        (cut_end, "head"),
        (cut_end_with_head, "truncated"),
        (compute_anew, "checkpoint"),
    ],
)
def test_tampering_shows(cast: Cast, attack: Callable[[int], None], shows: str) -> None:
    settings = cast.settings
    assert write_checkpoints(settings.audit_folder, settings.audit_key) == 1
    assert findings(cast) == set()
    last = db.session.scalar(select(func.max(AuditEntry.number))) or 0
    assert last > 8
    attack(last)
    db.session.commit()
    assert shows in findings(cast)


def test_a_forged_checkpoint_shows(cast: Cast) -> None:
    settings = cast.settings
    write_checkpoints(settings.audit_folder, bytes(32))
    assert findings(cast) == {"checkpoint"}


def test_an_unchanged_chain_gets_one_checkpoint(cast: Cast) -> None:
    settings = cast.settings
    assert [write_checkpoints(settings.audit_folder, settings.audit_key) for _ in range(2)] == [1, 0]
    assert len((settings.audit_folder / FILE).read_bytes().splitlines()) == 1
