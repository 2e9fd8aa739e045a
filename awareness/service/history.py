"""The versions of topics, and whose words stand in the newest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from awareness.models import TopicVersion
from core.store.base import db
from domain.statements import writers


def history(topic_id: UUID) -> list[TopicVersion]:
    """Every version of a topic, the oldest first."""
    return histories([topic_id]).get(topic_id, [])


def histories(topics: Collection[UUID]) -> dict[UUID, list[TopicVersion]]:
    """Every version of some topics, the oldest first."""
    found: dict[UUID, list[TopicVersion]] = {}
    rows = select(TopicVersion).where(TopicVersion.topic_id.in_(topics)).order_by(TopicVersion.number)
    for version in db.session.scalars(rows.execution_options(populate_existing=True)):
        found.setdefault(version.topic_id, []).append(version)
    return found


def writers_of(versions: Sequence[TopicVersion]) -> frozenset[UUID]:
    """Who wrote what stands in the last of these versions, the oldest first."""
    return writers((one.written_by, one.texts) for one in versions)
