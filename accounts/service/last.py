"""Who would be missed: the last of a role that makes keys, and the last who can hand a key on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import KeyGrant, OrganisationKey, Person, PersonRole
from accounts.service import grants
from accounts.service.grants import GRANTERS
from core.access.labels import KEYS
from core.access.permissions import Role
from core.store.base import db

# What else nobody could do without somebody; features above register here while the application starts.
also: list[Callable[[Person], list[Any]]] = []

_LAST_OF_ROLE: Final[dict[Role, Any]] = {
    Role.ADMINISTRATOR: _(
        "This is the last administrator. Afterwards nobody can invite colleagues or end accounts until two "
        "holders of recovery papers come together."
    ),
    Role.COORDINATOR: _(
        "This is the last coordinator. Afterwards nobody can assign files or hand out keys until two holders "
        "of recovery papers come together."
    ),
    Role.MANAGER: _(
        "This is the last manager. Afterwards nobody can open statistics and dossiers or hand out their keys "
        "until there is another manager and two holders of recovery papers come together."
    ),
    Role.FOCAL_POINT: _(
        "This is the last focal point. Afterwards nobody can open what partners send until there is another "
        "focal point and two holders of recovery papers come together."
    ),
}


def consequences(person: Person) -> list[Any]:
    """What nobody could do any more without this person, one sentence each; empty when nothing is lost."""
    last_of = [role for role in _LAST_OF_ROLE if _only(person, role)]
    kinds = [kind for kind in _last_to_hand_on(person) if GRANTERS[kind] not in last_of]
    found = [_LAST_OF_ROLE[role] for role in last_of]
    if kinds:
        found.append(
            _(
                "Nobody else who may hand on these keys holds them: %(keys)s. Let this person hand them to a "
                "colleague first. Otherwise two holders of recovery papers must come together.",
                keys=" · ".join(str(KEYS[kind]) for kind in kinds),
            )
        )
    return [*found, *(words for more in also for words in more(person))]


def _only(person: Person, role: Role) -> bool:
    holders = db.session.scalars(
        select(PersonRole.person_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(
            Person.organisation_id == person.organisation_id,
            Person.state == "active",
            PersonRole.role == role,
        )
    )
    return set(holders) == {person.id}


def _last_to_hand_on(person: Person) -> list[str]:
    """The kinds of which nobody but this person can hand on some epoch."""
    rows = db.session.scalars(
        select(OrganisationKey)
        .join(KeyGrant, KeyGrant.key_id == OrganisationKey.id)
        .where(KeyGrant.holder_id == person.id, OrganisationKey.organisation_id == person.organisation_id)
        .order_by(OrganisationKey.kind)
    )
    only: set[UUID] = {person.id}
    return list(dict.fromkeys(row.kind for row in rows if grants.who_hand_on(row) == only))
