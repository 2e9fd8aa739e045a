"""The digest of which rows a case has and at which version: a row rolled back or dropped changes it."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from vault.encoding import pack


def head_digest(rows: Iterable[tuple[str, UUID, int]]) -> bytes:
    """Digest of (table, row id, version) in any order, 32 bytes. Raises ValueError if a row comes twice."""
    ordered = sorted(rows)
    if len({(table, row_id) for table, row_id, _ in ordered}) != len(ordered):
        raise ValueError("Each row has one version.")
    return sha256(pack("head", *(pack(*row) for row in ordered))).digest()
