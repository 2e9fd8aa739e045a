"""Where no mail server is named: a line in the log says that a message would have left."""

from __future__ import annotations

import structlog

from core.outgoing.message import Message

log = structlog.get_logger("outgoing")


class Console:
    """Says that there was a message, and its id. The address stays out of the log."""

    def carry(self, message: Message) -> None:
        """Write the line."""
        log.info("message.shown", message_id=message.id)
