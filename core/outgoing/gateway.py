"""SMS through a gateway of the operator's choice: one POST over TLS for each message, fields by a template.

Nothing of an answer is kept or logged: it may quote the number.
"""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from config.settings import Settings
from core.outgoing.message import Message, NotCarriedError

PATIENCE: Final = 15  # seconds for each answer of the gateway
TAKEN: Final = range(200, 300)
# Answers about this number or message; anything else (limits, sign-in, faults) is the gateway's own trouble.
FINAL: Final = frozenset({400, 404, 410, 422})


@dataclass(frozen=True)
class Gateway:
    """Where messages are posted, and what stands in each field."""

    url: SplitResult = field(repr=False)
    fields: tuple[tuple[str, str], ...]
    authorization: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Gateway:
        """As SMS_URL, SMS_FIELDS and SMS_AUTHORIZATION say."""
        url = urlsplit(settings.sms_url or "")
        given = settings.sms_authorization
        if url.username and not given:
            pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
            given = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return cls(url, tuple(parse_qsl(settings.sms_fields)), given)

    def carry(self, message: Message) -> None:
        """Post it; a redirection is not followed. Raises NotCarriedError, final where it says so."""
        context = ssl.create_default_context()
        server = HTTPSConnection(
            self.url.hostname or "", self.url.port or 443, timeout=PATIENCE, context=context
        )
        try:
            server.request("POST", self._path(), self._body(message), self._headers())
            with server.getresponse() as answer:  # what it says beside the number is not read
                status = answer.status
        except (HTTPException, OSError):  # their texts may quote what was sent
            raise NotCarriedError(final=False) from None
        finally:
            server.close()
        if status not in TAKEN:
            raise NotCarriedError(final=status in FINAL)

    def _path(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")

    def _body(self, message: Message) -> str:
        values = {"{to}": message.to, "{text}": message.text.strip(), "{id}": str(message.id)}
        return urlencode([(name, _filled(template, values)) for name, template in self.fields])

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return headers | ({"Authorization": self.authorization} if self.authorization else {})


def _filled(template: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        template = template.replace(mark, value)
    return template
