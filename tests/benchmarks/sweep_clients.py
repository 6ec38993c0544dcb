"""The same requests as a sweep's, sent by others: `sweep_clients.py httpx|sdk|sdk-events URL REQUESTS AT_ONCE`.

Each is the cheapest that its author would recommend: nothing is kept, shown or counted but the length of the text.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, TypeAlias

BODY: Final[dict[str, Any]] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 1024,
    "messages": [{"role": "user", "content": "Name a colour."}],
}
TEMPERATURES: Final = tuple(step / 20 for step in range(20))
Slot: TypeAlias = Callable[[str, Iterator[float]], Awaitable[int]]
"""Sends until there is no temperature left; returns how many characters came."""


async def with_httpx(url: str, temperatures: Iterator[float]) -> int:
    """A client of its own, the raw bytes, and `json.loads` of each event."""
    import json

    import httpx

    received = 0
    headers = {"x-api-key": "sk-test", "anthropic-version": "2023-06-01"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        for temperature in temperatures:
            body = {**BODY, "temperature": temperature, "stream": True}
            async with client.stream("POST", "/v1/messages", json=body) as response:
                rest = b""
                async for piece in response.aiter_raw():
                    *frames, rest = (rest + piece).split(b"\n\n")
                    for frame in frames:
                        event = json.loads(frame.partition(b"\ndata: ")[2])
                        if event["type"] == "content_block_delta":
                            received += len(event["delta"]["text"])
    return received


async def with_sdk(url: str, temperatures: Iterator[float]) -> int:
    """`messages.stream`, which also puts the message together, as Workbench does."""
    import anthropic

    received = 0
    async with anthropic.AsyncAnthropic(api_key="sk-test", base_url=url, max_retries=0) as client:
        for temperature in temperatures:
            extra = {"temperature": temperature}  # newer SDKs have no argument of that name
            async with client.messages.stream(**BODY, extra_body=extra) as reply:
                async for text in reply.text_stream:
                    received += len(text)
    return received


async def with_sdk_events(url: str, temperatures: Iterator[float]) -> int:
    """`create(stream=True)`: typed events, and nothing put together."""
    import anthropic

    received = 0
    async with anthropic.AsyncAnthropic(api_key="sk-test", base_url=url, max_retries=0) as client:
        for temperature in temperatures:
            extra = {"temperature": temperature}  # newer SDKs have no argument of that name
            async for event in await client.messages.create(**BODY, extra_body=extra, stream=True):
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    received += len(event.delta.text)
    return received


CLIENTS: Final[dict[str, Slot]] = {"httpx": with_httpx, "sdk": with_sdk, "sdk-events": with_sdk_events}


async def send(slot: Slot, url: str, requests: int, at_once: int) -> int:
    temperatures = iter([TEMPERATURES[number % len(TEMPERATURES)] for number in range(requests)])
    return sum(await asyncio.gather(*(slot(url, temperatures) for _ in range(min(at_once, requests)))))


def main() -> int:
    client, url, requests, at_once = sys.argv[1:]
    sys.stdout.write(f"{asyncio.run(send(CLIENTS[client], url, int(requests), int(at_once)))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
