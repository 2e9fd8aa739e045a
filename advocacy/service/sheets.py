"""What of a dossier's vignettes may be told, as a manager's session found it: sealed and signed.

It stands in the sealed front of the dossier: the key for it is the dossier's, the signature the manager's.
Who reads it learns which vignettes stand, alone or together, in which words; no count and no case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

import vault
from accounts.service import signed
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from vault import Untrusted

_LABEL: Final = "dossier check"

Stated = tuple[UUID, int]  # a story in one version


@dataclass(frozen=True)
class Telling:
    """How a vignette is told, or several as a composite: its codes by `Detail`, its words by language."""

    stories: tuple[Stated, ...]
    codes: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def is_composite(self) -> bool:
        """Whether it is marked as made of several cases."""
        return len(self.stories) > 1

    @property
    def of(self) -> list[list[Any]]:
        """Id and version of each story, as plain values."""
        return [[story_id.hex, version] for story_id, version in self.stories]

    def to_record(self) -> dict[str, Any]:
        """The telling as plain values."""
        return {"of": self.of, "codes": dict(self.codes), "texts": dict(self.texts)}

    @property
    def digest(self) -> bytes:
        """Of exactly these words for exactly these stories."""
        return hashlib.sha256(_canonical(self.to_record())).digest()


@dataclass(frozen=True)
class Sheet:
    """Every vignette of the dossier on the day it was checked: told, or refused with the rules it breaks."""

    tellings: tuple[Telling, ...]
    refused: Mapping[Stated, tuple[str, ...]]
    at: dt.datetime

    @property
    def is_of_today(self) -> bool:
        """Whether people were counted today."""
        return self.at.astimezone(clock.ISTANBUL).date() == clock.today()

    def telling(self, story: Stated, standing: Iterable[Stated]) -> Telling | None:
        """How a story is told; None where it is not, or where one of a composite stands no more."""
        present = set(standing)
        return next(
            (one for one in self.tellings if story in one.stories and present.issuperset(one.stories)), None
        )

    def has_fallen(self, story: Stated, standing: Iterable[Stated]) -> bool:
        """Whether a story stood in a composite of which another stands no more."""
        present = set(standing)
        return any(story in one.stories and not present.issuperset(one.stories) for one in self.tellings)


def sign(
    actor: Actor, opened: OpenDossier, told: Iterable[Telling], refused: Mapping[Stated, tuple[str, ...]]
) -> dict[str, Any]:
    """The sheet as it is kept in the dossier, signed by the manager who counted."""
    content = _content(told, refused)
    at = clock.now()
    statement = _statement(opened, actor.person_id, at, content)
    signature = actor.secret.signer.sign(_LABEL, statement)
    return {
        "content": content,
        "by": actor.person_id.hex,
        "at": at.isoformat(),
        "signature": signature.hex(),
    }


def read(opened: OpenDossier) -> Sheet | None:
    """The sheet of a dossier; None before the first, and for one that no manager of ours signed."""
    kept = opened.checked
    if not kept:
        return None
    by, at, content = UUID(kept["by"]), dt.datetime.fromisoformat(kept["at"]), kept["content"]
    statement, signature = _statement(opened, by, at, content), bytes.fromhex(kept["signature"])
    try:
        signed.require(by, opened.row.organisation_id, {Role.MANAGER}, at, _LABEL, statement, signature)
    except Untrusted:
        return None
    return Sheet(
        tuple(
            Telling(tuple((UUID(story), version) for story, version in one["of"]), one["codes"], one["texts"])
            for one in content["told"]
        ),
        {(UUID(story), version): tuple(reasons) for story, version, reasons in content["refused"]},
        at,
    )


def says(opened: OpenDossier, told: Iterable[Telling], refused: Mapping[Stated, tuple[str, ...]]) -> bool:
    """Whether the dossier's sheet holds exactly this already."""
    return bool(opened.checked) and opened.checked["content"] == _content(told, refused)


def _content(told: Iterable[Telling], refused: Mapping[Stated, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "told": [one.to_record() for one in told],
        "refused": [[story.hex, version, list(reasons)] for (story, version), reasons in refused.items()],
    }


def _statement(opened: OpenDossier, by: UUID, at: dt.datetime, content: dict[str, Any]) -> bytes:
    digest = hashlib.sha256(_canonical(content)).digest()
    return vault.pack(opened.row.organisation_id, opened.id, by, at.isoformat(), digest)


def _canonical(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
