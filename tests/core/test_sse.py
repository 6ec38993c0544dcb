"""Bytes → frames: the same frames however the network cuts the bytes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recordings import NAMES, frames, load, pieces
from workbench.core.sse import Decoder, Frame, TooLargeError

CASES = [
    ("a plain event", b"event: a\ndata: 1\n\n", [Frame("a", "1")]),
    ("two events", b"data: 1\n\ndata: 2\n\n", [Frame("", "1"), Frame("", "2")]),
    ("no event line", b"data: 1\n\n", [Frame("", "1")]),
    ("the last event line counts", b"event: a\nevent: b\ndata: 1\n\n", [Frame("b", "1")]),
    ("event after data", b"data: 1\nevent: a\n\n", [Frame("a", "1")]),
    ("event without data is none", b"event: a\n\ndata: 1\n\n", [Frame("", "1")]),
    ("CRLF", b"event: a\r\ndata: 1\r\n\r\n", [Frame("a", "1")]),
    ("CR, delivered at once", b"event: a\rdata: 1\r\r", [Frame("a", "1")]),
    ("CR then CRLF", b"data: 1\r\r\ndata: 2\r\n\r", [Frame("", "1"), Frame("", "2")]),
    ("LF then CR", b"data: 1\n\rdata: 2\r\n\n", [Frame("", "1"), Frame("", "2")]),
    ("blank lines before, between, after", b"\n\n\ndata: 1\n\n\n\n\ndata: 2\n\n\n", [Frame("", "1"), Frame("", "2")]),
    ("a byte order mark", b"\xef\xbb\xbfdata: 1\n\n", [Frame("", "1")]),
    ("a second mark is text", b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\ndata: 2\n\n", [Frame("", "2")]),
    ("a mark after the start is text", b"\n\xef\xbb\xbfdata: 1\n\ndata: 2\n\n", [Frame("", "2")]),
    ("comments", b": hi\ndata: 1\n:\n\n:\n\n", [Frame("", "1")]),
    ("several data lines", b"data: a\ndata\ndata:b\ndata:  c\n\n", [Frame("", "a\n\nb\n c")]),
    ("empty data is an event", b"data\n\ndata:\n\ndata: \n\n", [Frame("", "")] * 3),
    ("one space goes, a tab stays", b"event:a\ndata:\t1\n\n", [Frame("a", "\t1")]),
    ("unknown fields", b"id: 7\nretry: 9\nfoo: x\ndataset: y\n data: z\ndata: 1\n\n", [Frame("", "1")]),
    ("colons in the value", b"event: a: b\ndata: {1:2}\n\n", [Frame("a: b", "{1:2}")]),
    ("other line ends are text", "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n\n".encode(), None),
    ("NUL is text", b"data: a\0b\n\n", [Frame("", "a\0b")]),
    ("several bytes a character", "data: é日👩‍👩‍👧\n\n".encode(), [Frame("", "é日👩‍👩‍👧")]),
    ("no blank line, no event", b"data: 1\n\ndata: 2\n", [Frame("", "1")]),
    ("nothing", b"", []),
]


@pytest.mark.fault("S19")
@pytest.mark.parametrize(("data", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_framing_in_every_cut(data: bytes, expected: list[Frame] | None) -> None:
    whole = [Frame("", "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg")] if expected is None else expected
    assert frames([data]) == whole
    for at in range(len(data) + 1):
        assert frames([data[:at], data[at:]]) == whole
        assert frames([data[:at], b"", data[at : at + 1], data[at + 1 :]]) == whole
    assert frames(pieces(data, 1)) == whole


@pytest.mark.fault("S09", "S19")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1460])
def test_any_piece_size_gives_the_frames_of_a_recording(name: str, size: int) -> None:
    data = load(name)
    assert frames(pieces(data, size)) == frames([data]) != []


TOKENS = (b"\r", b"\n", b"\n\n", b"data:", b" ", b"event: a", b":", b"x", b"\xc3\xa9", b"\xff", b"\xe2\x80")


@pytest.mark.fault("S19")
@given(st.lists(st.sampled_from(TOKENS)), st.lists(st.integers(0, 60)))
def test_pieces_never_matter(tokens: list[bytes], cuts: list[int]) -> None:
    data = b"".join(tokens)
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    whole, cut = Decoder(), Decoder()
    parts = [data[a:b] for a, b in pairwise(places)]
    assert [frame for part in parts for frame in cut.feed(part)] == whole.feed(data)
    assert (cut.flush(), cut.invalid) == (whole.flush(), whole.invalid)


@pytest.mark.fault("S19")
def test_a_trailing_cr_delivers_now_and_swallows_the_lf_later() -> None:
    decoder = Decoder()
    assert decoder.feed(b"data: 1\r\n\r") == [Frame("", "1")]
    assert decoder.feed(b"\n") == []
    assert decoder.feed(b"data: 2\n\n") == [Frame("", "2")]


@pytest.mark.fault("S09")
@pytest.mark.parametrize(
    ("raw", "text", "invalid"),
    [
        (b"a\xffb", "a\ufffdb", 1),
        (b"\xe2\x82", "\ufffd", 1),
        (b"\xe2\x82\xff\xff", "\ufffd\ufffd\ufffd", 3),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", 3),
        ("\ufffd ok".encode(), "\ufffd ok", 0),
    ],
)
def test_bytes_that_are_no_utf8_are_replaced_and_counted(raw: bytes, text: str, invalid: int) -> None:
    data = b"data: " + raw + b"\n\n"
    for size in (1, 2, 3, len(data)):
        decoder = Decoder()
        assert [frame for part in pieces(data, size) for frame in decoder.feed(part)] == [Frame("", text)]
        assert decoder.invalid == invalid


def test_what_no_blank_line_ended_is_no_event_but_can_be_looked_at() -> None:
    decoder = Decoder()
    assert decoder.feed(b"data: 1\n\n<html>") == [Frame("", "1")]
    assert decoder.flush() == "<html>"
    assert decoder.flush() == ""


@pytest.mark.fault("S16")
@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_an_event_beyond_the_cap_is_refused_and_what_came_before_is_kept(size: int) -> None:
    data = b"data: 1\n\n" + b"data: 2\n\n" * 20 + b"data: " + b"x" * 100 + b"\n\ndata: 3\n\n"
    decoder = Decoder(max_event=60)
    seen: list[Frame] = []

    def feed_all() -> None:
        for part in pieces(data, size):
            seen.extend(decoder.feed(part))

    with pytest.raises(TooLargeError) as refused:
        feed_all()
    assert [frame.data for frame in seen + refused.value.frames] == ["1"] + ["2"] * 20


def test_many_small_events_in_one_large_piece_are_no_large_event() -> None:
    decoder = Decoder(max_event=60)
    data = b"data: 1\r\n\r\n" * 100
    assert len(decoder.feed(data[:1]) + decoder.feed(data[1:])) == 100


def test_a_large_piece_that_begins_with_the_blank_line_of_the_event_before() -> None:
    decoder = Decoder(max_event=60)
    assert decoder.feed(b"data: 1\n") == []
    assert [frame.data for frame in decoder.feed(b"\ndata: " + b"x" * 51 + b"\n\n")] == ["1", "x" * 51]


@pytest.mark.fault("S16")
def test_a_large_event_in_small_pieces_takes_linear_time() -> None:
    """16 MiB in pieces of 1 KiB: a decoder that joins at each piece would copy 130 GB."""
    decoder = Decoder()
    part = b"x" * 1024
    decoder.feed(b"data: ")
    for _ in range(16 * 1024 - 1):
        decoder.feed(part)
    (frame,) = decoder.feed(b"\n\n")
    assert len(frame.data) == 1024 * (16 * 1024 - 1)
    with pytest.raises(TooLargeError, match="16,777,216"):
        decoder.feed(b"x" * (50 * 1024 * 1024))
