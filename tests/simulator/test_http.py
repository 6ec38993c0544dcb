"""The server underneath: HTTP/1.1 as clients of every kind speak it, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from workbench.simulator import Simulator
from workbench.simulator.routes import Router

BODY = json.dumps(
    {"model": "claude-sonnet-4-6", "max_tokens": 30, "messages": [{"role": "user", "content": "Hi there"}]}
).encode()
STREAM = BODY[:-1] + b', "stream": true}'
HEAD = b"Host: x\r\nx-api-key: sk-x\r\nanthropic-version: 2026-10-21\r\n"


def post(body: bytes = BODY, extra: bytes = b"", version: bytes = b"1.1") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST /v1/messages HTTP/" + version + b"\r\n" + HEAD + length + extra + b"\r\n" + body


@asynccontextmanager
async def talk(simulator: Simulator) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(simulator.base_url.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def response(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """One response with a length, or in chunks."""
    status = int((await reader.readline()).split()[1])
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") != "chunked":
        return status, headers, await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return status, headers, body


async def until(holds: Callable[[], bool]) -> None:
    """Let the server work until something is so; gives up after 5 seconds."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - the server knows nothing of the test, so it can set no event
            await asyncio.sleep(0)


async def test_one_connection_serves_many_requests_even_in_a_burst(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(post() + post(STREAM) + post())
        answers = [await response(reader) for _ in range(3)]
    assert [status for status, _, _ in answers] == [200] * 3
    assert answers[1][1]["content-type"].startswith("text/event-stream")
    assert answers[1][2].rstrip().endswith(b'data: {"type":"message_stop"}')
    assert [received.body for received in simulator.received] == [BODY, STREAM, BODY]


async def test_a_chunked_body_and_100_continue(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        head = b"POST /v1/messages HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        writer.write(head)
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert await reader.readline() == b"\r\n"
        for at in range(0, len(BODY), 10):
            piece = BODY[at : at + 10]
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        writer.write(b"0\r\n\r\n")
        assert (await response(reader))[0] == 200
    assert simulator.received[0].body == BODY


async def test_http_1_0_ends_with_the_connection(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(post(STREAM, version=b"1.0"))
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"chunked" not in answer
    assert answer.rstrip().endswith(b'data: {"type":"message_stop"}')


@pytest.mark.parametrize(
    "junk", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"\x16\x03\x01\x02\x00"]
)
async def test_what_is_no_http_is_refused(simulator: Simulator, junk: bytes) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(junk)
        writer.write_eof()
        answer = await reader.read()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert not simulator.received


async def test_head_has_no_body(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(b"HEAD /v1/models HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")


async def test_too_large_is_said_before_the_upload_ends(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(b"POST /v1/messages HTTP/1.1\r\n" + HEAD + b"Content-Length: 999999999\r\n\r\n" + b"x" * 100_000)
        status, headers, body = await response(reader)
    assert (status, headers["connection"]) == (413, "close")
    assert json.loads(body)["error"]["type"] == "request_too_large"


@pytest.mark.parametrize("stream", [BODY, STREAM])
async def test_a_cut_ends_the_connection_in_the_middle(simulator: Simulator, stream: bytes) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(post(stream, b"x-simulate-error: cut\r\nx-simulate-after: 3\r\n"))
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"message_stop" not in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_a_stall_lasts_until_the_client_goes(simulator: Simulator) -> None:
    async with talk(simulator) as (reader, writer):
        writer.write(post(STREAM, b"x-simulate-error: stall\r\nx-simulate-after: 3\r\n"))
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"200" in head
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(), 0.05)


async def test_stopping_drops_open_streams_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    slow = Simulator(speed=1)
    async with asyncio.timeout(30), slow:
        connections = [
            await asyncio.open_connection("127.0.0.1", int(slow.base_url.rpartition(":")[2])) for _ in range(3)
        ]
        for _, writer in connections[:2]:
            writer.write(post(STREAM))
        await until(lambda: len(slow.received) == 2)
    assert asyncio.all_tasks() == before
    for reader, writer in connections:
        with suppress(ConnectionError):
            assert b"message_stop" not in await reader.read()
        writer.close()


async def test_a_client_that_goes_stops_the_generating() -> None:
    sleeping = asyncio.Event()
    asleep = 0

    async def sleep(_: float) -> None:
        nonlocal asleep
        asleep += 1
        sleeping.set()
        await asyncio.sleep(0)

    async with Simulator(speed=90, sleep=sleep) as simulator:
        async with talk(simulator) as (reader, writer):
            writer.write(
                post(STREAM.replace(b'"max_tokens": 30', b'"max_tokens": 64000').replace(b"Hi there", b"50000 words"))
            )
            await reader.readuntil(b"text_delta")
        for _ in range(200):
            await asyncio.sleep(0)
        first = asleep
        for _ in range(200):
            await asyncio.sleep(0)
        assert asleep == first


async def test_it_can_serve_for_ever_until_cancelled() -> None:
    simulator = Simulator(speed=0)
    async with asyncio.timeout(30):
        serving = asyncio.create_task(simulator.serve_forever())
        await until(lambda: not simulator.base_url.endswith(":0"))
        async with talk(simulator) as (reader, writer):
            writer.write(post())
            assert (await response(reader))[0] == 200
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving


async def test_two_can_not_have_one_port(simulator: Simulator) -> None:
    port = int(simulator.base_url.rpartition(":")[2])
    with pytest.raises(OSError, match=str(port)):
        async with Simulator(port=port):
            pass


async def test_a_bug_is_a_500_for_the_client_and_raised_for_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Router, request: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Router, "answer", broken)
    simulator = Simulator()
    await simulator.__aenter__()
    async with talk(simulator) as (reader, writer):
        writer.write(post())
        status, _, body = await response(reader)
    assert (status, json.loads(body)["error"]["type"]) == (500, "api_error")
    with pytest.raises(RuntimeError, match="a bug"):
        await simulator.__aexit__(None, None, None)
