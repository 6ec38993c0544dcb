"""As much HTTP as a server needs that only benchmarks talk to."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Final

HEAD: Final = "HTTP/1.1 200 OK\r\nrequest-id: req_011Benchmark\r\n"
NOTHING: Final = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"


async def request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next request's path, without its query, and its body. Raises IncompleteReadError at the end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
    body = await reader.readexactly(int(length or 0))
    return head.split(b" ", 2)[1].partition(b"?")[0], body


def whole(content: object) -> bytes:
    """An answer that holds this as JSON."""
    body = json.dumps(content).encode()
    return f"{HEAD}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def serve(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> None:
    """Prints its address and serves until it is killed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await answer(reader, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def number(address: str) -> int:
    """Ask such a server for one of its figures."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address) as response:
        return int(response.read())
