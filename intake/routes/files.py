"""Files that somebody sent, for those who work on it: looked at, heard, saved. Never shown as they came."""

from __future__ import annotations

from itertools import chain
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store import sealed_files
from core.store.transaction import transaction
from domain.content import Content
from intake.service import casework, copies, queue
from intake.service.attachments import Opened

# Whatever somebody sent runs nothing and loads nothing, even if a browser took it for a page.
_POLICY = "default-src 'none'; sandbox"


@needs(Permission.REQUEST_READ)
def of_request(request_id: UUID, file_id: UUID, how: str) -> ResponseReturnValue:
    """A file of a request that lies with the desk."""
    with transaction():
        opened = queue.open_file(actor(), request_id, file_id)
    return _given(opened, how)


@needs(Permission.CASE_READ)
def of_case(case_id: UUID, request_id: UUID, file_id: UUID, how: str) -> ResponseReturnValue:
    """A file of a conversation of a case."""
    with transaction():
        opened = casework.open_file(actor(), case_id, request_id, file_id)
    return _given(opened, how)


def _given(opened: Opened, how: str) -> Response:
    content = opened.file.content
    if how == "look":
        answer = Response(copies.look(opened), mimetype=Content.JPEG.value)
    elif how == "save":
        answer = _streamed(opened, 0, opened.file.size)
        answer.headers["Content-Disposition"] = f'attachment; filename="file.{content.ending}"'
    elif content.is_voice:
        answer = _heard(opened)
    else:
        raise NotFound
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


def _heard(opened: Opened) -> Response:
    """Sound, in the part that a player asks for (RFC 9110, 14): only the chunks that hold it are opened."""
    size, asked = opened.file.size, request.range
    if asked is None:
        answer = _streamed(opened, 0, size)
    elif (part := asked.range_for_length(size)) is None:
        answer = Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        answer = _streamed(opened, *part, status=206)
        answer.headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _streamed(opened: Opened, start: int, end: int, status: int = 200) -> Response:
    pieces = sealed_files.read(sealed_files.store(), opened.file, start, end)
    first = next(pieces, b"")  # what does not open is an error page, not a file that breaks off
    answer = Response(chain([first], pieces), status, mimetype=opened.file.content.value)
    answer.content_length = end - start
    return answer
