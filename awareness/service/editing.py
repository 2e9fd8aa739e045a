"""The way of a text: draft, legal review by somebody else, published; taken back at once where it must be.

A version is never changed once saved. Saving makes the next one, so a text that a lawyer has read is the text
that the public reads, and the history is complete.
"""

from __future__ import annotations

import datetime as dt
import secrets
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from accounts.models import Organisation
from awareness.models import Topic, TopicVersion
from awareness.service.history import history, writers_of
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.markup import refused_links
from domain.topics import FirstTopic, Texts, load_topics, missing

_FIRST: Final = Path(__file__).parents[2] / "config" / "topics"
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread from a leaflet
_REVIEW: Final = dt.timedelta(days=180)


def next_review() -> dt.date:
    """The day that is proposed for the next legal review."""
    return clock.today() + _REVIEW


@cache
def first_topics() -> tuple[FirstTopic, ...]:
    """The texts that come with the product."""
    return load_topics(_FIRST, reference().taxonomy.leaves)


def begin(actor: Actor) -> None:
    """Give an organisation without topics the first ones, as drafts. Twice is once."""
    if not may(actor, Permission.TOPIC_READ):
        raise Refused
    begun = exists().where(Topic.organisation_id == actor.organisation_id, Topic.code.is_not(None))
    if db.session.scalar(select(begun)):
        return
    # Two people who open the list at the same second queue here.
    home = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(home.with_for_update(key_share=True))
    if db.session.scalar(select(begun)):
        return
    for first in first_topics():
        topic = _new(actor, uuid4(), first.issue, first.code)
        texts = {language: dict(parts) for language, parts in first.texts.items()}
        _append(topic, None, texts, next_review(), None)
    db.session.flush()
    audit.record(actor, "topic.begin")


def add(
    actor: Actor, token: UUID, issue: str, texts: Texts, review_by: dt.date, valid_to: dt.date | None
) -> UUID:
    """Add a topic and give its id. The same token twice is one topic. Raises Refused, DomainError."""
    if not may(actor, Permission.TOPIC_EDIT):
        raise Refused
    made = db.session.get(Topic, token)
    if made is not None:
        if made.organisation_id != actor.organisation_id:
            raise NotFound
        return made.id
    _check(texts)
    _check_days(review_by, valid_to)
    topic = _new(actor, token, issue, None)
    _append(topic, actor, texts, review_by, valid_to)
    audit.record(actor, "topic.add", object_kind="topic", object_id=topic.id)
    return topic.id


def save(
    actor: Actor,
    topic_id: UUID,
    version: int,
    issue: str,
    texts: Texts,
    review_by: dt.date,
    valid_to: dt.date | None,
) -> None:
    """Save a new version as a draft. What the public reads stays. Raises Conflict, DomainError."""
    topic = _to_change(actor, Permission.TOPIC_EDIT, topic_id, version)
    _check(texts)
    _check_days(review_by, valid_to)
    topic.issue = issue
    _append(topic, actor, texts, review_by, valid_to)
    _did(actor, topic, "topic.save")


def restore(actor: Actor, topic_id: UUID, version: int, number: int) -> None:
    """Save the text of an earlier version as the newest draft. Raises Conflict, NotFound."""
    topic = _to_change(actor, Permission.TOPIC_EDIT, topic_id, version)
    old = db.session.get(TopicVersion, (topic.id, number))
    if old is None:
        raise NotFound
    _append(topic, actor, old.texts, max(old.review_by, clock.today()), old.valid_to)
    _did(actor, topic, "topic.restore")


def send(actor: Actor, topic_id: UUID, version: int) -> None:
    """Ask for the legal review. Raises Conflict, and DomainError while a language has a gap."""
    topic = _to_change(actor, Permission.TOPIC_EDIT, topic_id, version)
    newest = _newest(topic)
    if newest.state not in {"draft", "returned"}:
        raise DomainError(_("This text was sent to review already."))
    if missing(newest.texts):
        raise DomainError(_("Fill in every part in the three languages, then send it to review."))
    _check_days(newest.review_by, newest.valid_to)
    newest.state = "waiting"
    _did(actor, topic, "topic.send")


