"""Streams that break the rules, as they come over the network: kept, flagged, and byte for byte in the wire's log."""

from __future__ import annotations

import pytest

from tests.core.recordings import load
from tests.engine.fault_server import EVENTS, STREAM, TEXT, Talk, delta, event, head, sends, serving
from tests.engine.running import KEY, REQUEST, endpoint, new_run, running
from workbench.core.cost import Basis
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.models import Catalogue
from workbench.core.run import Run, State
from workbench.core.usage import charged
from workbench.engine.wire import Wire

START, BLOCK, PING, FIRST, *_ = EVENTS
*_, STOP, END, DONE = EVENTS
UNKNOWN = event("content_block_start", index=1, content_block={"type": "hologram", "depth": 3})
UNKNOWN_STOP = event("content_block_stop", index=1)
NEW_DELTA = event("content_block_delta", index=0, delta={"type": "glow_delta", "glow": 1})
NEW_REASON = END.replace(b"end_turn", b"bored")


async def streamed(*pieces: bytes) -> tuple[Run, Wire]:
    run, wire = new_run(), Wire()

    async def behave(talk: Talk) -> None:
        await sends(head(), *pieces)(talk)

    async with serving(behave) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=wire)
    assert (
        b"".join(piece for _, piece in wire.pieces) == b"".join(pieces)[: sum(len(piece) for _, piece in wire.pieces)]
    )
    return run, wire


@pytest.mark.fault("S09")
async def test_bytes_that_are_no_utf8_are_replaced_and_said() -> None:
    run, wire = await streamed(STREAM.replace(b'"word1 ', b'"wor\xff\xfe1 '))
    assert (run.state, run.text) == (State.COMPLETE, TEXT.replace("word1 ", "wor\ufffd\ufffd1 "))
    assert wire.oddities == ["2 bytes were no UTF-8, and are shown as \ufffd"]
    assert b"\xff\xfe" in wire.pieces[0][1] + wire.pieces[-1][1]


@pytest.mark.fault("S09")
async def test_a_character_that_comes_in_two_pieces_is_one() -> None:
    whole = STREAM.replace(b"word1", "wörd🙂".encode())
    at = whole.index("🙂".encode()) + 2
    run, wire = await streamed(whole[:at], whole[at:])
    assert (run.state, run.text, wire.oddities) == (State.COMPLETE, TEXT.replace("word1", "wörd🙂"), [])


@pytest.mark.fault("S11")
@pytest.mark.parametrize("twice", [FIRST, PING, END])
async def test_what_came_twice_is_taken_twice_and_the_log_has_both(twice: bytes) -> None:
    run, wire = await streamed(*[each for event in EVENTS for each in ([event, event] if event == twice else [event])])
    assert (run.state, run.text) == (State.COMPLETE, "word0 " * (twice == FIRST) + TEXT)
    assert b"".join(piece for _, piece in wire.pieces).count(twice) == 2


@pytest.mark.fault("S12")
async def test_a_message_that_starts_again_is_the_later_one_and_the_log_has_both() -> None:
    run, wire = await streamed(START, BLOCK, delta("before "), START, *EVENTS[1:])
    assert (run.state, run.text) == (State.MALFORMED, TEXT)
    assert wire.oddities == ["a second message_start: the message was started again"]
    assert b"before " in b"".join(piece for _, piece in wire.pieces)


@pytest.mark.fault("S13")
@pytest.mark.parametrize(
    "stream",
    [
        (START, FIRST, STOP, END, DONE),
        (START, BLOCK, FIRST, STOP, STOP, END, DONE),
        (START, BLOCK, FIRST, END, DONE),
        (START, BLOCK, FIRST, STOP, UNKNOWN_STOP, END, DONE),
    ],
)
async def test_blocks_in_disorder_are_flagged_and_their_text_is_kept(stream: tuple[bytes, ...]) -> None:
    run, wire = await streamed(*stream)
    assert (run.state, run.text) == (State.MALFORMED, "word0 ")
    assert len(wire.oddities) == 1


@pytest.mark.fault("S14")
async def test_what_a_newer_api_sends_is_kept_as_it_came() -> None:
    new = event("weather", cloudy=True)
    run, wire = await streamed(START, new, BLOCK, FIRST, NEW_DELTA, STOP, UNKNOWN, UNKNOWN_STOP, NEW_REASON, DONE)
    assert (run.state, run.text, run.stop_reason, run.problem) == (State.COMPLETE, "word0 ", "bored", None)
    assert run.content()[1] == {"type": "hologram", "depth": 3}
    assert run.blocks[0].others == [{"type": "glow_delta", "glow": 1}]
    assert wire.oddities == ["unknown event weather", "unknown delta glow_delta"]


@pytest.mark.fault("S22")
async def test_a_tool_call_that_ran_out_of_tokens_keeps_what_there_is_of_its_input() -> None:
    run, _ = await streamed(load("max-tokens-in-tool"))
    assert (run.state, run.stop_reason) == (State.COMPLETE, "max_tokens")
    (tool,) = [block for block in run.content() if block["type"] == "tool_use"]
    assert tool["partial_json"] == '{"path": "a.txt", "lines": ["one", "tw'
    assert "input" not in tool


@pytest.mark.fault("S10")
@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"[" * 100_000 + b"]" * 100_000])
async def test_a_usage_that_is_no_number_leaves_the_cost_unknown(number: bytes) -> None:
    run, _ = await streamed(STREAM.replace(b'"output_tokens": 12', b'"output_tokens": ' + number))
    assert (run.state, run.text, run.usage_final) == (State.MALFORMED, TEXT, False)
    official = Endpoint("anthropic", OFFICIAL_URL)
    assert charged(run, official, Catalogue.builtin()).basis in {Basis.UNKNOWN, Basis.AT_LEAST}


@pytest.mark.fault("S10")
@pytest.mark.parametrize("number", [b'"12"', b"-1", b"1.5", b"true"])
async def test_a_usage_of_another_kind_is_said_and_not_counted(number: bytes) -> None:
    run, wire = await streamed(STREAM.replace(b'"output_tokens": 12', b'"output_tokens": ' + number))
    assert (run.state, run.text) == (State.COMPLETE, TEXT)
    assert wire.oddities == ["usage.output_tokens is no count"]
    assert charged(run, Endpoint("anthropic", OFFICIAL_URL), Catalogue.builtin()).basis is not Basis.EXACT
