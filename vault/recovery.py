"""Recovery: any two of the holders' printed papers open it, one alone opens nothing.

Each paper's code opens the private half of a pair; the recovery secret is sealed once for every
two holders, to one of them inside a seal to the other. Nothing of it is a secret sharing of our own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Self
from uuid import UUID

from vault.codes import new_paper_code, read_paper_code
from vault.context import Context
from vault.encoding import Part, pack, unpack
from vault.errors import Unreadable, Untrusted
from vault.keys import Key, key_from_secret
from vault.pairs import Pair, seal_to
from vault.sealing import seal_committed, unseal_committed
from vault.signing import Signer
from vault.trust import Verified

_VERSION = 1
_NEEDED = 2


@dataclass(frozen=True)
class RecoverySecret:
    """What two holders together hold: a pair that keys are granted to, and a signing key."""

    pair: Pair = field(repr=False)
    signer: Signer = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Make a recovery secret."""
        return cls(Pair.new(), Signer.new())

    def to_bytes(self) -> bytes:
        """Encode, to be sealed."""
        return pack(_VERSION, self.pair.private_bytes(), self.signer.seed())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Decode what `to_bytes` made. Raises Unreadable."""
        match unpack(data):
            case (1, bytes() as pair, bytes() as seed):
                return cls(Pair(pair), Signer(seed))
            case _:
                raise Unreadable


@dataclass(frozen=True)
class Holder:
    """What is stored of one holder: number from 1, public half, private half sealed under the code."""

    number: int
    public: bytes = field(repr=False)
    sealed_private: bytes = field(repr=False)


@dataclass(frozen=True)
class Paper:
    """What is printed for one holder, once, and what is stored of it."""

    code: str = field(repr=False)
    holder: Holder


@dataclass(frozen=True)
class RecoveryBox:
    """Everything stored about recovery: the holders, and the secret sealed for each two of them in order."""

    organisation_id: UUID
    holders: tuple[Holder, ...]
    sealed: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Raise Unreadable unless there is one seal for every two holders."""
        if len(self.sealed) != comb(len(self.holders), _NEEDED):
            raise Unreadable

    def to_bytes(self) -> bytes:
        """Encode for storage."""
        holders = (pack(holder.number, holder.public, holder.sealed_private) for holder in self.holders)
        return pack(_VERSION, self.organisation_id, pack(*holders), pack(*self.sealed))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Decode what `to_bytes` made. Raises Unreadable."""
        match unpack(data):
            case (1, UUID() as organisation_id, bytes() as holders, bytes() as sealed):
                read = tuple(_holder(part) for part in _all_bytes(unpack(holders)))
                return cls(organisation_id, read, tuple(_all_bytes(unpack(sealed))))
            case _:
                raise Unreadable


def new_papers(organisation_id: UUID, number: int = 3) -> tuple[Paper, ...]:
    """Make papers for holders 1 to `number`. Raises ValueError for fewer than two."""
    if number < _NEEDED:
        raise ValueError("Recovery takes at least two holders.")
    return tuple(_new_paper(organisation_id, at) for at in range(1, number + 1))


def seal_recovery(secret: RecoverySecret, organisation_id: UUID, holders: Sequence[Holder]) -> RecoveryBox:
    """Seal the secret so that any two of the holders open it, and no one of them."""
    data = secret.to_bytes()
    sealed = tuple(
        _seal_for(one, other, data, organisation_id) for one, other in combinations(holders, _NEEDED)
    )
    return RecoveryBox(organisation_id, tuple(holders), sealed)


def open_recovery(papers: Mapping[int, str], box: RecoveryBox, certificate: Verified) -> RecoverySecret:
    """Open with the codes of two or more papers by holder number; each given code must be right.

    Raises Mistyped for a code that cannot have been printed, Unreadable for a wrong code or number
    and for fewer than two papers, Untrusted for a secret that the root has not certified.
    """
    pairs = {number: _open_paper(_numbered(box, number), code, box) for number, code in papers.items()}
    wanted = combinations(box.holders, _NEEDED)
    for (one, other), sealed in zip(wanted, box.sealed, strict=True):
        if one.number in pairs and other.number in pairs:
            outer, inner = _contexts(one, other, box.organisation_id)
            data = pairs[other.number].open(pairs[one.number].open(sealed, outer), inner)
            return _certified(RecoverySecret.from_bytes(data), box, certificate)
    raise Unreadable


def _new_paper(organisation_id: UUID, number: int) -> Paper:
    code, pair = new_paper_code(), Pair.new()
    context = _paper_context(organisation_id, number, pair.public)
    sealed = seal_committed(_paper_key(code), pair.private_bytes(), context)
    return Paper(code, Holder(number, pair.public, sealed))


def _open_paper(holder: Holder, code: str, box: RecoveryBox) -> Pair:
    context = _paper_context(box.organisation_id, holder.number, holder.public)
    return Pair(unseal_committed(_paper_key(code), holder.sealed_private, context))


def _seal_for(one: Holder, other: Holder, data: bytes, organisation_id: UUID) -> bytes:
    outer, inner = _contexts(one, other, organisation_id)
    return seal_to(one.public, seal_to(other.public, data, inner), outer)


def _contexts(one: Holder, other: Holder, organisation_id: UUID) -> tuple[Context, Context]:
    place = (organisation_id, one.number, other.number)
    return Context("recovery, outer", *place), Context("recovery, inner", *place)


def _paper_context(organisation_id: UUID, number: int, public: bytes) -> Context:
    return Context("recovery paper", organisation_id, number, public)


def _paper_key(code: str) -> Key:
    return key_from_secret(read_paper_code(code), "recovery paper")


def _numbered(box: RecoveryBox, number: int) -> Holder:
    for holder in box.holders:
        if holder.number == number:
            return holder
    raise Unreadable


def _certified(secret: RecoverySecret, box: RecoveryBox, certificate: Verified) -> RecoverySecret:
    expected = ("recovery", box.organisation_id, secret.pair.public, secret.signer.public)
    said = (certificate.kind, certificate.organisation_id, certificate.hpke_public, certificate.sign_public)
    if said != expected:
        raise Untrusted
    return secret


def _holder(data: bytes) -> Holder:
    match unpack(data):
        case (int() as number, bytes() as public, bytes() as sealed):
            return Holder(number, public, sealed)
        case _:
            raise Unreadable


def _all_bytes(parts: tuple[Part, ...]) -> Iterator[bytes]:
    for part in parts:
        if not isinstance(part, bytes):
            raise Unreadable
        yield part
