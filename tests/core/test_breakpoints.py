"""Cache breakpoints: where they stand in the body, what is said of them, and who shares a prompt."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import breakpoints, session_file
from workbench.core.breakpoints import Split
from workbench.core.conversation import check, request_of
from workbench.core.forecast import request_tokens
from workbench.core.kinds import Json
from workbench.core.models import Catalogue, Model
from workbench.core.params import Params
from workbench.core.rebuilt import rebuild
from workbench.core.record import RunRecord
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Message, Session
from workbench.core.warming import left_cached, shared_prefixes

CATALOGUE = Catalogue.builtin()
LONG = "The keeper writes down every ship. " * 300
FIVE = {"type": "ephemeral", "ttl": "5m"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
TOOLS = Json.of([{"name": name, "input_schema": {"type": "object"}} for name in ("a", "b")])


def model(name: str = "claude-sonnet-4-6") -> Model:
    found = CATALOGUE.find(name)
    assert found is not None
    return found


def session(*messages: Message, **params: Any) -> Session:
    shared = Params(model="claude-sonnet-4-6", max_tokens=10).merge(Params(**params))
    return Session(params=shared, messages=messages, lanes=(Lane(tip=messages[-1].id),))


def said(text: str | Json, cache: str | None = None, name: str = "m1", parent: str | None = None) -> Message:
    return Message(name, "user", text, parent, cache=cache)


def body(of: Session) -> Any:
    return request_of(of, of.lanes[0], of.lanes[0].tip).body()


def told(of: Session) -> list[str]:
    found = check(of, of.lanes[0], of.lanes[0].tip, None, catalogue=CATALOGUE)
    return [each.text for each in found if each.key.startswith("cache")]


def test_the_text_of_a_system_prompt_becomes_one_block_and_only_the_last_tool_is_marked() -> None:
    made = Request(Params(system="Be brief.", tools=TOOLS, cache_system="1h", cache_tools="5m"), ()).body()
    assert made["system"] == [{"type": "text", "text": "Be brief.", "cache_control": HOUR}]
    assert made["tools"] == [
        {"name": "a", "input_schema": {"type": "object"}},
        {"name": "b", "input_schema": {"type": "object"}, "cache_control": FIVE},
    ]
    assert "cache_control" not in TOOLS.text
    assert TOOLS.value == Json(TOOLS.text).value, "the parameter itself must not be changed"


PICTURE = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
CALL = {"type": "tool_use", "id": "t1", "name": "a", "input": {}}
THOUGHT = {"type": "thinking", "thinking": "Hm.", "signature": "x"}


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        ("Hi", [{"type": "text", "text": "Hi", "cache_control": FIVE}]),
        (
            Json.of([{"type": "text", "text": "Hi"}, PICTURE]),
            [{"type": "text", "text": "Hi"}, PICTURE | {"cache_control": FIVE}],
        ),
        (Json.of([CALL, THOUGHT]), [CALL | {"cache_control": FIVE}, THOUGHT]),
        (
            Json.of([PICTURE, {"type": "text", "text": ""}]),
            [PICTURE | {"cache_control": FIVE}, {"type": "text", "text": ""}],
        ),
        (Json.of([THOUGHT]), [THOUGHT]),
    ],
)
def test_a_turn_is_marked_on_its_last_block_that_can_carry_it(content: str | Json, wire: object) -> None:
    turn = breakpoints.marked_turn(Turn("user", content), "5m")
    made = [{"type": "text", "text": turn.content}] if isinstance(turn.content, str) else turn.content.value
    assert made == wire


def test_a_message_of_a_file_is_cached_up_to_its_end_with_its_variables() -> None:
    tables = {
        "variables": {"name": "Ada"},
        "messages": [
            {"role": "user", "text": "I am {{name}}.", "cache": "1h"},
            {"role": "assistant", "text": "Hello.", "cache": "5m"},
            {"role": "user", "text": "Who am I?"},
        ],
    }
    loaded = session_file.load(tables).session
    assert [each["content"] for each in body(loaded)["messages"]] == [
        [{"type": "text", "text": "I am Ada.", "cache_control": HOUR}],
        [{"type": "text", "text": "Hello.", "cache_control": FIVE}],
        "Who am I?",
    ]
    assert session_file.load(session_file.dump(loaded)).session == loaded
    with pytest.raises(session_file.SessionError, match='cache must be "5m" or "1h"'):
        session_file.load({"messages": [{"role": "user", "text": "x", "cache": "2h"}]})


CASES: dict[str, tuple[Session, list[str]]] = {
    "nothing to say": (session(said(LONG, "5m"), system=LONG, cache_system="1h"), []),
    "nothing there": (
        session(said("x"), cache_system="5m", cache_tools="1h"),
        [
            "cache_system marks nothing: there is no system prompt.",
            "cache_tools marks nothing: there are no tools.",
        ],
    ),
    "too short": (
        session(said("Hi", "5m"), model="claude-opus-4-7"),
        ["Too short to be cached: turn 1 ≈ 5 tokens; claude-opus-4-7 caches from 2 048 tokens on."],
    ),
    "automatic, too short": (
        session(said("Hi"), model="claude-haiku-4-5", cache_control="auto"),
        ["Too short to be cached: the last block ≈ 5 tokens; claude-haiku-4-5 caches from 4 096 tokens on."],
    ),
    "an hour after five minutes": (
        session(said(LONG, "1h"), system=LONG, cache_system="5m"),
        ["The 1h breakpoint on turn 1 stands behind one of 5m on system prompt: those of 1h must come first."],
    ),
    "an hour before five minutes": (session(said(LONG, "5m"), system=LONG, cache_system="1h"), []),
    "on thinking": (
        session(said(Json.of([{"type": "text", "text": LONG}, THOUGHT | {"cache_control": FIVE}]))),
        ["A thinking block of turn 1 can't carry a cache breakpoint."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_before_sending(name: str) -> None:
    given, expected = CASES[name]
    assert told(given) == expected


def test_more_than_four_are_named() -> None:
    messages = [said(LONG, "5m", f"m{at}", f"m{at - 1}" if at > 1 else None) for at in range(1, 4)]
    five = session(*messages, system=LONG, cache_system="5m", cache_control="auto", tools=TOOLS)
    assert told(five) == []  # the last block is marked already: one place, one breakpoint
    assert told(replace(five, params=five.params.set("cache_tools", "5m")))[0] == (
        "5 cache breakpoints (tools, system prompt, turn 1, turn 2, turn 3), and 4 is the most: take 1 away."
    )
    assert check(five, five.lanes[0], "m3", None, catalogue=CATALOGUE, vendor=False) == ()


def split_of(name: str, **params: Any) -> tuple[Split, int]:
    request = Request(Params(model=name, system=LONG, **params), (Turn("user", "Hi"),))
    estimated = request_tokens(request, model(name))
    return breakpoints.split(request, model(name), 2 * estimated, estimated), 2 * estimated


def test_what_is_written_is_scaled_to_what_was_counted_and_nothing_below_the_minimum() -> None:
    assert split_of("claude-sonnet-4-6", cache_control="auto") == (
        Split(write_5m=(whole := split_of("claude-sonnet-4-6")[1])),
        whole,
    )
    only, whole = split_of("claude-sonnet-4-6", cache_system="1h")
    assert only.write_5m == 0
    assert whole - 20 < only.write_1h < whole
    both, whole = split_of("claude-sonnet-4-6", cache_system="1h", cache_control="5m")
    assert both.write_1h == only.write_1h
    assert both.write_1h + both.write_5m == whole
    assert split_of("claude-haiku-4-5", cache_control="auto")[0] == Split(write_5m=split_of("claude-haiku-4-5")[1])
    short = Request(Params(system="Hi", cache_system="5m"), (Turn("user", "Hi"),))
    assert breakpoints.split(short, model(), 10, 10) == breakpoints.NOTHING


def test_a_prompt_of_the_minimum_is_cached_and_one_token_less_is_not() -> None:
    request = Request(Params(model="m", system=LONG, cache_system="5m"), (Turn("user", "Hi"),))
    (found,) = breakpoints.of_request(request, model())
    estimated = request_tokens(request, model())
    for least, said in ((found.tokens, False), (found.tokens + 1, True)):
        listed = replace(model(), cache_minimum=least)
        assert any("Too short" in each.text for each in breakpoints.cautions(request, listed)) is said
        assert bool(breakpoints.split(request, listed, estimated, estimated).write_5m) is not said


def test_a_breakpoint_amid_a_turn_leaves_out_what_stands_behind_it() -> None:
    marked = {"type": "text", "text": LONG, "cache_control": FIVE}
    alone = Request(Params(), (Turn("user", Json.of([marked])),))
    more = Request(Params(), (Turn("user", Json.of([marked, {"type": "text", "text": LONG}])),))
    (one,), (two,) = (breakpoints.of_request(each, model()) for each in (alone, more))
    assert abs(one.tokens - two.tokens) < 5


def test_an_automatic_breakpoint_takes_all_that_was_counted_however_it_was_guessed() -> None:
    request = Request(Params(cache_control="auto"), (Turn("user", LONG),))
    assert breakpoints.split(request, model(), 9001, request_tokens(request, model()) + 50).write_5m == 9001


def test_a_run_is_made_again_with_the_breakpoints_that_it_had() -> None:
    now = session(said(LONG, "5m"), said("More", None, "m2", "m1"))
    request = request_of(now, now.lanes[0], "m2")
    record = RunRecord(
        parent="m2",
        params=request.params.to_mapping(),
        request_sha256=sha256(request.encoded).hexdigest(),
        breakpoints=now.marks("m2"),
    )
    later = now.with_cache({"m1": None, "m2": "1h"})
    assert later.marks("m2") == {"m2": "1h"}
    again = rebuild(later, record)
    assert again is not None
    assert again.exact
    unmarked = rebuild(later, replace(record, breakpoints={}))
    assert unmarked is not None
    assert not unmarked.exact


def shared(*requests: Request) -> list[tuple[int, ...]]:
    return [each.places for each in shared_prefixes(requests, CATALOGUE)]


def asked(prompt: str = "Hi", system: str = LONG, **params: Any) -> Request:
    return Request(Params(model="claude-sonnet-4-6", system=system, **params), (Turn("user", prompt),))


def test_requests_share_the_longest_prompt_that_stands_before_a_breakpoint() -> None:
    warm, cold = asked(cache_system="5m", temperature=1.0), asked(cache_system="5m", temperature=0.0)
    assert shared(warm, cold) == [(0, 1)]
    assert shared(asked("One?", cache_system="5m"), asked("Two?", cache_system="1h")) == [(0, 1)]
    assert shared(asked("One?", cache_control="auto"), asked("Two?", cache_control="auto")) == []
    assert shared(warm, asked(system=f"{LONG}!", cache_system="5m")) == []
    assert shared(warm, asked(effort="low", cache_system="5m")) == []
    assert shared(asked("Hi", "short", cache_system="5m"), asked("Hi", "short", cache_system="5m")) == []
    both = {"cache_system": "5m", "cache_control": "auto"}
    assert shared(asked("A", **both), asked("B", **both), asked("A", **both)) == [(0, 2)]
    assert shared(asked("A", **both), asked("B", **both), asked("A", **both), asked("C", **both)) == [(0, 2), (1, 3)]


def test_what_is_cached_already_is_not_written_once_more() -> None:
    def after(earlier: Request, age_s: float, *requests: Request, tokens: int = 5000) -> list[int]:
        cached = left_cached(earlier, tokens, age_s, CATALOGUE)
        return [each.tokens for each in shared_prefixes(requests, CATALOGUE, cached)]

    whole = shared_prefixes([asked("A", cache_system="1h")] * 2, CATALOGUE)[0].tokens
    hour, five = asked("Old?", cache_system="1h"), asked("Old?", cache_system="5m")
    two = [asked("New?", temperature=value, cache_system="1h", cache_control="auto") for value in (0.0, 1.0)]
    assert after(hour, 3599, *two) == []  # the edited turn alone is too little to be waited for
    assert after(hour, 3600, *two) == after(five, 300, *two) == [whole + 5]
    assert after(five, 299, *two) == []
    assert after(hour, 1, *two, tokens=900) == [whole + 5]  # so little was not the system prompt
    assert after(asked("Old?", effort="low", cache_system="1h"), 1, *two) == [whole + 5]
    longer = [replace(each, turns=(Turn("user", LONG), *each.turns)) for each in two]
    assert 0 < after(hour, 1, *longer)[0] < after(hour, 3600, *longer)[0]
    marked = breakpoints.marked_turn(Turn("user", LONG), "5m")
    assert after(replace(hour, turns=(marked,)), 1, *longer) == []


def test_an_undo_takes_a_breakpoint_back_and_no_answer() -> None:
    before = session(said(LONG, "5m"))
    later = before.with_cache({"m1": "1h"}).say(before.lanes[0], "More", parent="m1")
    undone = before.keeping(later)
    assert [each.cache for each in undone.messages] == ["5m", None]
    assert before.with_cache({"m1": "5m"}) is before
    with pytest.raises(KeyError):
        before.with_cache({"m9": "5m"})


BLOCKS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["text", "thinking", "image", "odd"]), "text": st.text(max_size=40)},
        optional={"cache_control": st.sampled_from([FIVE, HOUR, {}, None, "x", {"ttl": 3}])},
    ),
    max_size=4,
)
TURNS = st.lists(st.text(max_size=400) | BLOCKS.map(Json.of), max_size=5)


@given(TURNS, st.sampled_from([None, "", "s" * 9000]), st.sampled_from([None, "5m", "1h"]), st.integers(0, 10_000))
def test_whatever_stands_in_a_request_its_parts_never_exceed_the_whole(
    contents: list[str | Json], system: str | None, lifetime: str | None, counted: int
) -> None:
    turns = tuple(
        breakpoints.marked_turn(Turn("user", each), "1h") if at % 2 else Turn("user", each)
        for at, each in enumerate(contents)
    )
    params = Params(system=system, cache_system=lifetime, cache_tools=lifetime, cache_control=lifetime)
    request = Request(params, turns)
    found = breakpoints.of_request(request, model())
    estimated = request_tokens(request, model())
    assert [each.tokens for each in found] == sorted(each.tokens for each in found)
    split = breakpoints.split(request, model(), counted, estimated)
    assert 0 <= split.write_5m + split.write_1h <= counted
    assert all(each.text for each in breakpoints.cautions(request, model()))
    assert shared_prefixes([request, request], CATALOGUE) == () or found
