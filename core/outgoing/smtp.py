"""Mail through a server of ours, over TLS whose certificate is checked (RFC 5321, 3207, 8314).

Each message has a connection of its own: they are few, and nothing is left half-way in another.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import unquote, urlsplit

from config.settings import Settings
from core import clock
from core.outgoing.message import Message, NotCarriedError

PATIENCE: Final = 15  # seconds for each answer of the server
PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
NEVER: Final = 500  # from here on an answer about a receiver is final (RFC 5321, 4.2.1)


@dataclass(frozen=True)
class Mail:
    """A server, and the address in whose name it sends."""

    scheme: str  # smtp: STARTTLS or nothing; smtps: TLS at once; smtp+plain: for development
    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    name: str = ""  # beside the address

    @classmethod
    def of(cls, settings: Settings) -> Mail:
        """As SMTP_URL and MAIL_FROM say."""
        url = urlsplit(settings.smtp_url or "")
        return cls(
            url.scheme,
            url.hostname or "",
            url.port or PORTS[url.scheme],
            unquote(url.username or ""),
            unquote(url.password or ""),
            settings.mail_from,
        )

    def carry(self, message: Message) -> None:
        """Send it. Raises NotCarriedError, final where the server refuses the receiver for good."""
        try:
            server = self._connected()
            try:
                server.send_message(self._letter(message), self.sender, [message.to])
                with suppress(smtplib.SMTPException, OSError):  # it was taken, however the two part
                    server.quit()
            finally:
                server.close()
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, _said)] = refused.recipients.values()
            raise NotCarriedError(final=code >= NEVER) from None
        except (smtplib.SMTPException, OSError):  # their texts may quote the address
            raise NotCarriedError(final=False) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        try:
            if self.scheme == "smtp":
                server.starttls(context=context)  # a server without it is refused, never spoken to in clear
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage(policy=WIRE)
        letter["From"] = formataddr((self.name, self.sender))
        letter["To"], letter["Subject"] = message.to, message.subject
        letter["Date"] = format_datetime(clock.now())
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer from holidays
        letter.set_content(message.text)
        letter["Content-Language"] = message.language  # afterwards: the content brings its own headers
        return letter
