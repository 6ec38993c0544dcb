"""The session as a value: the tree, the lanes, and what each step leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.core.kinds import Json
from workbench.core.params import ParamError, Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System, content_of, next_id
from workbench.core.state import State

TREE = Session(
    messages=(
        Message("m1", "user", "one"),
        Message("m2", "assistant", "a", "m1", "r1"),
        Message("m3", "assistant", "b", "m1", "r2"),
        Message("m4", "user", "two", "m2"),
        Message("m5", "user", "zwei", "m2"),
        Message("m6", "assistant", "c", "m4", "r3"),
        Message("m7", "user", "another beginning"),
        Message("m8", "system", "note", "m2"),
    ),
    lanes=(Lane("A", tip="m6"), Lane("B", tip="m3")),
)
A, B = TREE.lanes


def ids(messages: tuple[Message, ...]) -> str:
    return " ".join(message.id for message in messages)


@pytest.mark.parametrize(
    ("tip", "path"), [(None, ""), ("m1", "m1"), ("m6", "m1 m2 m4 m6"), ("m5", "m1 m2 m5"), ("m7", "m7")]
)
def test_the_path_goes_from_the_root(tip: str | None, path: str) -> None:
    assert ids(TREE.path(tip)) == path


def test_a_circle_of_parents_ends() -> None:
    circle = Session(messages=(Message("m1", "user", "", "m2"), Message("m2", "user", "", "m1")))
    assert len(circle.path("m1")) <= 3


@pytest.mark.parametrize(
    ("message", "siblings"),
    [("m1", "m1 m7"), ("m2", "m2 m3"), ("m3", "m2 m3"), ("m4", "m4 m5"), ("m8", "m8"), ("m6", "m6")],
)
def test_siblings_have_the_same_role_under_the_same_parent(message: str, siblings: str) -> None:
    assert ids(TREE.siblings(message)) == siblings


@pytest.mark.parametrize(("message", "leaf"), [("m1", "m3"), ("m2", "m8"), ("m4", "m6"), ("m6", "m6"), ("m7", "m7")])
def test_the_leaf_is_the_newest_end(message: str, leaf: str) -> None:
    assert TREE.leaf(message) == leaf


def test_lanes_are_found_by_id_and_the_first_is_the_default() -> None:
    assert TREE.lane() is A
    assert TREE.lane("B") is B
    with pytest.raises(KeyError):
        TREE.lane("C")


def test_a_lane_is_replaced_or_added() -> None:
    changed = TREE.with_lane(replace(A, name="first")).with_lane(Lane("C"))
    assert [(lane.id, lane.name) for lane in changed.lanes] == [("A", "first"), ("B", ""), ("C", "")]


@pytest.mark.parametrize(
    ("shared", "lane", "key", "value", "shared_after", "own_after", "unset_after"),
    [
        # the shared one, while the lane has none of its own
        ({}, Lane(), "temperature", 0.2, {"temperature": 0.2}, {}, ()),
        ({"temperature": 0.2}, Lane(), "temperature", None, {}, {}, ()),
        # the lane's own
        ({"temperature": 1}, Lane(params=Params(temperature=0)), "temperature", 0.5, None, {"temperature": 0.5}, ()),
        ({"temperature": 1}, Lane(params=Params(temperature=0)), "temperature", None, None, {}, ("temperature",)),
        ({}, Lane(params=Params(temperature=0)), "temperature", None, None, {}, ()),
        # what the lane took away it may set again
        ({"top_k": 5}, Lane(unset=("top_k",)), "top_k", 7, None, {"top_k": 7}, ()),
        ({"top_k": 5}, Lane(unset=("top_k",)), "top_k", None, None, {}, ("top_k",)),
        ({"top_k": 5}, Lane(unset=("top_k", "top_p")), "top_k", 7, None, {"top_k": 7}, ("top_p",)),
    ],
)
def test_with_param(
    shared: dict[str, object],
    lane: Lane,
    key: str,
    value: object,
    shared_after: dict[str, object] | None,
    own_after: dict[str, object],
    unset_after: tuple[str, ...],
) -> None:
    base = Params()
    for name, each in shared.items():
        base = base.set(name, each)
    session = Session(params=base, lanes=(lane, Lane("B"))).with_param(lane, key, value)
    assert session.params.to_mapping() == (shared if shared_after is None else shared_after)
    assert (session.lane().params.to_mapping(), session.lane().unset) == (own_after, unset_after)
    assert session.params_of(session.lane())[key] == value
    assert session.lane("B") == Lane("B")


def test_a_wrong_parameter_is_a_sentence() -> None:
    with pytest.raises(ParamError, match="did you mean temperature"):
        TREE.with_param(A, "temprature", 1)
    with pytest.raises(ParamError, match="temperature takes a number"):
        TREE.with_param(A, "temperature", "warm")


def test_what_a_lane_sends() -> None:
    session = Session(
        params=Params(model="m", temperature=1.0, system="shared"), systems=(System("s1", "one"), System("s2", ""))
    )
    assert session.params_of(Lane()) == session.params
    assert session.params_of(Lane(system="s1")).system == "one"
    assert session.params_of(Lane(system="s2")).system is None, "an empty version sends none"
    assert session.params_of(Lane(system="s1", params=Params(system="own"))).system == "own"
    assert session.params_of(Lane(system="s9")).system == "shared"
    lane = Lane(params=Params(model="other"), unset=("temperature", "model"))
    assert session.params_of(lane) == Params(model="other", system="shared")


def test_a_system_prompt_is_a_new_version_unless_there_is_one_that_says_the_same() -> None:
    session = Session().with_system(Lane(), "one")
    session = session.with_system(session.lane(), "two")
    assert (session.systems, session.lane().system) == ((System("s1", "one"), System("s2", "two")), "s2")
    session = session.with_system(session.lane(), "one")
    assert (len(session.systems), session.lane().system) == (2, "s1")


def test_variables_are_set_in_place_and_removed() -> None:
    session = Session().with_variable("a", "1").with_variable("b", "2").with_variable("a", "3")
    assert session.variables == (("a", "3"), ("b", "2"))
    assert session.with_variable("a", None).with_variable("zzz", None).variables == (("b", "2"),)


def test_saying_adds_a_sibling_and_moves_only_that_lane() -> None:
    session = TREE.say(A, "deux", parent="m2")
    assert session.messages[:-1] == TREE.messages
    assert session.messages[-1] == Message("m9", "user", "deux", "m2")
    assert (session.lane("A").tip, session.lane("B").tip) == ("m9", "m3")


@pytest.mark.parametrize(
    ("tip", "parent", "moves"),
    [
        ("m4", "m4", True),  # still where it asked
        ("m6", "m4", True),  # on another answer to the same
        ("m2", "m4", False),  # gone back
        ("m5", "m4", False),  # gone on beside
        ("m7", "m4", False),
        (None, "m4", False),
    ],
)
def test_an_answer_hangs_under_its_question_and_takes_the_lane_along_only_from_there(
    tip: str | None, parent: str, *, moves: bool
) -> None:
    before = TREE.with_lane(replace(A, tip=tip))
    record = RunRecord("r9", lane="A", parent=parent, state=State.COMPLETE)
    after = before.finish(record, "answer")
    assert after.runs == (record,)
    assert after.messages[-1] == Message("m9", "assistant", "answer", parent, "r9")
    assert after.lane("A").tip == ("m9" if moves else tip)
    assert after.lane("B") == before.lane("B")


@pytest.mark.parametrize("content", ["", Json("[]")])
def test_a_run_without_an_answer_is_kept_as_a_run(content: str | Json) -> None:
    record = RunRecord("r9", lane="A", parent="m6", state=State.REJECTED)
    after = TREE.finish(record, content)
    assert (after.runs, after.messages, after.lanes) == ((record,), TREE.messages, TREE.lanes)


def test_an_undo_takes_back_steps_but_never_what_was_said() -> None:
    before = TREE.with_variable("a", "1")
    later = before.with_variable("a", "2").say(A, "more", parent="m6")
    later = later.finish(RunRecord("r9", lane="A", parent="m9"), "answer")
    undone = before.keeping(later)
    assert undone.bindings == {"a": "1"}
    assert (undone.messages, undone.runs) == (later.messages, later.runs)
    assert undone.lanes == before.lanes


@pytest.mark.parametrize(
    ("blocks", "content"),
    [
        ([], ""),
        ([{"type": "text", "text": "hi"}], "hi"),
        ([{"type": "text", "text": "hi", "citations": None}], "hi"),
        ([{"type": "text", "text": "hi", "citations": []}], Json('[{"type": "text", "text": "hi", "citations": []}]')),
        (
            [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
            Json('[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]'),
        ),
        ([{"type": "tool_use", "input": {"x": None}}], Json('[{"type": "tool_use", "input": {"x": null}}]')),
    ],
)
def test_an_answer_that_is_only_text_is_kept_as_text(blocks: list[dict[str, object]], content: str | Json) -> None:
    assert content_of(blocks) == content


@pytest.mark.parametrize(
    ("content", "text", "blocks"),
    [
        ("", "", []),
        ("hi", "hi", [{"type": "text", "text": "hi"}]),
        (Json('[{"type": "thinking", "thinking": "x"}, {"type": "text", "text": "a"}, 5]'), "a", None),
        (Json("{}"), "", []),
    ],
)
def test_a_message_is_text_and_blocks(content: str | Json, text: str, blocks: list[object] | None) -> None:
    message = Message("m1", "assistant", content)
    assert message.text == text
    if blocks is not None:
        assert message.blocks == blocks


@pytest.mark.parametrize(
    ("taken", "free"), [("", "m1"), ("m1", "m2"), ("m11 m2", "m12"), ("x r5 m mx", "m1"), ("m007", "m8")]
)
def test_the_next_id_follows_the_highest(taken: str, free: str) -> None:
    assert next_id("m", tuple(Message(each, "user", "") for each in taken.split())) == free
