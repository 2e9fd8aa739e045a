"""Grants: a key handed to a holder, sealed to their pair and signed by who hands it over.

Whether the granter was entitled at that epoch is not decided here: the caller knows membership,
and passes the granter's certificate verified by `TrustRoot` for the moment of the grant.

What was accepted once is kept wrapped under the holder's own ring, so that no list pays for
public-key work row by row.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from vault.context import Context
from vault.encoding import pack
from vault.errors import Untrusted
from vault.keys import Key
from vault.pairs import Pair, seal_to, wrap_to
from vault.sealing import seal, unseal, unwrap, wrap
from vault.signing import Signer, verify
from vault.trust import Verified

_LABEL = "grant"
_GRANTERS = frozenset({"person", "recovery"})


@dataclass(frozen=True)
class GrantScope:
    """What is granted to whom. `kind` says what `subject_id` is: a case, a case's notes, a desk key."""

    organisation_id: UUID
    kind: str
    subject_id: UUID
    holder_id: UUID

    def context(self, form: str, epoch: int) -> Context:
        """Bind a sealed key or private half to this scope at an epoch."""
        return Context(form, self.organisation_id, self.kind, self.subject_id, self.holder_id, epoch)


@dataclass(frozen=True)
class SealedGrant:
    """A grant as stored. `epoch` is the granted key's."""

    sealed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    epoch: int


def grant(
    key: Key, scope: GrantScope, holder_public: bytes, granter_id: UUID, granter: Signer
) -> SealedGrant:
    """Hand a key to the holder of `holder_public`, which the caller has taken from a verified certificate."""
    sealed = wrap_to(holder_public, key, scope.context("granted key", key.epoch))
    return _signed(sealed, key.epoch, scope, holder_public, granter_id, granter)


def accept(given: SealedGrant, scope: GrantScope, holder: Pair, granter: Verified) -> Key:
    """Check who granted, then open. Raises Untrusted before anything is opened, or Unreadable."""
    check_grant(given, scope, holder.public, granter)
    key = holder.unwrap(given.sealed, scope.context("granted key", given.epoch))
    if key.epoch != given.epoch:
        raise Untrusted
    return key


def check_grant(given: SealedGrant, scope: GrantScope, holder_public: bytes, granter: Verified) -> None:
    """Check who granted, without opening: for somebody else's grant. Raises Untrusted."""
    if granter.kind not in _GRANTERS or granter.organisation_id != scope.organisation_id:
        raise Untrusted
    statement = _statement(given.sealed, given.epoch, scope, holder_public, granter.subject_id)
    verify(granter.sign_public, _LABEL, statement, given.signature)


def grant_private(
    private: bytes, epoch: int, scope: GrantScope, holder_public: bytes, granter_id: UUID, granter: Signer
) -> SealedGrant:
    """Hand over the private half of an organisation's key at its epoch, like `grant`."""
    sealed = seal_to(holder_public, private, scope.context("granted private half", epoch))
    return _signed(sealed, epoch, scope, holder_public, granter_id, granter)


def accept_private(given: SealedGrant, scope: GrantScope, holder: Pair, granter: Verified) -> bytes:
    """Check who granted, then open a private half. Raises Untrusted or Unreadable."""
    check_grant(given, scope, holder.public, granter)
    return holder.open(given.sealed, scope.context("granted private half", given.epoch))


def ring_wrap(key: Key, ring: Key, scope: GrantScope) -> bytes:
    """Keep an accepted key under the holder's own ring."""
    return wrap(key, ring, scope.context("key on ring", key.epoch))


def ring_unwrap(wrapped: bytes, epoch: int, ring: Key, scope: GrantScope) -> Key:
    """Open what `ring_wrap` made for a key of this epoch. Raises Unreadable."""
    return unwrap(wrapped, ring, scope.context("key on ring", epoch))


def ring_seal_private(private: bytes, epoch: int, ring: Key, scope: GrantScope) -> bytes:
    """Keep an accepted private half under the holder's own ring."""
    return seal(ring, private, scope.context("private half on ring", epoch))


def ring_open_private(sealed: bytes, epoch: int, ring: Key, scope: GrantScope) -> bytes:
    """Open what `ring_seal_private` made. Raises Unreadable."""
    return unseal(ring, sealed, scope.context("private half on ring", epoch))


def _signed(
    sealed: bytes, epoch: int, scope: GrantScope, holder_public: bytes, granter_id: UUID, granter: Signer
) -> SealedGrant:
    statement = _statement(sealed, epoch, scope, holder_public, granter_id)
    return SealedGrant(sealed, granter.sign(_LABEL, statement), epoch)


def _statement(sealed: bytes, epoch: int, scope: GrantScope, holder_public: bytes, granter_id: UUID) -> bytes:
    return pack(
        scope.context("grant", epoch), granter_id, sha256(holder_public).digest(), sha256(sealed).digest()
    )
