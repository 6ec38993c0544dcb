"""Streams that break the rules: each reaches its end state, keeps its text, and says what was odd (faults S06–S22)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recordings import NAMES, new_run, played, recorded
from workbench.core import events
from workbench.core.events import (
    BlockStart,
    BlockStop,
    ErrorEvent,
    Event,
    InputJsonDelta,
    Malformed,
    MessageDelta,
    MessageStart,
    MessageStop,
    Ping,
    SignatureDelta,
    TextDelta,
    ThinkingDelta,
    Unknown,
)
from workbench.core.sse import Frame
from workbench.core.state import State

BAD = Malformed("not JSON", "{")
START = MessageStart({"id": "m", "usage": {"output_tokens": 1}})
TEXT = BlockStart(0, {"type": "text", "text": ""})
A, B = TextDelta(0, "a"), TextDelta(0, "b")
END = MessageDelta({"stop_reason": "end_turn"}, {"output_tokens": 2})
DONE = MessageStop()
STOP = BlockStop(0)
REASON_ALONE = MessageDelta({"stop_reason": "end_turn"}, {})
USAGE_ALONE = MessageDelta({}, {"output_tokens": 2})
SECOND_BLOCK: list[Event] = [BlockStart(1, {"type": "text"}), TextDelta(1, "a"), BlockStop(1)]


@pytest.mark.fault("S03", "S06", "S08", "S10", "S11", "S12", "S13", "S14", "S20")
@pytest.mark.parametrize(
    ("stream", "state", "text"),
    [
        pytest.param([], State.MALFORMED, "", id="N12 nothing"),
        pytest.param([Ping(), Ping()], State.INTERRUPTED, "", id="S03 pings only"),
        pytest.param([START], State.INTERRUPTED, "", id="S03 after the start"),
        pytest.param([START, TEXT, A], State.INTERRUPTED, "a", id="S03 mid-text"),
        pytest.param([START, TEXT, A, STOP], State.INTERRUPTED, "a", id="S03 before message_delta"),
        pytest.param([START, TEXT, A, STOP, END], State.UNCONFIRMED, "a", id="S06 before message_stop"),
        pytest.param([START, TEXT, A, STOP, REASON_ALONE], State.INTERRUPTED, "a", id="S06 no usage"),
        pytest.param([START, TEXT, A, STOP, USAGE_ALONE], State.INTERRUPTED, "a", id="S06 no reason"),
        pytest.param([START, TEXT, A, STOP, END, DONE], State.COMPLETE, "a", id="whole"),
        pytest.param([START, TEXT, A, STOP, DONE], State.COMPLETE, "a", id="S14 no message_delta"),
        pytest.param([START, TEXT, A, BAD, B, STOP, END, DONE], State.COMPLETE, "ab", id="S08 recovers"),
        pytest.param([START, TEXT, A, BAD], State.MALFORMED, "a", id="S08 does not recover"),
        pytest.param([START, TEXT, A, BAD, B], State.INTERRUPTED, "ab", id="S08 recovers, then cut"),
        pytest.param([BAD], State.MALFORMED, "", id="S08 only bad"),
        pytest.param([BAD, TEXT, A, STOP, END, DONE], State.MALFORMED, "a", id="S10 bad message_start"),
        pytest.param([START, TEXT, A, STOP, BAD, DONE], State.MALFORMED, "a", id="S10 bad usage"),
        pytest.param([START, BAD, A, STOP, END, DONE], State.COMPLETE, "a", id="S08 bad block start"),
        pytest.param([START, TEXT, A, BAD, END, DONE], State.COMPLETE, "a", id="S08 bad block stop"),
        pytest.param([START, TEXT, A, A, STOP, END, DONE], State.COMPLETE, "aa", id="S11 delta twice"),
        pytest.param([START, TEXT, TEXT, A, STOP, END, DONE], State.COMPLETE, "a", id="S11 block start twice"),
        pytest.param([START, TEXT, A, STOP, END, END, DONE, DONE], State.COMPLETE, "a", id="S11 end twice"),
        pytest.param([START, START, TEXT, A, STOP, END, DONE], State.MALFORMED, "a", id="S12 start twice"),
        pytest.param([START, TEXT, B, START, TEXT, A, STOP, END, DONE], State.MALFORMED, "a", id="S12 spliced"),
        pytest.param([START, A, STOP, END, DONE], State.MALFORMED, "a", id="S13 delta before start"),
        pytest.param([START, TEXT, A, TextDelta(7, "b"), STOP, END], State.MALFORMED, "ab", id="S13 unknown index"),
        pytest.param([START, TEXT, A, STOP, BlockStop(3), END, DONE], State.MALFORMED, "a", id="S13 unknown stop"),
        pytest.param([START, TEXT, A, STOP, STOP, END, DONE], State.MALFORMED, "a", id="S13 stop twice"),
        pytest.param([START, TEXT, A, END, DONE], State.MALFORMED, "a", id="S13 never stopped"),
        pytest.param([START, *SECOND_BLOCK, END, DONE], State.MALFORMED, "a", id="S13 gap"),
        pytest.param([TEXT, A, STOP, END, DONE], State.MALFORMED, "a", id="S13 no message_start"),
        pytest.param([DONE], State.MALFORMED, "", id="S13 message_stop alone"),
        pytest.param([START, TEXT, A, STOP, B, END, DONE], State.COMPLETE, "ab", id="S13 delta after stop"),
        pytest.param([Unknown("chunk", {}), Unknown("[DONE]", {})], State.MALFORMED, "", id="another protocol"),
        pytest.param([START, TEXT, Unknown("x", {}), A, STOP, END, DONE], State.COMPLETE, "a", id="S14 unknown event"),
        pytest.param([START, TEXT, A, STOP, END, DONE, B, BAD, START], State.COMPLETE, "a", id="S20 after the stop"),
    ],
)  # fmt: skip
def test_each_fault_reaches_its_end_state_and_keeps_the_text(stream: list[Event], state: State, text: str) -> None:
    run = played(stream)
    run.finish()
    assert (run.state, run.text) == (state, text)
    assert (run.problem is None) == (state is State.COMPLETE)


@pytest.mark.fault("S08", "S11", "S12", "S13")
@pytest.mark.parametrize(
    ("stream", "flag"),
    [
        ([START, START], "a second message_start: the message was started again"),
        ([START, A], "a delta for block 0, which never started"),
        ([START, BlockStop(4)], "a stop for block 4, which never started"),
        ([START, TEXT, STOP, STOP], "block 0 stopped twice"),
        ([START, TEXT, STOP, A], "a delta for block 0 after its stop"),
        ([START, TEXT, A, TEXT], "block 0 started twice"),
        ([START, TEXT, DONE], "a block never stopped"),
        ([START, DONE, Ping()], "something came after message_stop and was ignored"),
        ([START, BAD], "an event was skipped: not JSON"),
        ([START, TEXT, ThinkingDelta(0, "x")], "block 0 is text and got thinking"),
    ],
)
def test_oddities_are_said_once(stream: list[Event], flag: str) -> None:
    assert played(stream).flags == [flag]
    assert played([*stream, stream[-1]]).flags.count(flag) == 1


@pytest.mark.fault("S12")
def test_a_second_start_forgets_the_first_message_but_the_counts_go_on() -> None:
    run = played([START, TEXT, A, STOP, END, MessageStart({"id": "n", "usage": {"input_tokens": 4}})])
    assert (run.blocks, run.usage, run.stop_reason, run.message["id"], run.events) == (
        [],
        {"input_tokens": 4},
        None,
        "n",
        6,
    )
    assert not run.usage_final


def test_fragments_of_another_kind_get_a_block_of_their_own() -> None:
    run = played(
        [
            START,
            TEXT,
            A,
            ThinkingDelta(0, "hm"),
            B,
            ThinkingDelta(0, "!"),
            SignatureDelta(0, "S"),
            InputJsonDelta(0, "{}"),
        ]
    )
    assert run.content() == [
        {"type": "text", "text": "ab"},
        {"type": "thinking", "thinking": "hm!", "signature": "S"},
        {"type": "tool_use", "input": {}},
    ]  # fmt: skip


def test_a_block_started_again_after_text_keeps_both() -> None:
    run = played([START, TEXT, A, TEXT, B, STOP])
    assert [block.text for block in run.blocks] == ["a", "b"]


@pytest.mark.fault("S07")
@pytest.mark.parametrize("at", range(8))
def test_an_error_event_anywhere_rejects_and_keeps_what_came(at: int) -> None:
    stream: list[Event] = [START, TEXT, A, B, STOP, END]
    run = played(stream[:at])
    run.apply(ErrorEvent("overloaded_error", "Busy", "req_9", {"type": "overloaded_error", "message": "Busy"}))
    run.finish()
    assert (run.state, run.request_id) == (State.REJECTED, "req_9")
    assert run.text == "ab"[: max(0, at - 2)]
    assert run.problem is not None
    assert (run.problem.title, run.problem.detail, run.problem.type) == ("Overloaded", "Busy", "overloaded_error")


def test_flags_do_not_grow_without_end() -> None:
    run = played([START, *(TextDelta(index, "x") for index in range(0, 2000, 2))])
    assert (len(run.flags), len(run.text)) == (50, 1000)


FACE, WOMAN = "😀", "👩"


def fragments(*texts: str) -> list[Event]:
    deltas = [
        json.dumps({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": t}})
        for t in texts
    ]
    return [START, TEXT, *(events.parse(Frame("", delta)) for delta in deltas)]


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("\ud83d", "\ude00"), FACE),
        (("a\ud83d", "\ude00b"), f"a{FACE}b"),
        (("\ud83d", "", "\ude00\ud83d", "\udc69"), FACE + WOMAN),
        (("\ud83d", "x"), "\ufffdx"),
        (("\ude00", "x"), "\ufffdx"),  # noqa: PT014 - ruff reads both halves as the same character
        (("\ud83d", "\ud83d", "\ude00"), f"\ufffd{FACE}"),
        (("é\udfff", f"{FACE}"), f"é\ufffd{FACE}"),
    ],
)
def test_split_pairs_are_joined_and_lone_halves_replaced(texts: tuple[str, ...], joined: str) -> None:
    run = played([*fragments(*texts), STOP])
    assert run.text == joined
    for part in run.blocks[0].parts:
        part.encode()


def test_a_half_that_waits_is_shown_only_when_its_block_stops() -> None:
    run = played(fragments("a", "\ud83d"))
    assert run.text == "a"
    run.apply(STOP)
    assert run.text == "a\ufffd"


@given(st.lists(st.text(st.sampled_from("a\ud83d\ude00é"), max_size=3)))
def test_text_can_always_be_encoded_and_is_what_the_whole_would_be(texts: list[str]) -> None:
    expected = "".join(texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert played([*fragments(*texts), STOP]).text == expected


EVENTS = st.sampled_from([
    START, TEXT, A, B, STOP, END, DONE, BAD, Ping(), Unknown("x", {}), ThinkingDelta(0, "t"), InputJsonDelta(1, "{"),
    TextDelta(3, "z"), BlockStart(1, {"type": "tool_use"}), BlockStart(2, {}), BlockStop(1), SignatureDelta(2, "s"),
    events.CitationsDelta(0, {}), events.OtherDelta(5, {}), BlockStart(0, {"type": [], "citations": 5, "text": 9}),
])  # fmt: skip


@pytest.mark.fault("S13")
@given(st.lists(EVENTS, max_size=25))
def test_no_order_of_events_raises_or_claims_too_much(stream: list[Event]) -> None:
    run = played(stream)
    before = run.text
    json.dumps(run.content())
    run.finish()
    run.end(State.CANCELLED)
    assert run.state is not State.CANCELLED
    assert run.text == before
    if run.state is State.COMPLETE:
        assert DONE in stream
        assert START in stream[: stream.index(DONE)]


@pytest.mark.fault("S03")
@given(st.sampled_from([name for name in NAMES if not name.startswith("error")]), st.data())
def test_a_recording_without_one_event_is_never_complete_for_want_of_its_end(name: str, data: st.DataObject) -> None:
    stream = recorded(name)
    at = data.draw(st.integers(0, len(stream) - 1))
    run = new_run()
    for event in stream[:at] + stream[at + 1 :]:
        run.apply(event)
    if run.verdict() is State.COMPLETE:
        assert isinstance(stream[-1], MessageStop)
        assert at != len(stream) - 1
