"""Sealed files as answers: looked at, heard, saved. Never shown as they came; nothing in one ever runs."""

from __future__ import annotations

from itertools import chain

from flask import Response, request

from core.documents import copies
from core.documents.copies import Opened
from core.errors import NotFound
from core.store import sealed_files
from domain.content import Content

# Whatever somebody sent runs nothing and loads nothing, even if a browser took it for a page.
_POLICY = "default-src 'none'; sandbox"


def given(opened: Opened, how: str) -> Response:
    """Answer with a plain copy to look at, the sound to hear, or the file as it came to save.

    how: "look", "hear" or "save". Raises NotFound where a file is not of that kind.
    """
    if how == "look":
        return made(copies.look(opened), Content.JPEG)
    if how == "save":
        answer = _streamed(opened, 0, opened.file.size)
        return _saved(answer, opened.file.content)
    if not opened.file.content.is_voice:
        raise NotFound
    return _guarded(_heard(opened))


def made(content: bytes, kind: Content, *, save: bool = False) -> Response:
    """Answer with what was made of a file. save: to be stored, not to be looked at."""
    answer = Response(content, mimetype=kind.value)
    return _saved(answer, kind) if save else _guarded(answer)


def _saved(answer: Response, kind: Content) -> Response:
    """The name tells nothing of what is inside: it stays in the history of the browser and its folder."""
    answer.headers["Content-Disposition"] = f'attachment; filename="file.{kind.ending}"'
    return _guarded(answer)


def _guarded(answer: Response) -> Response:
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
