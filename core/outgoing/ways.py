"""Which way out an installation has."""

from __future__ import annotations

from flask import Flask, current_app

from config.settings import Settings
from core.outgoing.console import Console
from core.outgoing.message import Carrier
from core.outgoing.smtp import Mail


def init_outgoing(app: Flask, settings: Settings) -> None:
    """Mail where SMTP_URL names a server, else a line in the log."""
    app.extensions["himaya.carrier"] = Mail.of(settings) if settings.smtp_url else Console()


def the_carrier() -> Carrier:
    """The way out of the current application."""
    carrier: Carrier = current_app.extensions["himaya.carrier"]
    return carrier
