"""A server that answers each request after 20 ms with a short stream, all of it at once, and never limits."""

from __future__ import annotations

import asyncio
import json
import random
from itertools import islice
from typing import Final

from tests.benchmarks import loopback, stream

WAIT: Final = 0.02
"""Seconds from the request to its answer."""
TOKENS: Final = 50
WORDS: Final = tuple(islice(stream.words(random.Random(4)), TOKENS))


def streamed() -> bytes:
    """One event a chunk, as the API sends them."""
    deltas = (stream.delta(0, "text_delta", text=word) for word in WORDS)
    events = [stream.start(), *stream.block(0, {"type": "text", "text": ""}, deltas), *stream.end(TOKENS)]
    head = f"{loopback.HEAD}content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
    return head.encode() + b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in events) + b"0\r\n\r\n"


STREAM: Final = streamed()
MESSAGE: Final = loopback.whole(
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
COUNT: Final = loopback.whole({"input_tokens": stream.USAGE["input_tokens"]})


class Service:
    """Counts what it answered, so that nobody's figure is that of a failure."""

    def __init__(self) -> None:
        self.answered = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match await loopback.request(reader):
            case b"/v1/messages", body:
                await asyncio.sleep(WAIT)
                self.answered += 1
                writer.write(STREAM if json.loads(body).get("stream") else MESSAGE)
            case b"/v1/messages/count_tokens", _:
                writer.write(COUNT)
            case b"/answered", _:
                writer.write(loopback.whole(self.answered))
            case _:
                writer.write(loopback.NOTHING)


if __name__ == "__main__":
    asyncio.run(loopback.serve(Service().answer))
