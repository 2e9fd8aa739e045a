"""Contexts: what a sealed thing is and where it belongs. It opens nowhere else."""

from functools import lru_cache
from typing import Self
from uuid import UUID

from vault.encoding import Part, pack


class Context(bytes):
    """A purpose and the ids that place it, encoded injectively. Never secret, never stored."""

    __slots__ = ()

    def __new__(cls, purpose: str, *parts: Part) -> Self:
        """Bind a purpose, unique in the whole product, to parts in a fixed order."""
        return super().__new__(cls, pack(purpose, *parts))


def row_context(
    organisation_id: UUID, case_id: UUID | None, table: str, row_id: UUID, version: int
) -> Context:
    """Context of the sealed record in one version of one row; `case_id` is None outside of cases."""
    return bytes.__new__(Context, _place(organisation_id, case_id, table) + pack(row_id, version))


@lru_cache(maxsize=1024, typed=True)
def _place(organisation_id: UUID, case_id: UUID | None, table: str) -> bytes:
    """How the contexts of all rows of a table begin: a case has hundreds of them."""
    return pack("row", organisation_id, case_id, table)
