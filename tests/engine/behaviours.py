"""What a network or a server can do to an answer, each with the end that a run must come to (faults N, S)."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import (
    CHUNKED,
    ENDED,
    EVENTS,
    STREAM,
    TEXT,
    Behave,
    Talk,
    chunk,
    head,
    packed,
    says,
    sends,
    stalls,
)
from workbench.core.run import State
from workbench.engine.client import MAX_ANSWER

PLAIN: Final = head()
PART: Final = b"".join(EVENTS[:6])
PART_CHUNK: Final = chunk(PART)
MESSAGE: Final = b'{"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}'
ERROR: Final = b'{"type":"error","error":{"type":"api_error","message":"Oh."}}'
WHOLE_TEXTS: Final = (TEXT, "Hi")
"""All that a run can have for its text, or for the beginning of it."""
C, U, I = State.COMPLETE, State.UNCONFIRMED, State.INTERRUPTED  # noqa: E741 - the table's own letters
R, N, M = State.REJECTED, State.UNREACHABLE, State.MALFORMED


def busy(kind: str = "overloaded_error") -> bytes:
    return fault.event("error", error={"type": kind, "message": "Busy."})


async def byte_by_byte(talk: Talk) -> None:
    await talk.send(CHUNKED)
    await talk.chunks(*(STREAM[at : at + 1] for at in range(len(STREAM))))
    await talk.send(ENDED)


async def byte_by_second(talk: Talk) -> None:
    """Of one event in the middle; all of it would take a quarter of an hour."""
    await talk.send(CHUNKED)
    await talk.chunks(PART)
    for at in range(len(EVENTS[6])):
        await talk.chunks(EVENTS[6][at : at + 1])
        await asyncio.sleep(1)
    await talk.chunks(*EVENTS[7:])
    await talk.send(ENDED)


async def slowly(talk: Talk) -> None:
    """A turn of the loop for each event, so that each arrives by itself."""
    await talk.send(CHUNKED)
    for each in EVENTS:
        await talk.chunks(each)
        await asyncio.sleep(0.001)
    await talk.send(ENDED)


async def early(talk: Talk) -> None:
    """Answers, and closes, before the request is read."""
    await says("413 Too Large", b"{}")(talk)
    talk.writer.close()


async def for_ever(talk: Talk) -> None:
    """A header without an end."""
    await talk.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await talk.send(b"x-more: " + b"x" * 8000 + b"\r\n")


def bomb() -> Behave:
    """A thousandth of what it unpacks to."""
    comment = b": " + b"ping " * 2000 + b"\n\n"
    body = gzip.compress(comment * (MAX_ANSWER // len(comment) + 1))
    return sends(head(content_encoding="gzip", content_length=len(body)), body)


class Case(NamedTuple):
    behave: Behave
    state: State
    words: str = ""
    """What the problem must say."""
    attempts: int = 1
    """How often it is sent, with the usual retries."""


EXTENDED: Final = b"%x;quality=1\r\n%s\r\n0\r\nx-checksum: 7\r\n\r\n" % (len(STREAM), STREAM)
PINGS: Final = b": ping\n\n" * 500 + fault.event("ping") * 500
OTHER_LINES: Final = b"\xef\xbb\xbf" + STREAM.replace(b"\n", b"\r\n")
UNNAMED: Final = b"\n\n".join(each.split(b"\n")[1] for each in EVENTS) + b"\n\n"
MISNAMED: Final = STREAM.replace(b"event: content_block_delta", b"event: message_stop")
SECOND: Final = b"".join((*EVENTS[:4], *EVENTS))
GARBAGE: Final = b"data: {oops\n\n"
NOT_NUMBERS: Final = STREAM.replace(b'"output_tokens": 12', b'"output_tokens": NaN')

CASES: Final[dict[str, Case]] = {
    "N11 a web page": Case(says("200 OK", b"<html>\x1b[31m<b>Log in</b>", "text/html"), M, "Log in"),
    "N11 text": Case(says("200 OK", b"hello there", "text/plain"), M, "hello there"),
    "N11 another API's answer": Case(says("200 OK", b'{"choices": []}', "application/json"), M, "choices"),
    "N12 no content": Case(sends(b"HTTP/1.1 204 No Content\r\n\r\n"), M, "nothing"),
    "N12 empty": Case(says("200 OK", b"", "text/event-stream"), M, "nothing"),
    "N12 early hints": Case(sends(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", PLAIN, STREAM), C),
    "N12 go on": Case(sends(b"HTTP/1.1 100 Continue\r\n\r\n", PLAIN, STREAM), C),
    "N13 garbage": Case(sends(b"SSH-2.0-OpenSSH_9\r\n\r\n"), N, "no HTTP"),
    "N13 closed at once": Case(sends(), N, "without an answer", 3),
    "N13 reset at once": Case(sends(reset=True), N, "without an answer", 3),
    "N13 half a head": Case(sends(b"HTTP/1.1 200 OK\r\ncontent-"), N, "without an answer", 3),
    "N13 huge header": Case(sends(head(x_big="x" * 200_000), STREAM), N, "no HTTP"),
    "N13 endless header": Case(for_ever, N, "no HTTP"),
    "N13 silence": Case(stalls(), N, "sent nothing back"),
    "S01 silence": Case(stalls(CHUNKED, PART_CHUNK), I, "no data for 600 s"),
    "S02 reset": Case(sends(CHUNKED, PART_CHUNK, reset=True), I, "broke"),
    "S03 chunked end before message_stop": Case(sends(CHUNKED, PART_CHUNK, ENDED), I, "ended before"),
    "S04 closed body": Case(sends(PLAIN, PART), I, "ended before"),
    "S05 half chunk": Case(sends(CHUNKED, PART_CHUNK[:-20]), I, "too early"),
    "S05 bad chunk size": Case(sends(CHUNKED, PART_CHUNK, b"zz\r\n"), I, "too early"),
    "S05 less than was announced": Case(sends(head(content_length=len(STREAM)), PART), I, "too early"),
    "S06 no message_stop": Case(sends(PLAIN, *EVENTS[:-1]), U, "not the end"),
    "S07 error first": Case(sends(PLAIN, busy()), R, "Busy."),
    "S07 error mid-text": Case(sends(PLAIN, PART, busy("rate_limit_error")), R, "Busy."),
    "S07 error after message_delta": Case(sends(PLAIN, *EVENTS[:-1], busy("new_error")), R, "Busy."),
    "S07 error without JSON": Case(sends(PLAIN, PART, b"event: error\ndata: upstream died\n\n"), R, "upstream died"),
    "S08 no JSON": Case(sends(PLAIN, GARBAGE * 2), M, "not JSON"),
    "S08 one bad event": Case(sends(PLAIN, *EVENTS[:3], GARBAGE, *EVENTS[3:]), C),
    "S08 bad at the end": Case(sends(PLAIN, PART, GARBAGE), M, "not JSON"),
    "S10 usage is no number": Case(sends(PLAIN, NOT_NUMBERS), M, "NaN"),
    "S12 started twice": Case(sends(PLAIN, SECOND), M, "second message_start"),
    "S15 no event lines": Case(sends(PLAIN, UNNAMED), C),
    "S15 wrong event lines": Case(sends(PLAIN, MISNAMED), C),
    "S16 huge event": Case(sends(PLAIN, PART, b"data: " + b"x" * (17 << 20)), M, "16 MiB"),
    "S17 one-byte chunks": Case(byte_by_byte, C),
    "S17 a byte a second": Case(byte_by_second, C),
    "S18 gzip": Case(packed(STREAM), C),
    "S18 truncated gzip": Case(packed(STREAM, cut=-30), I, "too early"),
    "S18 not gzip": Case(sends(head(content_encoding="gzip"), STREAM), M, "gzip"),
    "S18 unknown packing": Case(sends(head(content_encoding="br"), STREAM), M, "br"),
    "S19 chunk extensions and trailers": Case(sends(CHUNKED, EXTENDED), C),
    "S19 CR LF and a mark": Case(sends(PLAIN, OTHER_LINES), C),
    "S19 ping flood": Case(sends(PLAIN, *EVENTS[:5], PINGS, *EVENTS[5:]), C),
    "S20 bytes after the end": Case(sends(PLAIN, STREAM, b"garbage" * 9), C),
    "S20 kept open": Case(stalls(CHUNKED, chunk(STREAM)), C),
    "whole": Case(fault.answers, C),
    "slow": Case(slowly, C),
    "JSON message": Case(says("200 OK", MESSAGE), C),
    "JSON error": Case(says("200 OK", ERROR), R, "Oh."),
    "JSON nonsense": Case(says("200 OK", b"{"), M, "{"),
    "JSON of another kind": Case(says("200 OK", b"[1]"), M, "[1]"),
    "JSON cut": Case(sends(head(kind="application/json", content_length=999), MESSAGE[:40]), I, "too early"),
    "H400": Case(says("400 No", ERROR), R, "Oh."),
    "H529": Case(says("529 Busy", b""), R, "busy", 3),
    "H429 for an hour": Case(says("429 Slow", b"", retry_after=3600), R, "Rate limited"),
    "N10": Case(says("307 Elsewhere", b"", location="http://127.0.0.1:9/x"), R, "127.0.0.1:9"),
}


def marked(names: Iterable[str]) -> list[Any]:
    """The names as parameters, each marked with the row of faults that it begins with."""
    rows = {name: name.partition(" ")[0] for name in names}
    return [
        pytest.param(name, marks=pytest.mark.fault(row) if row[1:].isdigit() else (), id=name)
        for name, row in rows.items()
    ]
