"""How the driver speaks with PostgreSQL. Loaded only where it is the database."""

from __future__ import annotations

from typing import Any

import psycopg


class RawCursor(psycopg.Cursor[Any]):
    """Rows come as they are: a sealed one spelled in hexadecimal, as text has it, is twice as long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.format = psycopg.pq.Format.BINARY
