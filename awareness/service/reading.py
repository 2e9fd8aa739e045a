"""What people of the organisation see of its topics: the list, one topic with its versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from accounts.service.names import names_of
from awareness.models import Topic, TopicVersion
from awareness.service.history import histories, history, writers_of
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.errors import NotFound
from core.store.base import db
from domain.folding import search_key
from domain.statements import Statement, unconfirmed


@dataclass(frozen=True)
class Line:
    """A topic as a list shows it. state is of the newest version; `live` when the public reads one."""

    id: UUID
    title: str
    issue: str
    state: str
    live: bool
    changed: bool  # the newest version is not the one that the public reads
    review_by: dt.date
    overdue: bool
    expired: bool
    waits_for_me: bool


@dataclass(frozen=True)
class OpenTopic:
    """A topic with every version, the newest first, and the names of those who worked on it."""

    topic: Topic
    versions: list[TopicVersion]
    names: dict[UUID | None, str]

    @property
    def newest(self) -> TopicVersion:
        """The version on which work goes on."""
        return self.versions[0]

    @property
    def live(self) -> TopicVersion | None:
        """The version that the public reads."""
        return next((one for one in self.versions if one.number == self.topic.published), None)

    def unconfirmed(self, number: int) -> frozenset[Statement]:
        """Statements of a version that no lawyer had confirmed when it was the newest. Raises NotFound."""
        judged = [one for one in self.versions if one.number <= number and one.state == "reviewed"]
        return unconfirmed(self.at(number).texts, judged[0].texts if judged else {})

    def at(self, number: int) -> TopicVersion:
        """One version. Raises NotFound."""
        found = next((one for one in self.versions if one.number == number), None)
        if found is None:
            raise NotFound
        return found


def lines(actor: Actor, language: str) -> list[Line]:
    """Every topic of the organisation; what waits for the reader first, then by title."""
    ours = reachable(actor, Permission.TOPIC_READ, Topic).subquery()
    wanted = TopicVersion.number.in_([ours.c.latest, ours.c.published])
    rows = db.session.execute(
        select(Topic, TopicVersion)
        .join(ours, ours.c.id == Topic.id)
        .join(TopicVersion, TopicVersion.topic_id == Topic.id)
        .where(wanted)
    )
    newest: dict[UUID, tuple[Topic, TopicVersion]] = {}
    live: dict[UUID, TopicVersion] = {}
    for topic, version in rows:
        if version.number == topic.latest:
            newest[topic.id] = (topic, version)
        if version.number == topic.published:
            live[topic.id] = version
    mine = _to_review(actor, [version for _topic, version in newest.values()])
    found = [
        _line(topic, version, live.get(topic.id), language, waits_for_me=topic.id in mine)
        for topic, version in newest.values()
    ]
    return sorted(found, key=lambda line: (not line.waits_for_me, search_key(line.title)))


def opened(actor: Actor, topic_id: UUID) -> OpenTopic:
    """One topic with its history. Raises NotFound."""
    statement = reachable(actor, Permission.TOPIC_READ, Topic).where(Topic.id == topic_id)
    topic = db.session.scalar(statement)
    if topic is None:
        raise NotFound
    versions = history(topic_id)[::-1]
    who = {person for one in versions for person in (one.written_by, one.reviewed_by, one.published_by)}
    return OpenTopic(topic, versions, names_of(who))


def title_of(version: TopicVersion, language: str) -> str:
    """The title in a language, or in another one that has it."""
    texts = version.texts
    for one in (language, "ar", "tr", "en"):
        if title := texts.get(one, {}).get("title"):
            return title
    return ""


def _line(
    topic: Topic, newest: TopicVersion, live: TopicVersion | None, language: str, *, waits_for_me: bool
) -> Line:
    today = clock.today()
    judged = live or newest
    return Line(
        topic.id,
        title_of(newest, language),
        topic.issue,
        newest.state,
        live is not None,
        live is not None and live.number != newest.number,
        judged.review_by,
        judged.review_by < today,
        judged.valid_to is not None and judged.valid_to < today,
        waits_for_me,
    )


def may_review(actor: Actor, opened: OpenTopic) -> bool:
    """Whether the newest version waits for this lawyer."""
    return opened.topic.id in _to_review(actor, [opened.newest])


def _to_review(actor: Actor, newest: Sequence[TopicVersion]) -> set[UUID]:
    """The topics whose newest version waits for this lawyer: nobody reviews words of their own."""
    if not may(actor, Permission.TOPIC_REVIEW):
        return set()
    waiting = [one.topic_id for one in newest if one.state == "waiting"]
    return {
        topic_id
        for topic_id, versions in histories(waiting).items()
        if actor.person_id not in writers_of(versions)
    }
