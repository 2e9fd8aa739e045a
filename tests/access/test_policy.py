"""What is not written in the table reaches nothing."""

from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from cases.models import Case
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import Scope, _clause, may, reachable
from core.store.base import Base, db
from reports.models import Release
from tests.support.cast import on_stage
from vault import PersonSecret

EVERY_ROLE = frozenset(Role)


def count(model: type[Base], actor: Actor, permission: Permission) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(reachable(actor, permission, model).subquery()))
        or 0
    )


def test_somebody_without_a_role_may_nothing_and_reaches_nothing(app: Flask) -> None:
    with on_stage(app) as cast:
        cast.record()
        nobody = Actor(uuid4(), cast.organisation_id, frozenset(), "tr", PersonSecret.new(b""))
        assert not any(may(nobody, permission) for permission in Permission)
        assert count(Case, nobody, Permission.CASE_READ) == 0
        assert count(Case, cast["caseworker"], Permission.CASE_READ) == 1


def test_a_permission_opens_only_the_tables_written_for_it(app: Flask) -> None:
    """Whoever may record reaches no case by that, and whoever may read cases no release."""
    with on_stage(app) as cast:
        cast.record()
        everything = Actor(uuid4(), cast.organisation_id, EVERY_ROLE, "tr", PersonSecret.new(b""))
        assert count(Case, everything, Permission.CASE_READ) == 1
        assert count(Case, everything, Permission.CASE_RECORD) == 0
        assert count(Release, everything, Permission.CASE_READ) == 0
        assert db.session.scalar(select(func.count()).where(_clause(everything, Scope.OWN, Case))) == 0


def test_another_organisation_is_out_of_reach_for_every_role(app: Flask) -> None:
    with on_stage(app) as cast:
        cast.record()
        stranger = Actor(uuid4(), uuid4(), EVERY_ROLE, "tr", PersonSecret.new(b""))
        for permission in Permission:
            for mapper in Base.registry.mappers:
                assert count(mapper.class_, stranger, permission) == 0, (permission, mapper.class_)
