"""Answers packed on the way, for those on a slow line: our own files, and pages that everybody gets alike.

A page that holds somebody's secret beside words that others can choose is never packed: its size would tell
the secret, letter by letter (BREACH, Gluck, Harris, Prado 2013).
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from flask import Flask, Response, request

from core.web.filters import asset

_TEXT: Final = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
_SMALL: Final = 1024  # bytes; what is smaller gains nothing
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


def pack(answer: Response) -> None:
    """Pack the body with gzip where the browser takes it. Give the answer its tag afterwards."""
    if answer.status_code != 200 or answer.mimetype not in _TEXT:  # noqa: PLR2004 - OK
        return
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) > _SMALL:
        answer.set_data(_packed(body))
        answer.headers["Content-Encoding"] = "gzip"


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def init_packing(app: Flask) -> None:
    """Pack styles, scripts and drawings. Their addresses change with their content: a browser asks once."""

    @app.after_request
    def pack_files(answer: Response) -> Response:
        if request.endpoint == "static":
            pack(answer)
            if "Content-Encoding" in answer.headers and (tag := answer.get_etag()[0]):
                answer.set_etag(f"{tag}-gzip")  # what is packed is not the same bytes (RFC 9110, 8.8.3)
                answer.make_conditional(request)
            if answer.status_code == 200 and _is_current():  # noqa: PLR2004 - OK
                answer.headers["Cache-Control"] = _FOR_GOOD
        return answer


def _is_current() -> bool:
    """Whether pages give this content by this address; another version is not kept under its name."""
    return "v" in request.args and request.full_path == asset(str((request.view_args or {}).get("filename")))
