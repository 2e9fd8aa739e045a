"""A mail server of our own, in threads, and one in memory: each keeps what it took and can refuse."""

from __future__ import annotations

import email
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from flask import Flask

from core.outgoing.message import Message, NotCarriedError


@dataclass
class MailServer:
    """What it took, in order, whether or not the sender waited for the answer."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # commands of the other side
    context: ssl.SSLContext | None = None  # with one it offers STARTTLS
    at_once: bool = False  # TLS before the first word
    receiver: str = "250 good"  # its answer about a receiver
    halt: threading.Event | None = None  # with one it keeps the last answer back until this is set
    took: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.taken]


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        box: MailServer = self.server.box
        if box.at_once and box.context is not None:
            self._wrap(box.context)
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line.decode().strip()
            box.said.append(command)
            verb = command[:4].upper()
            if verb == "EHLO":
                self._say(
                    "250-here", *(["250-STARTTLS"] if box.context else []), "250-AUTH PLAIN", "250 8BITMIME"
                )
            elif verb == "STAR" and box.context:
                self._say("220 go on")
                self._wrap(box.context)
            elif verb == "RCPT":
                self._say(box.receiver)
            elif verb == "DATA":
                self._say("354 go on")
                self._take(box)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("235 good" if verb == "AUTH" else "250 good")

    def finish(self) -> None:
        super().finish()
        self.request.close()  # after a handshake it is no longer the one that the server knows

    def _take(self, box: MailServer) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        box.taken.append(email.message_from_bytes(b"".join(lines), EmailMessage, policy=default))
        box.took.set()
        if box.halt is not None:
            box.halt.wait(60)
        self._say("250 taken")

    def _say(self, *lines: str) -> None:
        try:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        except OSError:  # the other side was killed
            return

    def _wrap(self, context: ssl.SSLContext) -> None:
        self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    box: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away in the middle is no failure of the test."""


@contextmanager
def mail_server(**given: Any) -> Iterator[MailServer]:
    """A server on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = MailServer(port=server.server_address[1], **given)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.box
        finally:
            server.shutdown()


@dataclass
class Letterbox:
    """The way out, in memory: what it took, and what it says to the next letters."""

    app: Flask
    taken: list[Message] = field(default_factory=list)
    answers: list[NotCarriedError | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app.extensions["himaya.carrier"] = self

    def carry(self, message: Message) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(message)

    @property
    def receivers(self) -> list[str]:
        return sorted(message.to.partition("@")[0] for message in self.taken)
