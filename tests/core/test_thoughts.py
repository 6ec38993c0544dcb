"""Which thinking of earlier answers goes back, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import conversation, sweep_plan
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.rebuilt import rebuild
from workbench.core.record import RunRecord
from workbench.core.request import Request, Turn
from workbench.core.session import Session
from workbench.core.sweep import Axis, Sweep

Blocks = list[dict[str, Any]]
MODEL = "claude-opus-5-5"
THOUGHT = {"type": "thinking", "thinking": "", "signature": "sig"}
REDACTED = {"type": "redacted_thinking", "data": "x"}
CUT = {"type": "thinking", "thinking": "hm", "signature": ""}
SAID = {"type": "text", "text": "Hello."}
CALL = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
RESULT = [{"type": "tool_result", "tool_use_id": "t1", "content": "1"}]
START = Session(params=Params(model=MODEL, max_tokens=4096), variables=(("name", "Ada"),))


def asks(session: Session, prompt: str | Blocks) -> Session:
    content = prompt if isinstance(prompt, str) else Json.of(prompt)
    return session.say(session.lane(), content, parent=session.lane().tip)


def answers(session: Session, blocks: Blocks, *, digest: bool = True, **more: Any) -> Session:
    """The lane's run, ended with these blocks, as the engine would have recorded it."""
    lane = session.lane()
    request = conversation.request_of(session, lane, lane.tip)
    record = RunRecord(
        id=f"r{len(session.runs) + 1}",
        lane=lane.id,
        parent=lane.tip,
        model=request.params.model or "",
        content=tuple(blocks),
        params=request.params.to_mapping(),
        request_sha256=sha256(request.encoded).hexdigest(),
        conversation_sha256=request.conversation_sha256 if digest else "",
    )
    return session.finish(replace(record, **more), Json.of(blocks))


def chat(*answer: dict[str, Any], prompt: str | Blocks = "Hi {{name}}", **more: Any) -> Session:
    return asks(answers(asks(START, prompt), list(answer), **more), "And then?")


def sent(session: Session) -> Any:
    """The second turn of the next request, where the answer stands."""
    turns = conversation.request_of(session, session.lane(), session.lane().tip).turns
    return turns[1].wire["content"] if len(turns) == 3 else None


def said(session: Session) -> list[str]:
    lane = session.lane()
    found = conversation.check(session, lane, lane.tip, None, catalogue=Catalogue.builtin())
    return [each.text for each in found if each.key == "thinking"]


@pytest.mark.parametrize("blocks", [[THOUGHT, SAID], [THOUGHT, REDACTED, SAID], [THOUGHT, SAID, THOUGHT, CALL]])
def test_thinking_that_still_holds_goes_back_as_it_came(blocks: Blocks) -> None:
    session = chat(*blocks)
    assert sent(session) == blocks
    assert said(session) == []


