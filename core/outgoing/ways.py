"""Which ways out an installation has: to colleagues, and to people who asked for help."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

from flask import Flask, current_app

from config.settings import Settings
from core.outgoing.console import Console
from core.outgoing.gateway import Gateway
from core.outgoing.message import Carrier, Message, NotCarriedError
from core.outgoing.smtp import Mail


def init_outgoing(app: Flask, settings: Settings) -> None:
    """Mail where SMTP_URL names a server, else a line in the log."""
    app.extensions["himaya.carrier"] = Mail.of(settings) if settings.smtp_url else Console()
    app.extensions["himaya.ways"] = _to_people(settings)


def the_carrier() -> Carrier:
    """The way out of the current application, to colleagues."""
    carrier: Carrier = current_app.extensions["himaya.carrier"]
    return carrier


def ways_to_people() -> dict[str, Carrier]:
    """By "mail" and "sms", what an installation offers to people who asked for help; it may be nothing."""
    ways: dict[str, Carrier] = current_app.extensions["himaya.ways"]
    return ways


def way_to_people(name: str) -> Carrier:
    """One of them. Where it is not offered any more it takes nothing, and the message waits."""
    return ways_to_people().get(name) or _Closed()


class _Closed:
    """A way that was offered once."""

    def carry(self, _message: Message) -> None:
        raise NotCarriedError(final=False)


def _to_people(settings: Settings) -> dict[str, Carrier]:
    """What is set; for demonstration and development a line in the log in place of the rest."""
    ways: dict[str, Carrier] = {}
    if settings.mode != "production":
        ways |= {"mail": Console(), "sms": Console()}
    if settings.smtp_url and settings.notice_from:
        name, address = parseaddr(settings.notice_from)
        ways["mail"] = replace(Mail.of(settings), sender=address, name=name)
    if settings.sms_url:
        ways["sms"] = Gateway.of(settings)
    return ways
