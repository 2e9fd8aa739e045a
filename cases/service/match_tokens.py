"""Tokens of a client, by which files of one person are found: nobody can read a name from one.

They are made of each client under the organisation's match key and the server's, over pairs of values, or
slowly over one number (`vault.tokens`), and say which files may be about one person, not who it is.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, TypeAlias
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, select

import vault
from accounts.service import keys as organisation_keys
from accounts.service import passwords
from accounts.service.keys import OpenKey
from cases.models import Case, MatchToken
from cases.service import due
from cases.service.persons import persons_of
from config.settings import Settings
from core.access.actors import Actor
from core.errors import Locked
from core.store.base import db
from domain.identity import comparable_phone
from domain.names.tokens import NUMBER, PHONE, plain_number, tokens
from vault import Profile

KEY: Final = "match"
_LOCKED: Final = _(
    "You do not hold the key for finding files of one person yet. A coordinator hands it over."
)
_FIELDS: Final = ("name_ar", "name_latin", "father", "mother", "birth", "numbers", "phones")

Tokens: TypeAlias = dict[UUID, frozenset[bytes]]
"""Everything that may be compared of a client, under each epoch of the match key that the actor holds."""


class _Server:
    """The server's half of a token, and how slow a token of a number is to make."""

    key: bytes = b""
    profile: Profile = Profile.RECEIPT


_server: Final = _Server()


def install(settings: Settings) -> None:
    """Say which key the server has; once, while the application starts."""
    _server.key = settings.token_key
    standard = passwords.profile(settings) is Profile.STANDARD
    _server.profile = Profile.RECEIPT if standard else passwords.profile(settings)


def made(actor: Actor, client: dict[str, Any]) -> Tokens:
    """The tokens of a client. Slow where there are numbers: before a transaction, so that nobody waits.

    Raises Locked for whoever does not hold the match key.
    """
    held = organisation_keys.open_all(actor, KEY)
    if not held:
        raise Locked(_LOCKED)
    return {key.id: _under(key, client) for key in held}


def differ(client: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether two versions of a client may have other tokens."""
    return any(client.get(name) != before.get(name) for name in _FIELDS)


def write(
    actor: Actor,
    case: Case,
    client: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    ready: Tokens | None = None,
) -> None:
    """Store the tokens of a client anew; what says nothing else than `before` costs nothing.

    ready: what `made` gave for this client. Whoever does not hold the match key orders it from the next
    colleague who does.
    """
    if before is not None and not differ(client, before):
        return
    try:
        key = organisation_keys.open_key(actor, KEY)
    except Locked:
        due.match_due(actor, case)
        return
    db.session.execute(delete(MatchToken).where(MatchToken.case_id == case.id))
    of_case = (ready or {}).get(key.id) or _under(key, client)
    if of_case:
        db.session.execute(insert(MatchToken), [{"token": token, "case_id": case.id} for token in of_case])


def sharing(wanted: Tokens) -> list[UUID]:
    """The cases that share a token, those that share the most first."""
    every = {token for of_key in wanted.values() for token in of_key}
    shared = db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(every)))
    return [case_id for case_id, _count in Counter(shared.all()).most_common()]


def with_number(actor: Actor, text: str) -> list[UUID]:
    """Files of the organisation that hold a whole number or phone, however old; none without the key."""
    asked = {(NUMBER, plain_number(text)), (PHONE, plain_number(comparable_phone(text)))}
    wanted = {_slow(held, *single) for held in organisation_keys.open_all(actor, KEY) for single in asked}
    return list(db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(wanted)).distinct()))


def _under(key: OpenKey, client: dict[str, Any]) -> frozenset[bytes]:
    found = [tokens(person) for person in persons_of(client)]
    pairs = {pair for each in found for pair in each.pairs}
    singles = {single for each in found for single in each.single}
    quick = {vault.match_token(_server.key, key.key, *pair) for pair in pairs}
    return frozenset(quick | {_slow(key, *single) for single in singles})


def _slow(key: OpenKey, kind: str, value: str) -> bytes:
    return vault.slow_token(_server.key, key.key, kind, value, _server.profile)
