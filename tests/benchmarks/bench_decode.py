"""Bytes → frames → events → run, against the official SDK's typed stream on the same bytes.

`python -m tests.benchmarks.bench_decode`: CPU microseconds an event, the best of five turns each.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

import anthropic
import httpx2

from tests.benchmarks import report, stream
from workbench.core import events
from workbench.core.params import Params
from workbench.core.run import Run
from workbench.core.sse import Decoder
from workbench.core.state import State

EVENTS: Final = 20_000
TURNS: Final = 5


class Chunks(httpx2.SyncByteStream):
    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)


def ours(chunks: list[bytes]) -> str:
    run = Run("r1", "A", "m1", "anthropic", Params(), "claude-sonnet-4-6", datetime.now(UTC))
    decoder = Decoder()
    for chunk in chunks:
        for frame in decoder.feed(chunk):
            run.apply(events.parse(frame))
    run.finish(rest=decoder.flush())
    assert run.state is State.COMPLETE, run.problem
    return run.text


def theirs(chunks: list[bytes]) -> str:
    """`messages.stream` drained, over a transport that has the bytes in memory."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=Chunks(chunks))

    http = anthropic.DefaultHttpxClient(transport=httpx2.MockTransport(answer), trust_env=False)
    with (
        anthropic.Anthropic(api_key="sk-test", http_client=http) as client,
        client.messages.stream(
            model="claude-sonnet-4-6", max_tokens=1024, messages=[{"role": "user", "content": "Go."}]
        ) as reply,
    ):
        for _ in reply:
            pass
        message = reply.get_final_message()
    return "".join(part.text for part in message.content if part.type == "text")


def seconds(read: Callable[[list[bytes]], str], chunks: list[bytes]) -> float:
    gc.collect()
    before = time.process_time()
    read(chunks)
    return time.process_time() - before


def main() -> None:
    whole = stream.whole(EVENTS)
    data = b"".join(whole)
    report.heading(f"Decoding a stream of {len(whole):,} events: CPU against the SDK's typed stream (bench_decode)")
    assert ours(whole) == theirs(whole)
    for name, size in (("one event a chunk", 0), ("chunks of 4 KiB", 4096)):
        chunks = whole if not size else [data[at : at + size] for at in range(0, len(data), size)]
        pairs = [(seconds(ours, chunks), seconds(theirs, chunks)) for _ in range(TURNS)]
        mine, other = (min(times) / len(whole) * 1e6 for times in zip(*pairs, strict=True))
        report.figure(f"{name}: Workbench", mine, "µs/ev")
        report.figure(f"{name}: anthropic {anthropic.__version__}", other, "µs/ev")
        report.figure(f"{name}: events per second, Workbench over SDK", other / mine, "×", 6, at_least=True)


if __name__ == "__main__":
    main()
