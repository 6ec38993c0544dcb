"""What recordings fold into: text, blocks, usage, stop reason, verdict."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.recordings import NAMES, new_run, played, recorded, replayed
from workbench.core import events
from workbench.core.state import State

REJECTED = {"error-first", "error-mid-text", "error-after-delta"}


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_recording_has_its_verdict(name: str) -> None:
    assert replayed(name).verdict() is (State.REJECTED if name in REJECTED else State.COMPLETE)


@pytest.mark.parametrize(
    ("name", "text", "stop_reason", "output_tokens"),
    [
        ("thinking-summarised", "Category: refund. Priority: high.", "end_turn", 58),
        ("thinking-omitted", "Four is the answer.", "end_turn", 212),
        ("tool-use", "I'll look both up.", "tool_use", 77),
        ("structured", '{"category":"refund","order":"#88231","urgent":true}', "end_turn", 19),
        ("refusal", "", "refusal", 0),
        ("refusal-mid-text", "First, you open", "refusal", 6),
        ("max-tokens-in-tool", "", "max_tokens", 16),
        ("llama-server", "Paris is it.", "end_turn", 14),
        ("no-event-lines", "No event lines.", "end_turn", 5),
        ("disagreeing-event-lines", "Names lie.", "end_turn", 5),
        ("framing", "Any framing will do.", "end_turn", 4),
        ("unknown-things", "Kept.", "paused_for_tea", 9),
        ("error-mid-text", "The refund for or", None, 1),
        ("citations", "According to the terms, refunds take five days", "end_turn", 22),
        ("server-tools", "Fourteen days.", "end_turn", 90),
    ],
)
def test_the_answer(name: str, text: str, stop_reason: str | None, output_tokens: int) -> None:
    run = replayed(name)
    assert (run.text, run.stop_reason, run.usage["output_tokens"]) == (text, stop_reason, output_tokens)


def test_thinking_keeps_its_signature_and_an_omitted_one_is_empty() -> None:
    assert replayed("thinking-summarised").content()[0] == {
        "type": "thinking",
        "thinking": "The customer asks for a refund; the order is two days old.",
        "signature": "EqQBCkYIBRgCKkB0aGlua2luZw==",
    }
    assert replayed("thinking-omitted").content()[0] == {
        "type": "thinking",
        "thinking": "",
        "signature": "EqQBCkYIBRgCKkBvbWl0dGVk",
    }


def test_tool_input_is_read_when_its_block_stops_and_nothing_is_an_empty_object() -> None:
    _, weather, time = replayed("tool-use").content()
    assert weather == {
        "type": "tool_use",
        "id": "toolu_01A",
        "name": "get_weather",
        "input": {"city": "Paris", "units": "c°"},
    }
    assert time["input"] == {}


@pytest.mark.fault("S22")
def test_tool_input_that_was_cut_is_kept_raw_and_marked() -> None:
    run = replayed("max-tokens-in-tool")
    assert run.content() == [
        {
            "type": "tool_use",
            "id": "toolu_01T",
            "name": "write_file",
            "partial_json": '{"path": "a.txt", "lines": ["one", "tw',
        }
    ]
    assert run.verdict() is State.COMPLETE


@pytest.mark.fault("S22")
def test_a_tool_call_cut_before_its_input_does_not_claim_an_empty_one() -> None:
    stream = recorded("tool-use")
    started = next(at for at, event in enumerate(stream) if isinstance(event, events.BlockStart) and event.index == 2)
    assert played(stream[: started + 1]).content()[-1] == {
        "type": "tool_use",
        "id": "toolu_01B",
        "name": "get_time",
        "partial_json": "",
    }


def test_interleaved_blocks_are_told_apart_by_index_and_missing_members_do_no_harm() -> None:
    run = replayed("llama-server")
    assert run.content() == [
        {"type": "thinking", "thinking": "Short answer. Done.", "signature": ""},
        {"type": "text", "text": "Paris is it."},
        {"type": "tool_use", "id": "call_1", "name": "note", "input": {"a": 1}},
    ]
    assert (run.stop_reason, run.stop_sequence, run.flags) == ("end_turn", "END", [])


@pytest.mark.fault("S14")
def test_unknown_blocks_events_and_deltas_are_kept_and_named() -> None:
    run = replayed("unknown-things")
    poem, diagram, text = run.content()
    assert poem == {"type": "poem", "text": "So much depends", "metre": "iambic"}
    assert diagram == {"type": "diagram", "nodes": [{"id": 1}, {"id": 2}]}
    assert text == {"type": "text", "text": "Kept."}
    assert run.blocks[2].others == [{"type": "emphasis_delta", "span": [0, 4]}]
    assert run.flags == ["unknown event stream_hint", "unknown delta emphasis_delta"]
    assert run.message["mood"] == "calm"


def test_citations_append_and_whole_blocks_stay_as_they_came() -> None:
    cited = replayed("citations").content()
    assert "citations" not in cited[0]
    assert [each["cited_text"] for each in cited[1]["citations"]] == ["passage 1", "passage 4"]
    call, result, text = replayed("server-tools").content()
    assert call["input"] == {"query": "refund law"}
    assert result["content"][0]["url"] == "https://example.org/refunds"
    assert len(text["citations"]) == 1
    assert replayed("redacted-thinking").content()[0] == {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix"}


def test_the_stop_sequence_that_matched() -> None:
    run = replayed("redacted-thinking")
    assert (run.stop_reason, run.stop_sequence) == ("stop_sequence", "\n\nHuman:")


def test_refusal_details_are_kept() -> None:
    assert replayed("refusal").message["stop_details"]["category"] == "cyber"


def test_usage_comes_from_the_start_and_is_overwritten_by_what_comes_late() -> None:
    assert replayed("usage-late").usage == {
        "input_tokens": 412,
        "output_tokens": 7,
        "cache_read_input_tokens": 2048,
        "server_tool_use": {"web_search_requests": 0},
    }
    assert replayed("thinking-summarised").usage == {
        "input_tokens": 25,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 58,
        "output_tokens_details": {"thinking_tokens": 40},
        "service_tier": "standard",
        "inference_geo": "global",
    }


def usage_of(*reports: dict[str, Any] | None) -> tuple[dict[str, Any], list[str]]:
    run = new_run()
    run.apply(events.MessageStart({"usage": reports[0]}))
    for report in reports[1:]:
        run.apply(events.MessageDelta({}, report or {}))
    return run.usage, run.flags


@pytest.mark.parametrize(
    ("reports", "merged"),
    [
        (({"input_tokens": 5, "output_tokens": 1}, {"output_tokens": 9}), {"input_tokens": 5, "output_tokens": 9}),
        (({"input_tokens": 5}, {"input_tokens": None}, {"input_tokens": 7}), {"input_tokens": 7}),
        (({"input_tokens": 0}, {"input_tokens": 40}, {}), {"input_tokens": 40}),
        ((None, {"output_tokens": 3}, None), {"output_tokens": 3}),
        (({"d": {"a_tokens": 1, "b_tokens": 2}}, {"d": {"b_tokens": 5}}), {"d": {"a_tokens": 1, "b_tokens": 5}}),
        (({"d": {"a_tokens": 1}}, {"d": None}, {"d": {"a_tokens": None}}), {"d": {"a_tokens": 1}}),
        (({"speed": "fast", "service_tier": None}, {"speed": "standard"}), {"speed": "standard"}),
        (({"iterations": [{"type": "message"}]}, {"iterations": []}), {"iterations": []}),
        (({"output_tokens": 12.0}, {}), {"output_tokens": 12}),
    ],
)
def test_the_newest_value_that_is_not_null_wins_field_by_field(
    reports: tuple[dict[str, Any] | None, ...], merged: dict[str, Any]
) -> None:
    assert usage_of(*reports) == (merged, [])


@pytest.mark.fault("S10")
@pytest.mark.parametrize("nonsense", ["12", -1, 1.5, True, 2**53 + 1, 10**300, [1], {"a": 1}])
def test_a_number_that_is_no_count_is_refused_and_named(nonsense: object) -> None:
    usage, flags = usage_of({"output_tokens": 1, "d": {"x_tokens": nonsense}}, {"output_tokens": nonsense})
    assert usage == {"output_tokens": 1}
    assert flags == ["usage.d.x_tokens is no count", "usage.output_tokens is no count"]


def test_a_later_null_takes_no_stop_reason_away() -> None:
    run = new_run()
    run.apply(events.MessageDelta({"stop_reason": "max_tokens", "stop_sequence": "x"}, {}))
    run.apply(events.MessageDelta({"stop_reason": None, "stop_sequence": None}, {}))
    assert (run.stop_reason, run.stop_sequence) == ("max_tokens", "x")


def test_each_event_changes_the_version_and_parts_only_grow() -> None:
    run, seen, versions = new_run(), "", [0]
    position: dict[int, int] = {}
    for event in recorded("thinking-summarised"):
        run.apply(event)
        versions.append(run.version)
        for block in run.blocks:
            seen += "".join(block.parts[position.get(block.index, 0) :])
            position[block.index] = len(block.parts)
    assert versions == sorted(set(versions))
    assert seen == "".join(block.text for block in run.blocks)


def test_a_compaction_replaces_its_members() -> None:
    deltas = [
        events.OtherDelta(0, {"type": "compaction_delta", "content": None, "encrypted_content": "a"}),
        events.OtherDelta(0, {"type": "compaction_delta", "content": "Summary", "encrypted_content": "b"}),
    ]
    run = played([events.MessageStart({}), events.BlockStart(0, {"type": "compaction", "content": None}), *deltas])
    assert run.content() == [{"type": "compaction", "content": "Summary", "encrypted_content": "b"}]


def test_text_in_a_block_start_counts() -> None:
    run = played(
        [events.MessageStart({}), events.BlockStart(0, {"type": "text", "text": "A"}), events.TextDelta(0, "b")]
    )
    assert (run.text, run.has_content) == ("Ab", True)


def test_content_begins_with_the_first_fragment() -> None:
    run = new_run()
    for event in recorded("tool-use"):
        run.apply(event)
        if run.has_content:
            assert event == events.TextDelta(0, "I'll look")
            break
    assert run.events == 3


def whole(**members: object) -> dict[str, object]:
    return {
        "id": "msg_1",
        "type": "message",
        "model": "mock",
        "content": [
            {"type": "text", "text": "Whole."},
            {"type": "tool_use", "id": "t", "name": "n", "input": {"a": 1}},
        ],
        "stop_reason": "tool_use",
        "usage": {"input_tokens": 3, "output_tokens": 2},
        **members,
    }


def test_a_whole_message_in_place_of_a_stream_is_taken() -> None:
    run = new_run()
    run.apply_message(whole())
    assert run.verdict() is State.COMPLETE
    assert (run.text, run.content()[1]["input"], run.stop_reason) == ("Whole.", {"a": 1}, "tool_use")
    assert (run.usage, run.usage_final) == ({"input_tokens": 3, "output_tokens": 2}, True)
    assert run.flags == ["a whole message came in place of a stream"]


def test_an_error_or_anything_else_in_place_of_a_stream() -> None:
    run = new_run()
    run.apply_message({"type": "error", "error": {"type": "api_error", "message": "No."}})
    assert run.verdict() is State.REJECTED
    assert run.problem is not None
    assert run.problem.detail == "No."
    other = new_run()
    other.apply_message({"choices": []})
    other.finish()
    assert (other.state, other.problem and other.problem.title) == (State.MALFORMED, "Not a message")


def test_content_that_came_with_message_start_is_not_lost() -> None:
    content = [{"type": "text", "text": "All at once."}]
    run = played([events.MessageStart({"content": content}), events.MessageDelta({"stop_reason": "end_turn"}, {})])
    run.apply(events.MessageStop())
    assert (run.text, run.verdict()) == ("All at once.", State.COMPLETE)
