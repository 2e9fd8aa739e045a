"""What anybody may read, without an account: published topics of every organisation of this installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, select

from accounts.models import Organisation, Person
from awareness.models import PublicOffice, Topic, TopicVersion
from core import clock
from core.errors import NotFound
from core.reference import reference
from core.store.base import db
from domain.folding import search_key
from domain.markup import Block, parse, plain
from domain.taxonomy import URGENCIES
from domain.topics import PARTS

Published = Row[*tuple[Any, ...]]  # Topic, TopicVersion, Organisation, PublicOffice or None

_ARTICLE: Final = "ال"
_SHORT: Final = 4  # a word this short keeps its article: it may belong to the word


@dataclass(frozen=True)
class Entry:
    """A topic in a list. house: the organisation that answers for the text."""

    address: str
    title: str
    issue: str
    house: str
    expired: bool

    @property
    def rank(self) -> tuple[bool, int, str]:
        """What a frightened reader may need at once comes first, what no longer holds last."""
        leaf = reference().taxonomy.leaves.get(self.issue)
        urgency = URGENCIES.index(leaf.urgency) if leaf else len(URGENCIES)
        return self.expired, urgency, search_key(self.title)


@dataclass(frozen=True)
class Group:
    """A group of the taxonomy with its topics."""

    code: str
    topics: list[Entry]


@dataclass(frozen=True)
class House:
    """An organisation and how it is reached."""

    name: str
    reach: tuple[Block, ...]


@dataclass(frozen=True)
class Shelf:
    """All that can be read: topics in their groups, the most urgent first, and who answers for them."""

    groups: list[Group]
    houses: list[House]


@dataclass(frozen=True)
class Page:
    """A published text in one language. `parts`: name and blocks of all but the title."""

    topic_id: UUID
    number: int
    address: str
    title: str
    parts: list[tuple[str, tuple[Block, ...]]]
    reviewer: str
    reviewed_on: dt.date
    review_by: dt.date
    overdue: bool
    expired: bool
    valid_to: dt.date | None
    house: str
    reach: tuple[Block, ...]
    reach_version: int
    invented: bool


def shelf(language: str) -> Shelf:
    """Every published topic of every organisation; organisations by name."""
    groups: dict[str, Group] = {}
    houses: dict[UUID, House] = {}
    for row in db.session.execute(_published()):
        entry = _entry(row, language)
        houses.setdefault(row.Organisation.id, House(entry.house, _reach(row, language)))
        code = _group(entry.issue)
        groups.setdefault(code, Group(code, [])).topics.append(entry)
    for group in groups.values():
        group.topics.sort(key=lambda entry: entry.rank)
    order = [*reference().taxonomy.groups]
    return Shelf(
        sorted(groups.values(), key=lambda group: (group.topics[0].rank[:2], order.index(group.code))),
        sorted(houses.values(), key=lambda house: house.name),
    )


def houses(organisation_ids: Iterable[UUID], language: str) -> list[House]:
    """How those of these organisations are reached that have written it; organisations by name."""
    found = db.session.execute(
        select(Organisation, PublicOffice)
        .join(PublicOffice, PublicOffice.organisation_id == Organisation.id)
        .where(Organisation.id.in_(organisation_ids))
    )
    named = [House(row.Organisation.name(language), _reach(row, language)) for row in found]
    return sorted((one for one in named if one.reach), key=lambda house: house.name)


def page(address: str, language: str) -> Page:
    """One published topic. Raises NotFound, also for one that was taken back."""
    row = db.session.execute(_published().where(Topic.address == address)).one_or_none()
    if row is None:
        raise NotFound
    topic, version, home = row.Topic, row.TopicVersion, row.Organisation
    reviewer = db.session.scalar(select(Person.name).where(Person.id == version.reviewed_by)) or ""
    texts = version.texts.get(language, {})
    today = clock.today()
    return Page(
        topic.id,
        version.number,
        topic.address,
        texts.get("title", ""),
        [(part, parse(texts.get(part, ""))) for part in PARTS[1:]],
        reviewer,
        version.reviewed_at.astimezone(clock.ISTANBUL).date(),
        version.review_by,
        version.review_by < today,
        _expired(version),
        version.valid_to,
        home.name(language),
        _reach(row, language),
        row.PublicOffice.version if row.PublicOffice else 0,
        home.invented,
    )


def search(query: str, language: str) -> list[Entry]:
    """Topics that hold every word of the query, in any of the three languages; titles first.

    What no longer holds is not found. Nothing of the query is kept anywhere.
    """
    words = [_bare(word) for word in search_key(query).split()]
    if not words:
        return []
    ranked: list[tuple[int, str, Entry]] = []
    for row in db.session.execute(_published()):
        entry = _entry(row, language)
        texts = row.TopicVersion.texts.values()
        titles = " ".join(_key(parts.get("title", "")) for parts in texts)
        whole = " ".join([titles, *(_key(text) for parts in texts for text in parts.values())])
        if not entry.expired and all(word in whole for word in words):
            ranked.append((-sum(word in titles for word in words), search_key(entry.title), entry))
    return [entry for _rank, _title, entry in sorted(ranked, key=lambda one: one[:2])]


def _published() -> Select[*tuple[Any, ...]]:
    return (
        select(Topic, TopicVersion, Organisation, PublicOffice)
        .join(TopicVersion, (TopicVersion.topic_id == Topic.id) & (TopicVersion.number == Topic.published))
        .join(Organisation, Organisation.id == Topic.organisation_id)
        .join(PublicOffice, PublicOffice.organisation_id == Topic.organisation_id, isouter=True)
    )


def _entry(row: Published, language: str) -> Entry:
    version: TopicVersion = row.TopicVersion
    title, house = version.texts.get(language, {}).get("title", ""), row.Organisation.name(language)
    return Entry(row.Topic.address, title, row.Topic.issue, house, _expired(version))


def _group(issue: str) -> str:
    """The group of an issue; the last one, for everything else, where the taxonomy has lost the issue."""
    taxonomy = reference().taxonomy
    return taxonomy.group_of(issue).code if issue in taxonomy.leaves else [*taxonomy.groups][-1]


def _expired(version: TopicVersion) -> bool:
    return version.valid_to is not None and version.valid_to < clock.today()


def _reach(row: Published, language: str) -> tuple[Block, ...]:
    texts = row.PublicOffice.texts if row.PublicOffice else {}
    return parse(texts.get(language, ""))


def _bare(word: str) -> str:
    """An Arabic word without its article, so that "الترحيل" finds "ترحيل"."""
    return word.removeprefix(_ARTICLE) if len(word) > _SHORT else word


@lru_cache(maxsize=2048)
def _key(text: str) -> str:
    """The folded words of a published text."""
    return search_key(plain(text))