CHANGES: Mapping[str, tuple[Any, str]] = {
    "another model": (lambda of: of.with_param(of.lane(), "model", "claude-opus-5"), "another model made it"),
    "a system prompt": (lambda of: of.with_system(of.lane(), "Be brief."), "the tools are not what they were"),
    "a tool": (
        lambda of: of.with_param(of.lane(), "tools", [{"name": "g", "input_schema": {}}]),
        "the tools are not what they were",
    ),
    "a variable": (
        lambda of: of.with_variable("name", "Bob"),
        "a turn before it, or a variable in one, is not what it was",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("calls", [False, True])
def test_thinking_stays_behind_once_something_before_it_changed(change: str, *, calls: bool) -> None:
    do, why = CHANGES[change]
    session: Session = do(chat(THOUGHT, SAID, *[CALL] * calls))
    assert sent(session) == [SAID, *[CALL] * calls]
    (line,) = said(session)
    assert line.startswith("thinking of an earlier answer is left out: ")
    assert line.endswith(why)


@pytest.mark.parametrize(
    "change",
    [
        lambda of: of.with_param(of.lane(), "max_tokens", 99),
        lambda of: of.with_param(of.lane(), "effort", "low"),
        lambda of: of.with_variable("unused", "x"),
        lambda of: replace(of, params=of.params.set("tools", None)),
    ],
)
def test_what_thinking_is_not_bound_to_may_change(change: Any) -> None:
    assert sent(change(chat(THOUGHT, SAID))) == [THOUGHT, SAID]


def test_a_cache_breakpoint_on_the_tools_takes_no_thinking_away() -> None:
    tool = {"name": "f", "input_schema": {"type": "object"}}
    marked = {**tool, "cache_control": {"type": "ephemeral"}}
    before = asks(answers(asks(START.with_param(START.lane(), "tools", [tool]), "Hi"), [THOUGHT, SAID]), "And?")
    assert sent(before.with_param(before.lane(), "tools", [marked])) == [THOUGHT, SAID]
    assert sent(before.with_param(before.lane(), "tools", [{**tool, "description": "new"}])) == [SAID]


def test_a_call_that_was_cut_off_is_not_sent_back() -> None:
    cut = {"type": "tool_use", "id": "t1", "name": "f", "partial_json": '{"a'}
    assert sent(chat(SAID, cut)) == [SAID]


def test_thinking_goes_back_only_to_the_endpoint_that_made_it() -> None:
    session = chat(THOUGHT, SAID, endpoint="simulator")
    assert sent(session.towards("simulator")) == [THOUGHT, SAID]
    assert sent(session.towards("anthropic")) == [SAID]
    assert said(session.towards("anthropic")) == [
        "thinking of an earlier answer is left out: it was made at another endpoint"
    ]
    assert sent(chat(THOUGHT, SAID, CALL, endpoint="simulator", digest=False).towards("anthropic")) == [SAID, CALL]
    record = replace(session.runs[0], id="r2", parent="m3", endpoint="anthropic")
    request = conversation.request_of(session.towards("anthropic"), session.lane(), "m3")
    again = rebuild(session, replace(record, request_sha256=sha256(request.encoded).hexdigest()))
    assert again is not None
    assert again.exact


def test_a_dated_name_is_the_same_model() -> None:
    dated = "claude-haiku-4-5-20251001"
    asked = replace(START, params=Params(model=dated, max_tokens=4096))
    session = asks(answers(asks(asked, "Hi"), [THOUGHT, SAID]), "More")
    assert sent(session.with_param(session.lane(), "model", "claude-haiku-4-5")) == [THOUGHT, SAID]


def test_a_branch_keeps_what_came_before_it() -> None:
    session = chat(THOUGHT, SAID)
    branch = session.say(session.lane(), "Otherwise?", parent="m2")
    assert sent(branch) == [THOUGHT, SAID]


def test_an_answer_that_was_edited_by_hand_goes_without() -> None:
    session = chat(THOUGHT, SAID)
    edited = session.say(session.lane(), Json.of([THOUGHT, {**SAID, "text": "No."}]), parent="m1", role="assistant")
    session = asks(edited, "More")
    assert sent(session) == [{**SAID, "text": "No."}]
    assert said(session) == ["thinking of an earlier answer is left out: no run tells what it was made for"]


def test_an_edited_call_gives_its_thinking_back_only_where_that_still_holds() -> None:
    session = chat(THOUGHT, SAID, CALL)
    other = {**SAID, "text": "No."}
    by_hand = session.say(session.lane(), Json.of([THOUGHT, other, CALL]), parent="m1", role="assistant")
    edited = asks(by_hand, RESULT)
    assert sent(edited) == [THOUGHT, other, CALL]
    assert sent(edited.with_param(edited.lane(), "model", "claude-opus-5")) == [other, CALL]
    assert sent(edited.with_variable("name", "Bob")) == [other, CALL]
    written = {**THOUGHT, "signature": "mine"}
    unknown = session.say(session.lane(), Json.of([written, other, CALL]), parent="m1", role="assistant")
    unknown = asks(unknown, RESULT)
    assert sent(unknown.with_variable("name", "Bob")) == [written, other, CALL], "no run tells of it"


def test_an_edit_in_the_file_leaves_only_later_thinking_behind() -> None:
    session = answers(asks(answers(asks(START, "One"), [THOUGHT, SAID]), "Two"), [THOUGHT, SAID])
    first, *rest = session.messages
    by_hand = replace(session, messages=(replace(first, content="Uno"), *(replace(each) for each in rest)))
    turns = conversation.request_of(asks(by_hand, "Three"), by_hand.lane(), "m5").turns
    assert [turn.wire["content"] for turn in turns] == ["Uno", [SAID], "Two", [SAID], "Three"]
    assert said(asks(by_hand, "Three")) == [
        "thinking of 2 earlier answers is left out: a turn before it, or a variable in one, is not what it was"
    ]


@pytest.mark.parametrize(
    ("blocks", "turn"),
    [([CUT, SAID], [SAID]), ([SAID, THOUGHT], [SAID]), ([CUT], None), ([THOUGHT], None), ([CUT, CALL], [CUT, CALL])],
)
def test_thinking_that_was_cut_off_cannot_go_back(blocks: Blocks, turn: Any) -> None:
    assert sent(chat(*blocks)) == turn


def test_a_refused_answer_is_not_sent_back() -> None:
    session = chat(THOUGHT, SAID, stop_reason="refusal")
    request = conversation.request_of(session, session.lane(), session.lane().tip)
    assert [turn.role for turn in request.turns] == ["user", "user"]
    (line,) = said(session)
    assert line.startswith("an earlier answer was refused: what came of it is left out")


def test_a_file_that_is_named_by_its_path_is_the_one_that_was_sent() -> None:
    data = {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}
    path = {"type": "path", "path": "a.png", "sha256": sha256(b"hello").hexdigest()}
    blocks, other = ([{"type": "image", "source": source}] for source in (data, {**path, "sha256": "ab"}))
    digests = [
        Request(START.params, (Turn("user", Json.of(each)),)).conversation_sha256
        for each in (blocks, [{"type": "image", "source": path, "cache_control": {}}], other)
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_document_that_is_to_be_cited_now_is_another_conversation() -> None:
    note = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}
    digests = {
        Request(START.params, (Turn("user", Json.of([{**note, **more}])),)).conversation_sha256
        for more in ({}, {"citations": {"enabled": True}}, {"context": "y"}, {"citations": None})
    }
    assert len(digests) == 3


def test_old_runs_are_made_again_by_the_rule_of_their_time() -> None:
    """Before the digest was kept only turns that called a tool gave their thinking back, whoever made it."""
    session = answers(asks(START, "Hi"), [THOUGHT, SAID], digest=False)
    session = answers(asks(session, "Two"), [THOUGHT, CALL], digest=False)
    session = asks(session, RESULT)
    other = replace(session, params=session.params.set("model", "claude-opus-5"))
    turns = (Turn("user", "Hi Ada"), Turn("assistant", Json.of([SAID])), Turn("user", "Two"))
    kept = (*turns, Turn("assistant", Json.of([THOUGHT, CALL])), Turn("user", Json.of(RESULT)))
    for each in (session, other):
        request = Request(
            each.params,
            tuple(replace(t, content=t.content.replace(" Ada", "")) if isinstance(t.content, str) else t for t in kept),
        )
        record = RunRecord(
            parent="m5", params=each.params.to_mapping(), request_sha256=sha256(request.encoded).hexdigest()
        )
        again = rebuild(each, record)
        assert again is not None
        assert again.exact
    assert conversation.request_of(other, other.lane(), "m5").turns[3].wire["content"] == [CALL]


@given(st.lists(st.sampled_from([(THOUGHT, SAID), (SAID,), (THOUGHT, CALL), (CUT,)]), max_size=6), st.data())
def test_step_by_step_and_all_at_once_are_the_same(
    shapes: list[tuple[dict[str, Any], ...]], draw: st.DataObject
) -> None:
    """Every request that was sent is made again exactly, whatever was made before it in whatever order."""
    session = START
    for blocks in shapes:
        if draw.draw(st.booleans()):
            session = session.with_variable("name", draw.draw(st.sampled_from(["Ada", "Bob"])))
        session = answers(asks(session, draw.draw(st.sampled_from(["Hi", "Hi {{name}}"]))), list(blocks))
    fresh = replace(session, messages=tuple(replace(each) for each in session.messages))
    lane = session.lane()
    assert (
        conversation.request_of(session, lane, lane.tip).encoded
        == conversation.request_of(fresh, lane, lane.tip).encoded
    )


def test_each_cell_of_a_sweep_takes_along_what_holds_for_it() -> None:
    session = chat(THOUGHT, SAID)
    sweep = Sweep("w1", (Axis("model", (MODEL, "claude-opus-5")), Axis("system", (None, "Be brief."))))
    cells = sweep_plan.plan(session, sweep).cells
    kept = {cell.label: cell.request.turns[1].wire["content"] == [THOUGHT, SAID] for cell in cells}
    assert list(kept.values()) == [True, False, False, False]
