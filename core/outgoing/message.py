"""What leaves, who carries it, and what may go wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Message:
    """One message to one address. Sent twice under the same id it is the same message.

    Its subject and text must be such that whoever reads over a shoulder learns nothing.
    """

    id: UUID
    to: str = field(repr=False)
    language: str  # ar, tr, en
    subject: str
    text: str


class NotCarriedError(Exception):
    """The message was not taken. `final`: the receiver's side will never take it; otherwise try later."""

    def __init__(self, *, final: bool) -> None:
        super().__init__("not carried")
        self.final = final


class Carrier(Protocol):
    """A way out of the house."""

    def carry(self, message: Message) -> None:
        """Hand the message over. Raises NotCarriedError; returns only when it was taken."""
