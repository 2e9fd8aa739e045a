"""Everybody in a matter: the client, and the other people whom the record names with their roles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import orjson

from core.reference import reference
from domain.conflicts import CLIENT

__all__ = ["CLIENT", "TELLS_APART", "Party", "everybody", "fresh", "is_family", "who_they_are"]

TELLS_APART: Final = ("name_ar", "name_latin", "father", "mother", "birth", "numbers", "phones")


@dataclass(frozen=True)
class Party:
    """Somebody in a matter; the id of the client is the word for it, others have one of their own."""

    id: str
    role: str
    person: dict[str, Any] = field(repr=False)

    @property
    def names(self) -> list[str]:
        """As they are written, in one script or two."""
        return [self.person[name] for name in ("name_ar", "name_latin") if self.person.get(name)]


def everybody(record: dict[str, Any]) -> list[Party]:
    """The client first."""
    others = (Party(one["id"], one["role"], one) for one in record.get("parties", ()))
    return [Party(CLIENT, CLIENT, record["client"]), *others]


def fresh(parties: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parties of a new record, each with an id of its own."""
    return [{**one, "id": one.get("id") or str(uuid4())} for one in parties]


def is_family(record: dict[str, Any]) -> bool:
    """Whether the matter is about family, violence or children, as far as it is said already."""
    issues, issue = reference().taxonomy, record.get("issue")
    return issue in issues.leaves and issues.is_restricted_group(issue)


def who_they_are(record: dict[str, Any]) -> str:
    """A digest over whatever a check for conflicts compares: a record with another one was not compared."""
    compared = [
        [
            party.id,
            party.role,
            *((party.person.get(name) or "") for name in TELLS_APART),
            *filter(None, [party.person.get("legal_form")]),  # nothing of a person, as ever
        ]
        for party in everybody(record)
    ]
    said = orjson.dumps([is_family(record), compared], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()
