"""A template of letters in the demonstration: brought from a text to begin with, and approved by a lawyer."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from cases.routes import letter_starters
from cases.routes.letter_templates import found_in
from cases.service import letter_library
from core.documents import templates
from core.reference import reference
from core.store.transaction import transaction
from demo.offices import LAWYER, Office

_STARTER: Final = "file_copy"


def bring(office: Office) -> None:
    """One lawyer brings it, another one approves it, and it is offered in every case."""
    writer, reader, *_others = (one.actor for one in office.having(LAWYER))
    known = reference().lists["letter_starter"][_STARTER]
    language = known.notes["language"]
    looked = templates.look(letter_starters.written(_STARTER, to_check=False))
    about = {"subject": known.label.of(language), "language": language, "kind": "petition", "issues": []}
    with transaction():
        template_id = letter_library.add(writer, about | found_in(looked), looked.content, uuid4())
    with transaction():
        template = letter_library.one(reader, template_id)
        letter_library.approve(reader, template_id, template.version, template.latest)
