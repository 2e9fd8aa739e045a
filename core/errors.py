"""The errors a service may raise; the pages turn each into one status and one sentence.

Messages are lazy translations without anything about a person in them.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Something a person asked for cannot be done; the message says why and what to do."""

    status = 422
    as_new = False  # the form that was sent gets a new token: sent again it is another one

    def __init__(self, message: Any = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """Not there, or not yours: deliberately the same answer."""

    status = 404


class Refused(DomainError):
    """The actor's role does not allow the act on something the actor may see."""

    status = 403


class Conflict(DomainError):
    """Somebody else changed the same thing meanwhile; nothing was overwritten."""

    status = 409


class Busy(DomainError):
    """Too many at once: nothing was read or changed, and `retry_after` seconds later there may be room."""

    status = 503

    def __init__(self, message: Any, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Locked(DomainError):
    """A key is missing: the act waits for somebody who holds it."""

    status = 423
