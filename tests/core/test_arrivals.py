"""Events as they arrived: exact bytes, times and gaps, however the network cut them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.arrivals import Arrival, arrivals, pace
from workbench.core.sse import Decoder


def delta(text: str) -> bytes:
    body = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
    return f"event: content_block_delta\ndata: {json.dumps(body)}\n\n".encode()


PING = b"event: ping\ndata: {}\n\n"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], []),
        ([(0.5, PING)], [(0.5, 0.5, "ping", "{}")]),
        ([(0.5, PING[:7]), (0.9, PING[7:] + PING)], [(0.9, 0.9, "ping", "{}"), (0.9, 0.0, "ping", "{}")]),
        ([(0.25, PING), (1.0, b": hello\n\n")], [(0.25, 0.25, "ping", "{}"), (1.0, 0.75, "", ": hello")]),
        ([(0.1, b"event: a\r\ndata: 1\r\ndata: 2\r\n\r\n")], [(0.1, 0.1, "a", "1\n2")]),
        ([(0.1, b"event: a\rdata: 1\r\r"), (0.2, b"data:2\r\r")], [(0.1, 0.1, "a", "1"), (0.2, 0.1, "", "2")]),
        ([(0.1, "\ufeffevent: a\ndata: é\n\n".encode())], [(0.1, 0.1, "a", "é")]),
        ([(0.1, b"events: a\ndata\n\n")], [(0.1, 0.1, "", "events: a\ndata")]),
    ],
)
def test_what_came_when(pieces: list[tuple[float, bytes]], expected: list[tuple[float, float, str, str]]) -> None:
    found = [(each.at, round(each.gap, 6), each.name, each.data) for each in arrivals(pieces)]
    assert found == expected


def test_what_no_blank_line_ended_is_no_whole_event() -> None:
    assert arrivals([(0.1, PING + b"event: cut")]) == (
        Arrival(0.1, 0.1, PING),
        Arrival(0.1, 0.0, b"event: cut", whole=False),
    )


ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
LINES = st.lists(st.sampled_from([b"event: a", b"data: {}", b"data: x", b": c", b"", "data: 😀".encode()]), max_size=12)


@given(st.data(), LINES, ENDS)
def test_no_byte_is_lost_and_the_events_are_the_decoders(data: st.DataObject, lines: list[bytes], end: bytes) -> None:
    body = b"".join(line + end for line in lines)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=4)))
    pieces = [
        (float(number), piece)
        for number, (start, stop) in enumerate(zip([0, *cuts], [*cuts, len(body)], strict=True))
        if (piece := body[start:stop])
    ]
    found = arrivals(pieces)
    assert b"".join(each.raw for each in found) == body
    assert [each.at for each in found] == sorted(each.at for each in found)
    whole = [frame for each in found if each.whole for frame in Decoder().feed(each.raw)]
    assert whole == Decoder().feed(body)


def test_the_pace_shares_the_counted_tokens_over_the_time() -> None:
    pieces = [(1.0, PING), (2.0, delta("aaaa")), (3.0, delta("aaaa")), (4.0, delta("aaaaaaaa"))]
    found = pace(pieces, 2, tokens=40)
    assert found is not None
    assert (found.begun, found.ended) == (2.0, 4.0)
    assert found.rates == (10.0, 30.0)
    assert found.peak == 30.0
    guessed = pace(pieces, 1)
    assert guessed is not None
    assert guessed.rates == pytest.approx((16 / 3.5 / 2,))


@pytest.mark.parametrize("pieces", [[], [(1.0, PING)], [(1.0, delta("a") + delta("b"))]])
def test_an_answer_that_came_at_once_has_no_pace(pieces: list[tuple[float, bytes]]) -> None:
    assert pace(pieces, 10, tokens=5) is None
