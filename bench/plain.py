"""The floor's database: a copy of the product's, with sealed rows opened, as long as before."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, create_engine, select, update

import vault
from accounts.models import PersonKey
from accounts.service import factors
from bench.worlds import CAST, World
from cases.models import Case, CaseKeyRing, Consent, Entry
from cases.service import rows
from tests.support.cast import PASSWORD
from vault import GrantScope, Key


def open_all(world: World, name: str, copy: str) -> None:
    """Open every case that this member has on the ring, in the database at `copy`."""
    with world.app():
        reader = world.actor(name)
    engine = create_engine(copy)
    with engine.begin() as connection:
        found = (
            select(Case.__table__, CaseKeyRing.wrapped)
            .join(CaseKeyRing, CaseKeyRing.case_id == Case.id)
            .where(CaseKeyRing.person_id == reader.person_id)
        )
        opened: dict[Any, tuple[Case, Key]] = {}
        for line in connection.execute(found).mappings():
            case = Case(**{column.name: line[column.name] for column in Case.__table__.columns})
            scope = GrantScope(case.organisation_id, "case", case.id, reader.person_id)
            key = vault.ring_unwrap(line["wrapped"], case.epoch, reader.secret.ring, scope)
            opened[case.id] = case, key
        for column in ("record", "card"):
            plain = [
                (case.id, _open(key, case, f"cases.{column}", case.id, case.version, getattr(case, column)))
                for case, key in opened.values()
            ]
            _write(connection, Case, column, plain)
        for model, table in ((Entry, "case_entries"), (Consent, "case_consents")):
            lines = connection.execute(select(model.id, model.case_id, model.version, model.sealed)).all()
            plain = []
            for row_id, case_id, version, sealed in lines:
                case, key = opened[case_id]
                plain.append((row_id, _open(key, case, table, row_id, version, sealed)))
            _write(connection, model, "sealed", plain)
    engine.dispose()


def open_doors(world: World, copy: str) -> None:
    """Lay open what lets the cast in, in the database at `copy`: password and secret of the authenticator."""
    engine = create_engine(copy)
    with world.app(), engine.begin() as connection:
        for name in CAST:
            checked = world.checked(name)
            assert checked.secret is not None
            plain = {"password": PASSWORD, "totp": factors.as_text(checked.secret.totp_secret)}
            connection.execute(
                update(PersonKey)
                .where(PersonKey.person_id == checked.person_id)
                .values(locked_by_password=orjson.dumps(plain).ljust(len(checked.locked)))
            )
    engine.dispose()


def _open(key: Key, case: Case, table: str, row_id: Any, version: int, sealed: bytes) -> bytes:
    """The content as JSON, with as many blanks behind it as sealing took bytes."""
    return orjson.dumps(rows.open_row(key, case, table, row_id, version, sealed)).ljust(len(sealed))


def _write(connection: Connection, model: Any, column: str, lines: list[tuple[Any, bytes]]) -> None:
    if not lines:
        return
    changed = update(model.__table__).where(model.__table__.c.id == bindparam("row"))
    connection.execute(
        changed.values({column: bindparam("plain")}), [{"row": row, "plain": plain} for row, plain in lines]
    )
