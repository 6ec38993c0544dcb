"""A server that answers each request with so many tokens at once, and then 200 a second until it is cut off."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from typing import Final

from tests.benchmarks import loopback, stream

RATE: Final = 200
STEP: Final = 64
"""Tokens written at once while catching up."""
HEAD: Final = f"{loopback.HEAD}content-type: text/event-stream\r\nconnection: close\r\n\r\n".encode()


def deltas() -> Iterator[bytes]:
    for word in stream.words(random.Random(2)):
        yield stream.delta(0, "text_delta", text=word)


class Service:
    """Counts its streams: a GET of `/streaming` gives those that have caught up and go on."""

    def __init__(self, there: int) -> None:
        self.there = there
        self.streaming = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match await loopback.request(reader):
            case b"/v1/messages", _:
                await self._stream(writer)
            case b"/streaming", _:
                writer.write(loopback.whole(self.streaming))
            case _:
                writer.write(loopback.NOTHING)

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        tokens = deltas()
        writer.write(HEAD + stream.start())
        writer.write(stream.event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
        for _ in range(self.there // STEP):
            writer.write(b"".join(next(tokens) for _ in range(STEP)))
            await writer.drain()
        self.streaming += 1
        try:
            begun, sent = asyncio.get_running_loop().time(), 0
            while not writer.is_closing():
                due = int((asyncio.get_running_loop().time() - begun) * RATE)
                for _ in range(due - sent):
                    writer.write(next(tokens))
                sent = due
                await writer.drain()
                await asyncio.sleep(1 / RATE)
        finally:
            self.streaming -= 1


if __name__ == "__main__":
    asyncio.run(loopback.serve(Service(int(sys.argv[1])).answer))
