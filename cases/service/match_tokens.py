"""Tokens of everybody in a matter, by which files of one person are found: nobody can read a name from one.

They are made under the organisation's match key and the server's, over pairs of values, over the whole name
of an organisation, or slowly over one number (`vault.tokens`), and say which files may be about one person,
not who it is. Those of a client stand as they are; those of anybody else once more under both keys together
with the role, so that no two of one person in two roles are alike, and none tells which role it is of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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
from cases.service.parties import CLIENT, TELLS_APART, everybody
from cases.service.persons import persons_of
from config.settings import Settings
from core.access.actors import Actor
from core.errors import Locked
from core.store.base import db
from domain import organisations
from domain.conflicts import ROLES
from domain.identity import comparable_phone
from domain.names.tokens import NONE, NUMBER, PHONE, plain_number, tokens
from vault import Profile

KEY: Final = "match"
_AT_ONCE: Final = 1_000  # tokens of one statement
_LOCKED: Final = _(
    "You do not hold the key for finding files of one person yet. A coordinator hands it over."
)

Tokens: TypeAlias = Mapping[UUID, frozenset[bytes]]
"""Everything that may be compared of a client, under each epoch of the match key that the actor holds."""

Made: TypeAlias = dict[str, Tokens]
"""The same of everybody in a matter, by their ids, before the role is put to it."""


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
    return {key.id: _under(key, client) for key in held(actor)}


def made_of(actor: Actor, record: dict[str, Any]) -> Made:
    """The tokens of everybody in a record, as slow. Raises Locked for whoever does not hold the match key."""
    keys = held(actor)
    return {party.id: {key.id: _under(key, party.person) for key in keys} for party in everybody(record)}


def of_client(ready: Made | None) -> Tokens:
    """Those of the client alone."""
    return (ready or {}).get(CLIENT, {})


def held(actor: Actor) -> list[OpenKey]:
    """Every epoch of the match key that the actor holds. Raises Locked for whoever holds none."""
    found = organisation_keys.open_all(actor, KEY)
    if not found:
        raise Locked(_LOCKED)
    return found


def differ(client: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether two versions of a client may have other tokens."""
    names = (*TELLS_APART, "legal_form")
    return any((client.get(name) or "") != (before.get(name) or "") for name in names)


def in_role(keys: Iterable[OpenKey], tokens: Tokens, role: str) -> set[bytes]:
    """The tokens of a person as they would stand in a file in which the person has this role."""
    return {token for key in keys for token in _as_role(key, tokens.get(key.id, ()), role)}


def write(actor: Actor, case: Case, record: dict[str, Any], *, ready: Made | None = None) -> bool:
    """Store the tokens of everybody in a record anew; False where the actor does not hold the match key.

    ready: what `made_of` gave for this record, or for one that says more. Whoever does not hold the key
    orders it from the next colleague who does.
    """
    try:
        key = organisation_keys.open_key(actor, KEY)
    except Locked:
        due.match_due(actor, case)
        return False
    db.session.execute(delete(MatchToken).where(MatchToken.case_id == case.id))
    found = _of_everybody(key, record, ready or {})
    if found:
        db.session.execute(insert(MatchToken), [{"token": token, "case_id": case.id} for token in found])
    return True


def tokens_of(actor: Actor, record: dict[str, Any], ready: Made | None = None) -> set[bytes]:
    """What would be stored for the people of a record. Raises Locked without the match key.

    ready: what `made_of` gave for it.
    """
    return _of_everybody(organisation_keys.open_key(actor, KEY), record, ready or {})


def in_parts(tokens: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Tokens in portions that one statement takes."""
    wanted = sorted(set(tokens))
    yield from (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def holding(tokens: Iterable[bytes]) -> list[tuple[bytes, UUID]]:
    """Which files hold which of these tokens."""
    found: list[tuple[bytes, UUID]] = []
    for some in in_parts(tokens):
        files = select(MatchToken.token, MatchToken.case_id).where(MatchToken.token.in_(some))
        found.extend((token, case_id) for token, case_id in db.session.execute(files))
    return found


def sharing(wanted: Tokens) -> list[UUID]:
    """The cases that share a token, those that share the most first."""
    every = {token for of_key in wanted.values() for token in of_key}
    shared = db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(every)))
    return [case_id for case_id, _count in Counter(shared.all()).most_common()]


def with_number(actor: Actor, text: str) -> list[UUID]:
    """Files of the organisation that hold a whole number or phone, however old; none without the key."""
    asked = {(NUMBER, plain_number(text)), (PHONE, plain_number(comparable_phone(text)))}
    wanted = _in_any_role(actor, asked)
    return list(db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(wanted)).distinct()))


def of_phones(actor: Actor, phones: Iterable[str]) -> set[bytes]:
    """Whatever is stored of anybody with one of these phones, in whichever role; nothing without the key.

    Slow: before a transaction.
    """
    plain = {plain_number(comparable_phone(one)) for one in phones}
    return _in_any_role(actor, {(PHONE, one) for one in plain if one})


def _in_any_role(actor: Actor, singles: Iterable[tuple[str, str]]) -> set[bytes]:
    keys = organisation_keys.open_all(actor, KEY)
    # Whoever is only another party of a file is found by the number too.
    clients = [(key, _slow(key, *single)) for key in keys for single in singles]
    return {token for key, one in clients for role in ROLES for token in _as_role(key, [one], role)}


def _of_everybody(key: OpenKey, record: dict[str, Any], ready: Made) -> set[bytes]:
    return {
        token
        for party in everybody(record)
        for token in _as_role(
            key, ready.get(party.id, {}).get(key.id) or _under(key, party.person), party.role
        )
    }


def _as_role(key: OpenKey, tokens: Iterable[bytes], role: str) -> frozenset[bytes]:
    if role == CLIENT:
        return frozenset(tokens)
    return frozenset(vault.match_token(_server.key, key.key, "role", role, token) for token in tokens)


def _under(key: OpenKey, client: dict[str, Any]) -> frozenset[bytes]:
    found = [tokens(person) for person in persons_of(client)]
    # The parts of an organisation's name are no names of people, and many of them share two.
    pairs = set() if client.get("legal_form") else {pair for each in found for pair in each.pairs}
    pairs |= {(organisations.KIND, name, NONE) for name in organisations.keys_of(client)}
    singles = {single for each in found for single in each.single}
    quick = {vault.match_token(_server.key, key.key, *pair) for pair in pairs}
    return frozenset(quick | {_slow(key, *single) for single in singles})


def _slow(key: OpenKey, kind: str, value: str) -> bytes:
    return vault.slow_token(_server.key, key.key, kind, value, _server.profile)