def review(actor: Actor, topic_id: UUID, version: int, *, good: bool, remark: str = "") -> None:
    """Confirm a text as a lawyer, or give it back with a remark. Raises Conflict, Refused, DomainError.

    Nobody judges words of their own, whoever saved them last.
    """
    topic = _to_change(actor, Permission.TOPIC_REVIEW, topic_id, version)
    newest = _newest(topic)
    if newest.state != "waiting":
        raise DomainError(_("This text does not wait for a review."))
    if actor.person_id in writers_of(history(topic.id)):
        raise DomainError(_("Words of yours stand in this text. Another lawyer reviews it."))
    if not good and not remark:
        raise DomainError(_("Write what has to change."), field="remark")
    if good:
        _check_days(newest.review_by, newest.valid_to)
    newest.state = "reviewed" if good else "returned"
    newest.remark = "" if good else remark
    newest.reviewed_by, newest.reviewed_at = actor.person_id, clock.now()
    _did(actor, topic, "topic.confirm" if good else "topic.return")


def publish(actor: Actor, topic_id: UUID, version: int) -> None:
    """Show the newest version to the public. Raises Conflict, DomainError if unconfirmed."""
    topic = _to_change(actor, Permission.TOPIC_PUBLISH, topic_id, version)
    newest = _newest(topic)
    if newest.state != "reviewed":
        raise DomainError(_("A lawyer reviews a text before it is published."))
    if topic.published == newest.number:
        raise DomainError(_("This text is published already."))
    _check_days(newest.review_by, newest.valid_to)
    topic.published = newest.number
    newest.published_by, newest.published_at = actor.person_id, clock.now()
    _did(actor, topic, "topic.publish")


def withdraw(actor: Actor, topic_id: UUID, version: int) -> None:
    """Take a page away from the public at once; its text stays here. Raises Conflict, DomainError."""
    topic = _to_change(actor, Permission.TOPIC_PUBLISH, topic_id, version)
    if topic.published is None:
        raise DomainError(_("This page is not public."))
    topic.published = None
    _did(actor, topic, "topic.withdraw")


def require_safe_links(text: str, field: str) -> None:
    """Raise DomainError beside the field for a link that leads anywhere a reader should not be sent."""
    if refused_links(text):
        raise DomainError(
            _("A link leads to a phone number or to an address that begins with https."), field=field
        )


def _new(actor: Actor, topic_id: UUID, issue: str, code: str | None) -> Topic:
    topic = Topic(
        id=topic_id,
        organisation_id=actor.organisation_id,
        address="".join(secrets.choice(_ALPHABET) for _place in range(8)),
        code=code,
        issue=issue,
        latest=0,
        published=None,
        version=1,
    )
    db.session.add(topic)
    return topic


def _append(
    topic: Topic, author: Actor | None, texts: Texts, review_by: dt.date, valid_to: dt.date | None
) -> None:
    topic.latest += 1
    db.session.flush()
    db.session.add(
        TopicVersion(
            topic_id=topic.id,
            number=topic.latest,
            texts=texts,
            review_by=review_by,
            valid_to=valid_to,
            state="draft",
            written_by=author.person_id if author else None,
            written_at=clock.now(),
            reviewed_by=None,
            reviewed_at=None,
            remark="",
            published_by=None,
            published_at=None,
        )
    )


def _to_change(actor: Actor, permission: Permission, topic_id: UUID, version: int) -> Topic:
    """The topic, locked: of two people at the same second the second one sees that it changed."""
    if not may(actor, permission):
        raise Refused
    statement = reachable(actor, permission, Topic).where(Topic.id == topic_id)
    topic = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if topic is None:
        raise NotFound
    if topic.version != version:
        raise Conflict
    return topic


def _newest(topic: Topic) -> TopicVersion:
    return db.session.get_one(TopicVersion, (topic.id, topic.latest), populate_existing=True)


def _check(texts: Texts) -> None:
    if not any(parts.get("title") for parts in texts.values()):
        raise DomainError(_("Write the title in at least one language."), field="title_ar")
    for language, parts in texts.items():
        for part, text in parts.items():
            require_safe_links(text, f"{part}_{language}")


def _check_days(review_by: dt.date, valid_to: dt.date | None) -> None:
    """A text that is out of date on the day it is saved or confirmed would mislead whoever reads it."""
    if review_by < clock.today():
        raise DomainError(
            _("The day of the next review has passed. Enter today or a later day."), field="review_by"
        )
    if valid_to is not None and valid_to < clock.today():
        raise DomainError(
            _("The day until which the text holds has passed. Enter a later day, or leave it empty."),
            field="valid_to",
        )


def _did(actor: Actor, topic: Topic, act: str) -> None:
    topic.version += 1
    audit.record(actor, act, object_kind="topic", object_id=topic.id)
