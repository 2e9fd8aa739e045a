"""Files that somebody sent, for those who work on it: looked at, heard, saved. Never shown as they came."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.files import given
from intake.service import casework, queue


@needs(Permission.REQUEST_READ)
def of_request(request_id: UUID, file_id: UUID, how: str) -> ResponseReturnValue:
    """A file of a request that lies with the desk."""
    with transaction():
        opened = queue.open_file(actor(), request_id, file_id)
    return given(opened, how)


@needs(Permission.CASE_READ)
def of_case(case_id: UUID, request_id: UUID, file_id: UUID, how: str) -> ResponseReturnValue:
    """A file of a conversation of a case."""
    with transaction():
        opened = casework.open_file(actor(), case_id, request_id, file_id)
    return given(opened, how)
