"""How a request is read: what somebody uploads stays in memory, because a disk would keep it in clear."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

import flask


class Request(flask.Request):
    """A request whose files never touch a disk. `MAX_CONTENT_LENGTH` bounds what they take."""

    def _get_file_stream(self, *_of: Any, **_part: Any) -> IO[bytes]:
        """Where the bytes of one file go; Werkzeug's own spools them to a temporary file."""
        return BytesIO()
