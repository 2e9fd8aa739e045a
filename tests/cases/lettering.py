"""Templates of letters, through the services."""

from __future__ import annotations

from uuid import UUID, uuid4

from cases.service import letter_library
from core.access.actors import Actor
from core.store.transaction import transaction
from tests.documents.wording import template

ABOUT = {"subject": "Dilekçe", "language": "tr", "kind": "petition", "issues": [], "left": [], "numbers": []}


def template_of(lawyer: Actor) -> UUID:
    """A template that a lawyer brought and approved, with one field."""
    about = {**ABOUT, "fields": [["bugün", "today", ""]]}
    with transaction():
        template_id = letter_library.add(lawyer, about, template("{{bugün}}"), uuid4())
    with transaction():
        letter_library.approve(lawyer, template_id, 1, 1)
    return template_id
