"""A raw server on loopback whose every answer is scripted, byte for byte: what well-behaved servers never do."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Behave: TypeAlias = Callable[["Talk"], Awaitable[None]]


def event(kind: str, **members: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **members})}\n\n".encode()


def delta(text: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


WORDS = tuple(f"word{number} " for number in range(12))
TEXT = "".join(WORDS)
EVENTS: tuple[bytes, ...] = (
    event(
        "message_start",
        message={"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": {}},
    ),
    event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
    event("ping"),
    *(delta(word) for word in WORDS),
    event("content_block_stop", index=0),
    event("message_delta", delta={"stop_reason": "end_turn"}, usage={"input_tokens": 3, "output_tokens": 12}),
    event("message_stop"),
)
STREAM = b"".join(EVENTS)


@dataclass
class Talk:
    """One request and the connection it came over."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""
    body: bytes = b""

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def chunks(self, *pieces: bytes) -> None:
        """Each as one HTTP chunk, without the chunk that ends the body."""
        await self.send(*map(chunk, pieces))

    def reset(self) -> None:
        """Close with a reset, as a crashed server or a firewall does."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def until_closed(self) -> None:
        """Say nothing until the other side goes."""
        await self.reader.read()


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def head(status: str = "200 OK", kind: str = "text/event-stream", **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}" if kind else "x-none: 1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


CHUNKED = head(transfer_encoding="chunked")
ENDED = b"0\r\n\r\n"


async def answers(talk: Talk) -> None:
    """A whole stream, and the connection kept."""
    await talk.send(CHUNKED)
    await talk.chunks(*EVENTS)
    await talk.send(ENDED)


def says(status: str, body: bytes = b"", kind: str = "application/json", **headers: object) -> Behave:
    async def behave(talk: Talk) -> None:
        await talk.send(head(status, kind, content_length=len(body), **headers) + body)

    return behave


def sends(*pieces: bytes, reset: bool = False) -> Behave:
    """Exactly these bytes, then the connection is closed."""

    async def behave(talk: Talk) -> None:
        await talk.send(*pieces)
        if reset:
            await asyncio.sleep(0)
            talk.reset()
        talk.writer.close()

    return behave


def stalls(*pieces: bytes) -> Behave:
    """These bytes, then silence."""

    async def behave(talk: Talk) -> None:
        await talk.send(*pieces)
        await talk.until_closed()

    return behave


def packed(body: bytes, *, cut: int | None = None) -> Behave:
    whole = gzip.compress(body)
    part = whole[:cut] if cut else whole
    return sends(head(content_encoding="gzip", content_length=len(part)) + part)


@dataclass
class FaultServer:
    """Answers each request with the next behaviour, and all further ones with the last."""

    behaviours: tuple[Behave, ...]
    port: int = 0
    requests: list[Talk] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    bodies_first: bool = True
    """Read a request's body before answering."""
    scheme: str = "http"

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            while not writer.is_closing():
                talk = Talk(reader, writer, await reader.readuntil(b"\r\n\r\n"))
                if self.bodies_first and b"content-length: " in talk.head.lower():
                    length = int(talk.head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                    talk.body = await reader.readexactly(length)
                behave = self.behaviours[min(len(self.requests), len(self.behaviours) - 1)]
                self.requests.append(talk)
                await behave(talk)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def serving(
    *behaviours: Behave, bodies_first: bool = True, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FaultServer]:
    made = FaultServer(behaviours, bodies_first=bodies_first, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(made.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def black_hole() -> Iterator[str]:
    """The address of a server that never takes a connection: its queue of them is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as waiting:
        where = listener.getsockname()
        for _ in range(4):
            each = waiting.enter_context(socket.socket())
            each.setblocking(False)
            each.connect_ex(where)
        yield f"http://127.0.0.1:{where[1]}"
