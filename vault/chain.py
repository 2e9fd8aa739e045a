"""The hash chain under the audit record, and signed checkpoints kept outside the database."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from vault.encoding import pack
from vault.signing import Signer, verify

_LABEL = "checkpoint"
HASH_BYTES = 32


def first_link(organisation_id: UUID | None) -> bytes:
    """The hash before the first entry of an organisation's chain; None for the server's own chain."""
    return sha256(pack("chain start", organisation_id)).digest()


def link(previous: bytes, entry: bytes) -> bytes:
    """The hash after an entry, which depends on every entry before it."""
    if len(previous) != HASH_BYTES:
        raise ValueError("A link has 32 bytes.")
    return sha256(pack("chain link", previous, entry)).digest()


@dataclass(frozen=True)
class Checkpoint:
    """How long a chain was, and its last hash, at a moment in Unix seconds."""

    organisation_id: UUID | None
    length: int
    head: bytes
    moment: int

    def sign(self, signer: Signer) -> bytes:
        """Sign with the server's audit key."""
        return signer.sign(_LABEL, self._statement())

    def verify(self, public: bytes, signature: bytes) -> None:
        """Raise Untrusted unless the audit key signed this checkpoint."""
        verify(public, _LABEL, self._statement(), signature)

    def _statement(self) -> bytes:
        return pack(self.organisation_id, self.length, self.head, self.moment)
