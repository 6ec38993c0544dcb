"""AWS's event stream: frames cut anywhere, checksums, exceptions; and the same run as from the API's own stream."""

from __future__ import annotations

import json
from importlib import import_module
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.aws_frames import chunk, exception, framed
from tests.core.recordings import NAMES, load, new_run, replayed
from workbench.core import events, eventstream
from workbench.core.eventstream import BrokenFrameError, Frame, Unframer
from workbench.core.run import Run
from workbench.core.sse import Decoder
from workbench.core.state import State

ORDINARY = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"été \\n\u2028 {}"}}'


def unframed(data: bytes, size: int) -> bytes:
    unframer = Unframer()
    made = b"".join(unframer.feed(data[at : at + size]) for at in range(0, len(data), size))
    return made + unframer.rest()


def run_of(data: bytes, size: int = 1 << 20) -> Run:
    """What becomes of a stream of frames that ends there."""
    decoder, run = Decoder(), new_run()
    for frame in decoder.feed(unframed(data, size)):
        run.apply(events.parse(frame))
        if run.stopped or run.failed:
            break
    run.finish(rest=decoder.flush())
    return run


@pytest.mark.fault("S03")
@pytest.mark.parametrize("name", NAMES)
def test_frames_cut_at_every_byte_give_the_run_of_the_apis_own_stream(name: str) -> None:
    data, whole = framed(name), replayed(name)
    for size in (1, 7, 1460, len(data)):
        run = run_of(data, size)
        assert (run.content(), run.usage, run.stop_reason) == (whole.content(), whole.usage, whole.stop_reason)


@pytest.mark.fault("S03")
def test_a_stream_that_stops_at_any_byte_is_interrupted_and_keeps_the_exact_prefix() -> None:
    data, whole = framed("plain"), replayed("plain")
    for at in range(1, len(data)):
        run = run_of(data[:at])
        assert whole.text.startswith(run.text)
        assert run.state is not State.COMPLETE, at
        assert run.state in {State.INTERRUPTED, State.UNCONFIRMED}, (at, run.problem)
    assert run_of(data).state is State.COMPLETE


@given(st.lists(st.text(max_size=40), max_size=6), st.integers(1, 90))
def test_any_text_comes_back_whatever_the_cuts(texts: list[str], size: int) -> None:
    said = [
        json.dumps({"type": "content_block_delta", "text": text.encode("utf-8", "replace").decode()}) for text in texts
    ]
    frames = Decoder().feed(unframed(b"".join(map(chunk, said)), size))
    assert [frame.data for frame in frames] == said
    assert {frame.event for frame in frames} <= {"content_block_delta"}


def test_line_ends_inside_the_json_do_not_end_the_event() -> None:
    pretty = '{\r\n "type": "message_stop"\n}'
    (frame,) = Decoder().feed(unframed(chunk(pretty), 3))
    assert (frame.event, json.loads(frame.data)) == ("message_stop", {"type": "message_stop"})


@pytest.mark.parametrize("at", range(len(chunk("{}"))))
def test_a_changed_byte_anywhere_is_noticed(at: int) -> None:
    data = bytearray(chunk("{}"))
    data[at] ^= 0x10
    unframer = Unframer()
    with pytest.raises(BrokenFrameError):
        unframer.feed(bytes(data))


def test_what_came_before_a_broken_frame_is_kept() -> None:
    broken = bytearray(chunk("{}"))
    broken[-1] ^= 1
    with pytest.raises(BrokenFrameError, match="checksum of a frame is wrong") as caught:
        Unframer().feed(chunk(ORDINARY) + bytes(broken))
    assert [frame.data for frame in Decoder().feed(caught.value.before)] == [ORDINARY]


def test_a_length_beyond_all_reason_is_not_waited_for() -> None:
    lengths = (1 << 31).to_bytes(4) + (0).to_bytes(4)
    with pytest.raises(BrokenFrameError, match="2,147,483,648 bytes"):
        Unframer().feed(lengths + crc32(lengths).to_bytes(4))


def test_an_html_page_is_no_frame() -> None:
    with pytest.raises(BrokenFrameError, match="prelude"):
        Unframer().feed(b"<html><body>Sign in</body></html>")


@pytest.mark.parametrize(
    ("kind", "title", "retry"),
    [
        ("throttlingException", "Rate limited", True),
        ("validationException", "Request not accepted", False),
        ("modelStreamErrorException", "Server error", True),
        ("internalServerException", "Server error", True),
        ("modelTimeoutException", "Server gave up waiting", True),
        ("serviceUnavailableException", "Service unavailable", True),
        ("somethingNew", "Server error in the stream", True),
    ],
)
def test_an_exception_among_the_frames_is_the_problem_it_names(kind: str, title: str, *, retry: bool) -> None:
    begun = b"".join(map(chunk, (frame.data for frame in Decoder().feed(load("plain"))[:4])))
    run = run_of(begun + exception(kind, "Too much of it."))
    assert run.state is State.REJECTED
    assert run.problem is not None
    assert (run.problem.title, run.problem.type, run.problem.retry) == (title, kind, retry)
    assert run.problem.detail == "Too much of it."
    assert run.text
    assert replayed("plain").text.startswith(run.text)


def test_an_error_frame_without_a_body_says_what_its_headers_say() -> None:
    headers = {":message-type": "error", ":error-code": "InternalFailure", ":error-message": "It broke."}
    (frame,) = Decoder().feed(unframed(eventstream.write(headers, b""), 5))
    assert json.loads(frame.data) == {"type": "error", "error": {"type": "InternalFailure", "message": "It broke."}}


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ({":message-type": "event", ":event-type": "initial-response"}, b"{}"),
        ({":message-type": "event", ":event-type": "chunk"}, b"no JSON"),
        ({":message-type": "event", ":event-type": "chunk"}, b'{"bytes":"not base64!"}'),
        ({":message-type": "event", ":event-type": "chunk"}, b'{"bytes":5}'),
        ({}, b"\xff\xfe"),
    ],
)
def test_a_frame_of_another_kind_is_kept_as_an_event_that_nobody_knows(headers: dict[str, str], payload: bytes) -> None:
    run = run_of(eventstream.write(headers, payload) + framed("plain"))
    assert run.text == replayed("plain").text


def test_all_kinds_of_headers_are_read() -> None:
    """As AWS's own library writes none, they are put together by hand: each type, its value after it."""
    values = [b"\x00", b"\x01", b"\x02\x05", b"\x03\x00\x05", b"\x04" + bytes(4), b"\x05" + bytes(8)]
    values += [b"\x06\x00\x02ab", b"\x07\x00\x02ab", b"\x08" + bytes(8), b"\x09" + bytes(16)]
    packed = b"".join(b"\x01" + bytes([65 + at]) + value for at, value in enumerate(values))
    lengths = (16 + len(packed)).to_bytes(4) + len(packed).to_bytes(4)
    front = lengths + crc32(lengths).to_bytes(4) + packed
    whole = front + crc32(front).to_bytes(4)
    assert eventstream.read(whole) == Frame({"H": "ab"}, b"")
    judge = import_module("botocore.eventstream").EventStreamBuffer()
    judge.add_data(whole)
    assert len(next(judge).headers) == len(values)


def test_awss_own_library_reads_what_is_written() -> None:
    judge = import_module("botocore.eventstream").EventStreamBuffer()
    judge.add_data(chunk(ORDINARY) + exception("throttlingException", "Slow down."))
    first, second = judge
    assert first.headers[":event-type"] == "chunk"
    assert second.to_response_dict()["status_code"] == 400
    assert second.headers[":exception-type"] == "throttlingException"
