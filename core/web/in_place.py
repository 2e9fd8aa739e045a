"""Forms that htmx sends: the answer takes the place of a part of the page; scripts are never needed."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask, Response, request

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


def in_place() -> bool:
    """Whether the answer goes into the page that is open, as a fragment."""
    return request.headers.get("HX-Request") == "true"


def beside(response: Response) -> Response:
    """Let a fragment that reports a failure stand in the form that was sent, and leave the form as it is."""
    target = request.headers.get("HX-Target", "")
    if _NAME.fullmatch(target):
        response.headers["HX-Retarget"] = f"#{target}-failed"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def init_in_place(app: Flask) -> None:
    """Lead the whole page where a redirect points: followed unseen, it would put a page inside a page."""

    @app.after_request
    def lead(response: Response) -> Response:
        if in_place() and response.location is not None:
            response.headers["HX-Redirect"] = response.location
            del response.headers["Location"]
            response.status_code = 200
            response.set_data(b"")
        return response
