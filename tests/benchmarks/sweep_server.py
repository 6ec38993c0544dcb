"""A server that answers each request after 20 ms with a short stream, all of it at once, and never limits."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from itertools import islice
from typing import Final

from tests.benchmarks import stream

WAIT: Final = 0.02
"""Seconds from the request to its answer."""
TOKENS: Final = 50
WORDS: Final = tuple(islice(stream.words(random.Random(4)), TOKENS))
HEAD: Final = "HTTP/1.1 200 OK\r\nrequest-id: req_011Benchmark\r\n"


def streamed() -> bytes:
    """One event a chunk, as the API sends them."""
    deltas = (stream.delta(0, "text_delta", text=word) for word in WORDS)
    events = [stream.start(), *stream.block(0, {"type": "text", "text": ""}, deltas), *stream.end(TOKENS)]
    head = f"{HEAD}content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in events) + b"0\r\n\r\n"


def whole(content: object) -> bytes:
    body = json.dumps(content).encode()
    return f"{HEAD}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


STREAM: Final = streamed()
MESSAGE: Final = whole(
    {
        "id": "msg_01Benchmark",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-6",
        "content": [{"type": "text", "text": "".join(WORDS)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {**stream.USAGE, "output_tokens": TOKENS},
    }
)
COUNT: Final = whole({"input_tokens": stream.USAGE["input_tokens"]})
NOTHING: Final = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"


class Service:
    """Counts what it answered, so that nobody's figure is that of a failure."""

    def __init__(self) -> None:
        self.answered = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(await self._answer(reader))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        match head.split(b" ", 2)[1].partition(b"?")[0]:
            case b"/v1/messages":
                await asyncio.sleep(WAIT)
                self.answered += 1
                return STREAM if json.loads(body).get("stream") else MESSAGE
            case b"/v1/messages/count_tokens":
                return COUNT
            case b"/answered":
                return whole(self.answered)
        return NOTHING


async def serve() -> None:
    """Prints its address and serves until it is killed."""
    server = await asyncio.start_server(Service().connected, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
