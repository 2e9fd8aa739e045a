"""Papers in a case, through the services."""

from __future__ import annotations

from uuid import UUID, uuid4

from cases.service import filing
from cases.service.filing import Paper
from core.access.actors import Actor
from core.store.transaction import transaction
from tests.intake.papers import PDF
from tests.intake.stage import stored


def paper_in(
    actor: Actor, case_id: UUID, content: bytes = b"", name: str = "a.pdf", replaces: UUID | None = None
) -> UUID:
    """A paper that somebody brings; one of its own unless its content is given."""
    file = stored(content or PDF + uuid4().bytes)
    with transaction():
        filing.file_papers(actor, case_id, [Paper(file, name, {"title": "قرار"})], uuid4(), replaces=replaces)
    return file.id
