"""The digest of which rows a case has and at which version: a row rolled back or dropped changes it."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from vault.encoding import pack

_packed = lru_cache(maxsize=1024, typed=True)(pack)  # names of tables, and versions: few, again and again


def head_digest(rows: Iterable[tuple[str, UUID, int]]) -> bytes:
    """Digest of (table, row id, version) in any order, 32 bytes. Raises ValueError if a row comes twice."""
    ordered = sorted((table, row_id.bytes, version, row_id) for table, row_id, version in rows)
    if len({line[:2] for line in ordered}) != len(ordered):
        raise ValueError("Each row has one version.")
    lines = [_packed(table) + pack(row_id) + _packed(version) for table, _, version, row_id in ordered]
    return sha256(pack("head", *lines)).digest()
