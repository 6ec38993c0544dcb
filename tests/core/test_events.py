"""Frame → event: every kind of the API, and what is none of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recordings import NAMES, frames, load
from workbench.core import events
from workbench.core.sse import Frame

DELTA = "content_block_delta"
TEXT = {"type": "text"}


def parsed(data: object, event: str = "") -> events.Event:
    return events.parse(Frame(event, data if isinstance(data, str) else json.dumps(data)))


def delta(**fields: object) -> dict[str, object]:
    return {"type": DELTA, "index": 2, "delta": fields}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"type": "message_start", "message": {"id": "m"}}, events.MessageStart({"id": "m"})),
        ({"type": "message_start"}, events.MessageStart({})),
        ({"type": "content_block_start", "index": 1, "content_block": TEXT}, events.BlockStart(1, TEXT)),
        ({"type": "content_block_start", "content_block": None}, events.BlockStart(0, {})),
        (delta(type="text_delta", text="hi"), events.TextDelta(2, "hi")),
        (delta(type="text_delta"), events.TextDelta(2, "")),
        (delta(type="text_delta", text=None), events.TextDelta(2, "")),
        (delta(type="thinking_delta", thinking="hm", estimated_tokens=3), events.ThinkingDelta(2, "hm")),
        (delta(type="signature_delta", signature="EqQ"), events.SignatureDelta(2, "EqQ")),
        (delta(type="input_json_delta", partial_json='{"a'), events.InputJsonDelta(2, '{"a')),
        (delta(type="citations_delta", citation={"url": "u"}), events.CitationsDelta(2, {"url": "u"})),
        (delta(type="glow_delta", a=1), events.OtherDelta(2, {"type": "glow_delta", "a": 1})),
        (delta(type=7), events.OtherDelta(2, {"type": 7})),
        (delta(type=["text_delta"]), events.OtherDelta(2, {"type": ["text_delta"]})),
        (delta(type={"a": 1}), events.OtherDelta(2, {"type": {"a": 1}})),
        (delta(), events.OtherDelta(2, {})),
        ({"type": "content_block_stop", "index": 3}, events.BlockStop(3)),
        ({"type": "message_delta", "delta": {"a": 1}, "usage": {"b": 2}}, events.MessageDelta({"a": 1}, {"b": 2})),
        ({"type": "message_delta", "delta": {}, "usage": None}, events.MessageDelta({}, {})),
        ({"type": "message_stop", "amazon-bedrock-invocationMetrics": {}}, events.MessageStop()),
        ({"type": "ping"}, events.Ping()),
        ({"type": "new_event", "x": [1]}, events.Unknown("new_event", {"type": "new_event", "x": [1]})),
        ("[DONE]", events.Unknown("[DONE]", {})),
        ("  {\"type\": \"ping\"} \n", events.Ping()),
    ],
)  # fmt: skip
def test_each_kind(data: object, expected: events.Event) -> None:
    assert parsed(data) == expected


@pytest.mark.fault("S15")
def test_the_type_in_the_data_wins_and_the_event_line_stands_in() -> None:
    assert parsed({"type": "ping"}, "message_stop") == events.Ping()
    assert parsed({}, "message_stop") == events.MessageStop()
    assert parsed({"index": 1}, "content_block_stop") == events.BlockStop(1)


@pytest.mark.fault("S07")
@pytest.mark.parametrize(
    ("data", "event", "expected"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}, "request_id": "req_1"},
            "error",
            events.ErrorEvent("overloaded_error", "Busy", "req_1", {"type": "overloaded_error", "message": "Busy"}),
        ),
        ({"error": {"message": "no type"}}, "", events.ErrorEvent("", "no type", None, {"message": "no type"})),
        ({"type": "error", "error": "text"}, "", events.ErrorEvent("", "text", None, {"message": "text"})),
        ({"type": "error", "message": "flat"}, "", events.ErrorEvent("", "flat", None, {"message": "flat"})),
        ("upstream died", "error", events.ErrorEvent("", "upstream died", None, {})),
        ("", "error", events.ErrorEvent("", "", None, {})),
    ],
)
def test_errors_in_every_shape(data: object, event: str, expected: events.Event) -> None:
    assert parsed(data, event) == expected


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.fault("S08", "S10")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("not json", "not JSON"),
        ('{"type":"ping"', "not JSON"),
        ('{"type":"ping"} x', "text after the JSON value"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('"ping"', "not a JSON object"),
        ("{}", "no type"),
        ('{"type": 5}', "no type"),
        ('{"type":"message_delta","usage":{"output_tokens":NaN}}', "NaN is no JSON number"),
        ('{"type":"message_delta","usage":{"output_tokens":-Infinity}}', "-Infinity is no JSON number"),
        ('{"type":"message_delta","usage":{"output_tokens":1e999}}', "a number too large"),
        ('{"type":"message_delta","usage":{"output_tokens":' + "9" * 5000 + "}}", "a number with too many digits"),
        ('{"type":"message_delta","usage":' + DEEP + "}", "nested too deeply"),
        ('{"type":"message_delta","usage":' + '{"a":' * 90 + "1" + "}" * 90 + "}", "nested too deeply"),
        (f'{{"type":"{DELTA}","index":0,"delta":[]}}', "delta is not an object"),
        (f'{{"type":"{DELTA}","index":0}}', "delta is not an object"),
        (f'{{"type":"{DELTA}","index":-1,"delta":{{}}}}', "index is not a number from 0 on"),
        (f'{{"type":"{DELTA}","index":true,"delta":{{}}}}', "index is not a number from 0 on"),
        (f'{{"type":"{DELTA}","index":"0","delta":{{}}}}', "index is not a number from 0 on"),
        (f'{{"type":"{DELTA}","index":0,"delta":{{"type":"text_delta","text":5}}}}', "text is not text"),
        ('{"type":"message_start","message":[]}', "message is not an object"),
        ('{"type":"message_delta","usage":7}', "usage is not an object"),
    ],
)
def test_what_cannot_be_read_is_a_value_and_not_an_exception(text: str, reason: str) -> None:
    assert parsed(text) == events.Malformed(reason, text)


def test_brackets_inside_text_are_no_nesting() -> None:
    assert parsed(delta(type="text_delta", text="[{" * 500)) == events.TextDelta(2, "[{" * 500)


def test_lone_surrogates_stay_in_deltas_and_are_replaced_elsewhere() -> None:
    assert parsed(
        f'{{"type":"{DELTA}","index":0,"delta":{{"type":"text_delta","text":"\\ud83d"}}}}'
    ) == events.TextDelta(0, "\ud83d")
    start = parsed('{"type":"message_start","message":{"id":"\\ud83d","\\ude00":["\\ud83d\\ude00"]}}')
    assert start == events.MessageStart({"id": "\ufffd", "\ufffd": ["😀"]})


@given(st.integers(0, 99_999), st.text(), st.booleans(), st.booleans(), st.sampled_from(["", " ", "      "]))
def test_the_short_way_means_what_the_parser_means(
    index: int, text: str, thinking: bool, ascii_only: bool, padding: str
) -> None:
    kind = "thinking" if thinking else "text"
    data = {"type": DELTA, "index": index, "delta": {"type": f"{kind}_delta", kind: text}}
    made = events.ThinkingDelta(index, text) if thinking else events.TextDelta(index, text)
    for separators in (",", ":"), (", ", ": "):
        line = json.dumps(data, ensure_ascii=ascii_only, separators=separators)
        assert parsed(line[:-1] + padding + "}") == made


KEYS = st.sampled_from(["type", "index", "delta", "usage", "error", "message", "text"])
KINDS = st.sampled_from(["", "error", DELTA, "message_delta", "message_start"])
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | KINDS
ANYTHING = st.recursive(
    LEAVES, lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=4), max_leaves=12
)


@given(ANYTHING, KINDS)
def test_no_json_raises(data: object, event: str) -> None:
    assert isinstance(parsed(json.dumps(data), event), events.Event)


@pytest.mark.fault("S08")
@given(st.text(), st.text(max_size=20))
def test_no_text_raises(text: str, event: str) -> None:
    assert isinstance(events.parse(Frame(event, text)), events.Event)


@pytest.mark.parametrize("name", NAMES)
def test_recordings_hold_no_event_that_cannot_be_read(name: str) -> None:
    for frame in frames([load(name)]):
        assert not isinstance(events.parse(frame), events.Malformed)
