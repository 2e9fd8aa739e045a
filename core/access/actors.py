"""Who acts. A frozen value, so that no stale row travels with a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from core.access.permissions import Role
from vault import PersonSecret


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member with the keys that the own secret opens."""

    person_id: UUID
    organisation_id: UUID
    roles: frozenset[Role]
    language: str
    secret: PersonSecret = field(repr=False)
