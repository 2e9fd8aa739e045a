"""A line between a browser and a server that can be made slow and cut: a program of its own.

`python -m tests.support.relay LISTEN TO`; SIGUSR2 makes it slow or fast again, SIGUSR1 cuts and mends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.servers import child, free_port, wait_for

SLOW = 400_000  # bytes a second
PIECE = 16_384


@dataclass
class Relay:
    """A line at `url`, slow or not, in a process that listens to us."""

    url: str
    process: subprocess.Popen[bytes]

    def turn(self) -> None:
        """Slow, or fast again."""
        self.process.send_signal(signal.SIGUSR2)

    def cut(self) -> None:
        """Break off whatever is on its way, and let nothing through; again, it is mended."""
        self.process.send_signal(signal.SIGUSR1)


@contextlib.contextmanager
def relayed(url: str) -> Iterator[Relay]:
    """Such a line to a server."""
    port, to = free_port(), url.rpartition(":")[2]
    with child(sys.executable, "-m", "tests.support.relay", str(port), to) as process:
        ours = f"http://127.0.0.1:{port}"
        wait_for(ours, process)
        yield Relay(ours, process)


class _Line:
    def __init__(self, to: int) -> None:
        self.to, self.slow, self.down = to, False, False
        self.open: set[StreamWriter] = set()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self.down:  # a browser tries once more by itself
            writer.transport.abort()
            return
        there, beyond = await asyncio.open_connection("127.0.0.1", self.to)
        self.open |= {writer, beyond}
        with contextlib.suppress(OSError):
            await asyncio.gather(self.carry(reader, beyond), self.carry(there, writer))
        for one in (writer, beyond):
            self.open.discard(one)
            one.close()

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(PIECE):
            writer.write(data)
            await writer.drain()
            if self.slow:
                await asyncio.sleep(len(data) / SLOW)
        writer.write_eof()

    def cut(self) -> None:
        self.down = not self.down
        for one in self.open:
            one.transport.abort()

    def turn(self) -> None:
        self.slow = not self.slow


async def _main(port: int, to: int) -> None:
    line, door = _Line(to), socket.socket()
    door.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE
    )  # a browser counts what lies in between as sent
    door.bind(("127.0.0.1", port))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, line.cut)
    loop.add_signal_handler(signal.SIGUSR2, line.turn)
    async with await asyncio.start_server(line.serve, sock=door, limit=PIECE) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
