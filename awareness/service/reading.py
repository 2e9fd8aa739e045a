"""What people of the organisation see of its topics: the list, one topic with its versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from accounts.models import Person
from awareness.models import Topic, TopicVersion
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.errors import NotFound
from core.store.base import db
from domain.folding import search_key


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
    names: dict[UUID, str]

    @property
    def newest(self) -> TopicVersion:
        """The version on which work goes on."""
        return self.versions[0]

    @property
    def live(self) -> TopicVersion | None:
        """The version that the public reads."""
        return next((one for one in self.versions if one.number == self.topic.published), None)

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
    found = [_line(actor, topic, version, live.get(topic.id), language) for topic, version in newest.values()]
    return sorted(found, key=lambda line: (not line.waits_for_me, search_key(line.title)))


def opened(actor: Actor, topic_id: UUID) -> OpenTopic:
    """One topic with its history. Raises NotFound."""
    statement = reachable(actor, Permission.TOPIC_READ, Topic).where(Topic.id == topic_id)
    topic = db.session.scalar(statement)
    if topic is None:
        raise NotFound
    versions = list(
        db.session.scalars(
            select(TopicVersion)
            .where(TopicVersion.topic_id == topic_id)
            .order_by(TopicVersion.number.desc())
            .execution_options(populate_existing=True)
        )
    )
    who = {
        person
        for one in versions
        for person in (one.written_by, one.reviewed_by, one.published_by)
        if person is not None
    }
    names = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(who)))
    return OpenTopic(topic, versions, {row.id: row.name for row in names})


def title_of(version: TopicVersion, language: str) -> str:
    """The title in a language, or in another one that has it."""
    texts = version.texts
    for one in (language, "ar", "tr", "en"):
        if title := texts.get(one, {}).get("title"):
            return title
    return ""


def _line(actor: Actor, topic: Topic, newest: TopicVersion, live: TopicVersion | None, language: str) -> Line:
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
        may_review(actor, newest),
    )


def may_review(actor: Actor, version: TopicVersion) -> bool:
    """Whether the version waits for this lawyer: nobody reviews what they wrote."""
    waits = version.state == "waiting" and version.written_by != actor.person_id
    return waits and may(actor, Permission.TOPIC_REVIEW)
