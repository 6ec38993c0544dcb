"""A server that answers each request with so many tokens at once, and then 200 a second until it is cut off."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from typing import Final

from tests.benchmarks import stream

RATE: Final = 200
STEP: Final = 64
"""Tokens written at once while catching up."""
HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def deltas() -> Iterator[bytes]:
    for word in stream.words(random.Random(2)):
        yield stream.delta(0, "text_delta", text=word)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: int) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    tokens = deltas()
    writer.write(HEAD + stream.start())
    writer.write(stream.event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
    for _ in range(there // STEP):
        writer.write(b"".join(next(tokens) for _ in range(STEP)))
        await writer.drain()
    begun, sent = asyncio.get_running_loop().time(), 0
    while not writer.is_closing():
        due = int((asyncio.get_running_loop().time() - begun) * RATE)
        for _ in range(due - sent):
            writer.write(next(tokens))
        sent = due
        await writer.drain()
        await asyncio.sleep(1 / RATE)


async def serve(there: int) -> None:
    """Prints its port and serves until it is killed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer, there)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
