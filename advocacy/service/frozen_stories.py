"""The stories of a dossier as a frozen version holds them, and whether they still stand so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from advocacy.models.dossiers import DossierVersionStory
from advocacy.service import story_seal, telling
from advocacy.service.dossiers import OpenDossier
from advocacy.service.telling import Story
from core.store.base import db


def contents(opened: OpenDossier) -> list[dict[str, Any]]:
    """What is frozen of the stories that stand; a composite once, at the lowest level of those in it."""
    found = []
    for group in _standing(opened):
        content = {**group[0].content(), "essence": {story.id.hex: story.essence for story in group}}
        if group[0].told:
            content |= {"level": min(story.level for story in group), "of": group[0].told.of}
        found.append(content)
    return found


def still(opened: OpenDossier, frozen: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a frozen version's stories that stand today as they stood then, signed by two."""
    standing = [story for story in telling.of(opened) if story.stands]
    stated = {(story.id.hex, story.version) for story in standing}
    told = _told(standing)
    return [
        one
        for one in frozen
        if (stated.issuperset(map(tuple, one["of"])) if "of" in one else _tells(one, told))
    ]


def _told(stories: Iterable[Story]) -> set[tuple[str, str]]:
    return {(story.id.hex, story.essence) for story in stories}


def _tells(one: dict[str, Any], told: set[tuple[str, str]]) -> bool:
    """Whether all that a frozen story or composite was made of is told in the same words, or codes."""
    made_of: dict[str, str] = one.get("essence") or {}
    return bool(made_of) and told.issuperset(made_of.items())


def freeze(version_id: UUID, opened: OpenDossier) -> None:
    """Remember which stories a frozen version holds."""
    for group in _standing(opened):
        for story in group:
            db.session.add(
                DossierVersionStory(version_id=version_id, story_id=story.id, story_version=story.version)
            )
    db.session.flush()


def lost(opened: OpenDossier, frozen: list[dict[str, Any]]) -> bool:
    """Whether a story of a frozen version stands no more: pulled, changed, run out, or not signed by two.

    Asked of the sealed stories and their signatures; what stands in clear beside them proves nothing.
    """
    return len(still(opened, frozen)) != len(frozen)


def kept(opened: OpenDossier) -> set[tuple[str, str]]:
    """What whoever received a file may keep: stories that nobody took back, as their authors tell them.

    Also one for which its author stands anew, in the same words: it only waits for a check or for the second
    signature.
    """
    rows = {row.id: row for row in telling.stored(opened)}
    return _told(
        story
        for story in telling.of(opened)
        if story.state != "pulled"
        and not story.refused
        and story_seal.signed_by_author(opened, rows[story.id], story.digest)
    )


def are_among(frozen: Iterable[dict[str, Any]], told: set[tuple[str, str]]) -> bool:
    """Whether all stories of a frozen version are among these (`kept`)."""
    return all(_tells(one, told) for one in frozen)


def _standing(opened: OpenDossier) -> list[list[Story]]:
    """The stories that stand; those of a composite together, and only where all of them do."""
    stand = {story.stated: story for story in telling.of(opened) if story.stands}
    groups: list[list[Story]] = []
    for stated, story in stand.items():
        together = story.told.stories if story.told else (stated,)
        if stated == together[0] and stand.keys() >= set(together):
            groups.append([stand[one] for one in together])
    return groups
