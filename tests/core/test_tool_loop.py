"""Tool loops: which calls wait, what follows an answer, and what is said while one has no result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest

from workbench.core import conversation, tool_loop
from workbench.core.canned import Call, Result
from workbench.core.kinds import Json
from workbench.core.models import builtin
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session
from workbench.core.state import State

Blocks = list[dict[str, Any]]


def use(number: int, **more: object) -> dict[str, Any]:
    return {"type": "tool_use", "id": f"toolu_{number}", "name": f"tool_{number}", "input": {"n": number}, **more}


def result(number: int) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": "x"}


SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}
TEXT = {"type": "text", "text": "well"}


def talk(*turns: str | Blocks, reason: str | None = None) -> Session:
    """A conversation, the user first; every answer has a run, the last one with that stop reason."""
    made: list[Message] = []
    runs: list[RunRecord] = []
    role = "user"
    for at, turn in enumerate(turns, 1):
        content = turn if isinstance(turn, str) else Json.of(turn)
        parent = made[-1].id if made else None
        if isinstance(turn, list) and turn[0]["type"].endswith("tool_use"):
            role = "assistant"
        run = f"r{at}" if role == "assistant" and reason is not None else None
        made.append(Message(f"m{at}", role, content, parent, run))
        if run:
            runs.append(RunRecord(run, stop_reason=reason if at == len(turns) else "tool_use"))
        role = "user" if role == "assistant" else "assistant"
    tip = made[-1].id
    return Session(
        params=Params(model="claude-sonnet-4-6", max_tokens=9),
        lanes=(Lane("A", tip=tip),),
        messages=tuple(made),
        runs=tuple(runs),
    )


@pytest.mark.parametrize(
    ("blocks", "reason", "step", "waiting"),
    [
        ([TEXT], "end_turn", "done", 0),
        ([use(1)], "tool_use", "calls", 1),
        ([TEXT, use(1), use(2)], "tool_use", "calls", 2),
        ([use(1)], None, "calls", 1),
        ([{**use(1), "partial_json": '{"n'}], "max_tokens", "cut", 0),
        ([use(1), use(2)], "max_tokens", "cut", 2),
        ([TEXT, use(1)], "refusal", "done", 1),
        ([SEARCH, FOUND], "pause_turn", "paused", 0),
        ([SEARCH], None, "paused", 0),
        ([SEARCH, FOUND, TEXT], "end_turn", "done", 0),
    ],
)
def test_what_an_answer_leaves_to_do(blocks: Blocks, reason: str | None, step: str, waiting: int) -> None:
    session = talk("hello", blocks, reason=reason)
    assert tool_loop.standing(session, "m2") == step
    assert len(tool_loop.pending(session, "m2")) == waiting
    assert tool_loop.standing(session, "m1") == "done"
    assert tool_loop.standing(session, None) == "done"
    assert tool_loop.pending(session, "m1") == ()


@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (["a", [use(1)]], [1]),
        (["a", [use(1)], [result(1)]], []),
        (["a", [use(1), use(2)], [result(2)]], [1]),
        (["a", [use(1)], "b"], [1]),
        (["a", [use(1)], "b", "c", "d"], [1]),
        (["a", [use(1)], [result(1)], [use(2)], [result(2)], "done"], []),
        (["a", [use(1)], [result(1)], [use(2)], "b"], [2]),
        (["a", [use(1)], "b", [use(2)], [result(2)]], [1]),
    ],
)
def test_calls_without_a_result_keep_a_request_from_being_sent(turns: list[Any], left: list[int]) -> None:
    session = talk(*turns)
    path = tool_loop.about_calls(session.path(session.lane().tip))
    assert [call.id for call in tool_loop.unanswered(path)] == [f"toolu_{number}" for number in left]
    found = conversation.check(session, session.lane(), session.lane().tip, "go on", catalogue=builtin())
    said = [each.text for each in found if each.key == "calls"]
    assert [each.blocking for each in found if each.key == "calls"] == [True] * bool(left)
    if left:
        assert said == [f'1 call has no result yet: tool_{left[0]} {{"n": {left[0]}}}. Each needs one first.']


def test_a_paused_answer_goes_on_as_it_is_and_keeps_its_thinking() -> None:
    thought = {"type": "thinking", "thinking": "hm", "signature": "s"}
    session = talk("a", [SEARCH, thought, FOUND], reason="pause_turn")
    request = conversation.request_of(session, session.lane(), "m2")
    assert request.turns[-1].wire == {"role": "assistant", "content": [SEARCH, thought, FOUND]}
    assert conversation.check(session, session.lane(), "m2", None, catalogue=builtin()) == ()


def test_the_turn_that_carries_the_results_has_them_first_and_one_for_each() -> None:
    calls = (Call("toolu_2", "b", {}), Call("toolu_1", "a", {}))
    results = {"toolu_1": Result("one"), "toolu_2": Result("two", is_error=True)}
    made = tool_loop.answer(calls, results, "and in {{city}}?")
    assert made.value == [
        {"type": "tool_result", "tool_use_id": "toolu_2", "content": "two", "is_error": True},
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": "one"},
        {"type": "text", "text": "and in {{city}}?"},
    ]
    assert tool_loop.answer(calls[:1], results).value == [made.value[0]]


def test_the_rounds_of_a_loop_begin_where_a_person_last_spoke() -> None:
    session = talk("a", [use(1)], [result(1)], [use(2)], [result(2), TEXT], [use(3)], [result(3)], "end")
    assert [each.id for each in tool_loop.rounds(session, "m8")] == ["m8", "m6"]
    assert [each.id for each in tool_loop.rounds(session, "m4")] == ["m4", "m2"]
    assert tool_loop.rounds(session, "m5") == ()
    assert [call.name for call in tool_loop.earlier(session, "m6")] == ["tool_1", "tool_2"]


def test_the_source_of_a_turn_without_text_is_what_its_blocks_hold() -> None:
    calls = Message("m1", "assistant", Json.of([use(1), {**use(2), "partial_json": '{"n'}]))
    assert tool_loop.source(calls) == '{\n  "n": 1\n}\n\n{\n  "n": 2\n}'
    blocks = [{"type": "text", "text": "y"}]
    results = Message("m2", "user", Json.of([result(1), {**result(2), "content": blocks}]))
    assert tool_loop.source(results).startswith('x\n\n[\n  {\n    "type": "text"')


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (Call("i", "now", {}), "now"),
        (Call("i", "get", {"city": "Paris"}), 'get {"city": "Paris"}'),
        (Call("i", "get", {"text": "x" * 99}), 'get {"text": "' + "x" * 49 + "…"),
    ],
)
def test_a_call_in_a_sentence(call: Call, said: str) -> None:
    assert tool_loop.told(call) == said


def test_many_calls_in_a_sentence_are_the_first_few() -> None:
    calls = [Call(str(number), "look") for number in range(50)]
    assert tool_loop.named(calls) == "look, look, look, look, and 46 more"
    assert tool_loop.named(calls[:4]) == "look, look, look, look"


def test_calls_of_a_refused_answer_want_no_result_and_an_edited_turn_has_its_own() -> None:
    def said(session: Session, tip: str, draft: str | Json | None) -> list[str]:
        found = conversation.check(session, session.lane(), tip, draft, catalogue=builtin())
        return [each.text for each in found if each.key == "calls"]

    assert said(talk("a", [TEXT, use(1)], reason="refusal"), "m2", "go on") == []
    waits = talk("a", [use(1), use(2)], reason="tool_use")
    assert said(waits, "m2", Json.of([result(1), result(2), TEXT])) == []
    assert "tool_2" in said(waits, "m2", Json.of([result(1), TEXT]))[0]
    assert "tool_1" in said(waits, "m2", Json.of([TEXT]))[0]


@pytest.mark.parametrize(
    ("reason", "state", "why"),
    [
        ("max_tokens", State.COMPLETE, ("the call was cut off before its end", "raise max_tokens")),
        ("model_context_window_exceeded", State.COMPLETE, (ANY, "shorten the conversation")),
        (None, State.CANCELLED, ("the call was cut off before its end", "")),
        ("tool_use", State.COMPLETE, ("the input of the call is no JSON", "")),
    ],
)
def test_why_a_call_can_t_be_answered(reason: str | None, state: State, why: tuple[str, str]) -> None:
    session = talk("a", [{**use(1), "partial_json": "{"}])
    message = replace(session.messages[-1], run="r1")
    session = replace(
        session, messages=(session.messages[0], message), runs=(RunRecord("r1", stop_reason=reason, state=state),)
    )
    assert tool_loop.why_cut(session, message) == why


def test_what_an_answer_calls_stands_under_its_text_and_an_odd_block_is_passed_over() -> None:
    made = tool_loop.with_calls("Let me see.", [{"type": ["odd"]}, {"type": "text", "text": "x"}, use(1)])
    assert made == 'Let me see.\n\n→ tool_1\n{\n  "n": 1\n}'
    assert tool_loop.with_calls(" ", [use(1)]).startswith("→ tool_1")
