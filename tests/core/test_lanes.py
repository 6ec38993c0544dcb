"""Lanes: what each step leaves, for the lane itself and for all others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workbench.core import lanes
from workbench.core.params import ParamError, Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System

BASE = Session(
    params=Params(model="claude-sonnet-4-6", max_tokens=1024, temperature=0.5),
    systems=(System("s1", "Be brief."),),
    lanes=(Lane("A", name="first", system="s1", tip="m1", extra={"note": 1}),),
    messages=(Message("m1", "user", "Hello."),),
)
A = BASE.lanes[0]


def test_a_clone_stands_behind_its_lane_with_all_but_its_name() -> None:
    session, made = lanes.clone(BASE, A)
    assert [lane.id for lane in session.lanes] == ["A", "B"]
    assert (made.name, made.extra) == ("", {})
    assert (made.system, made.tip) == (A.system, A.tip)
    session, between = lanes.clone(session, session.lane("A"))
    assert [lane.id for lane in session.lanes] == ["A", between.id, "B"]


def test_ids_go_on_where_the_alphabet_ends() -> None:
    assert lanes.free_id(lanes.LETTERS) == "A2"
    assert lanes.free_id([*lanes.LETTERS, "A2"]) == "B2"
    assert lanes.free_id(["A", "C"]) == "B"


def test_no_lane_is_called_as_one_that_was_closed_and_had_run() -> None:
    _, made = lanes.clone(replace(BASE, runs=(RunRecord("r1", lane="B"),)), A, ["C"])
    assert made.id == "D"


def test_the_last_lane_cannot_be_closed_and_closing_keeps_the_tree() -> None:
    assert lanes.close(BASE, A) == BASE
    session, made = lanes.clone(BASE, A)
    closed = lanes.close(session, made)
    assert [lane.id for lane in closed.lanes] == ["A"]
    assert closed.messages == BASE.messages


@pytest.mark.parametrize(("lane", "by", "order"), [(0, 1, "BAC"), (0, 9, "BCA"), (2, -1, "ACB"), (0, -1, "ABC")])
def test_a_lane_moves_and_stops_at_the_ends(lane: int, by: int, order: str) -> None:
    session = Session(lanes=(Lane("A"), Lane("B"), Lane("C")))
    moved = lanes.move(session, session.lanes[lane], by)
    assert "".join(each.id for each in moved.lanes) == order


def test_the_winner_goes_on_alone_with_what_it_sent() -> None:
    session = lanes.one_per_value(BASE, A, "temperature", [0.0, None])
    winner = session.lanes[1]
    sent = session.params_of(winner)
    kept = lanes.keep(session, winner)
    assert [lane.id for lane in kept.lanes] == [winner.id]
    assert kept.params_of(kept.lanes[0]) == sent
    assert kept.params.temperature is None
    assert kept.lanes[0].params == Params()
    assert kept.messages == session.messages


def test_one_lane_a_value_gives_each_its_own_and_nothing_else() -> None:
    session = lanes.one_per_value(BASE, A, "temperature", [0.0, 0.5, 1.0, None])
    assert [session.params_of(lane).temperature for lane in session.lanes] == [0.0, 0.5, 1.0, None]
    assert session.params == BASE.params
    assert session.lanes[1].params == Params(), "the shared value needs no override"
    assert session.lanes[3].unset == ("temperature",)
    assert {lane.tip for lane in session.lanes} == {"m1"}


def test_settings_become_lanes_in_place_of_all() -> None:
    settings = [Params(model="claude-haiku-4-5", temperature=value) for value in (0.0, 1.0)]
    session = lanes.from_settings(BASE, A, settings)
    assert [session.params_of(lane).temperature for lane in session.lanes] == [0.0, 1.0]
    assert {session.params_of(lane).model for lane in session.lanes} == {"claude-haiku-4-5"}
    assert {lane.system for lane in session.lanes} == {"s1"}
    assert [lane.id for lane in session.lanes] == ["B", "C"], "what still runs in the lanes before is not theirs"
    assert lanes.from_settings(BASE, A, []) == BASE
    assert len(lanes.from_settings(BASE, A, settings * 20).lanes) == lanes.MOST_AT_ONCE


def test_lanes_in_one_place_share_the_message_and_others_get_their_own() -> None:
    session, second = lanes.clone(BASE, A)
    session = session.with_lane(Lane("C", tip=None))
    asked = lanes.say_to(session, session.lanes, "And now?")
    tips = [lane.tip for lane in asked.lanes]
    assert tips[0] == tips[1] != tips[2]
    assert [message.text for message in asked.messages[1:]] == ["And now?", "And now?"]
    assert asked.by_id[tips[0] or ""].parent == "m1"
    assert asked.by_id[tips[2] or ""].parent is None
    only = lanes.say_to(session, (second,), "Only here.")
    assert only.lane("A").tip == "m1"


def test_an_unknown_key_and_a_wrong_value_are_sentences() -> None:
    with pytest.raises(ParamError, match="did you mean temperature"):
        lanes.one_per_value(BASE, A, "temperatur", [0.1])
    with pytest.raises(ParamError, match="temperature"):
        lanes.own(BASE, A, "temperature", "warm")


VALUES = st.sampled_from([None, 0.0, 0.5, 1.0])


@given(VALUES, VALUES)
def test_a_value_of_its_own_is_what_the_lane_sends(shared: float | None, own: float | None) -> None:
    session = Session(params=Params().set("temperature", shared))
    session = session.with_lane(lanes.own(session, session.lanes[0], "temperature", own))
    assert session.params_of(session.lanes[0]).temperature == own
    assert session.params.temperature == shared


class Steps(RuleBasedStateMachine):
    """Any steps in any order: ids stay apart, a lane stays, and a step touches only what it names."""

    def __init__(self) -> None:
        super().__init__()
        self.session = BASE

    def lane(self, at: int) -> Lane:
        return self.session.lanes[at % len(self.session.lanes)]

    @rule(at=st.integers(0, 9))
    @precondition(lambda self: len(self.session.lanes) < 12)
    def clones(self, at: int) -> None:
        lane = self.lane(at)
        self.session, made = lanes.clone(self.session, lane)
        assert self.session.params_of(made) == self.session.params_of(lane)

    @rule(at=st.integers(0, 9))
    def closes(self, at: int) -> None:
        self.session = lanes.close(self.session, self.lane(at))

    @rule(at=st.integers(0, 9), by=st.integers(-3, 3))
    def moves(self, at: int, by: int) -> None:
        before = {lane.id for lane in self.session.lanes}
        self.session = lanes.move(self.session, self.lane(at), by)
        assert {lane.id for lane in self.session.lanes} == before

    @rule(at=st.integers(0, 9), value=VALUES)
    def sets_one(self, at: int, value: float | None) -> None:
        lane = self.lane(at)
        others = [(each.id, self.session.params_of(each)) for each in self.session.lanes if each.id != lane.id]
        self.session = self.session.with_lane(lanes.own(self.session, lane, "temperature", value))
        assert self.session.params_of(self.session.lane(lane.id)).temperature == value
        assert all(self.session.params_of(self.session.lane(key)) == params for key, params in others)

    @rule(value=VALUES)
    def sets_all(self, value: float | None) -> None:
        self.session = lanes.for_all(self.session, "temperature", value)
        assert {self.session.params_of(lane).temperature for lane in self.session.lanes} == {value}

    @rule(at=st.integers(0, 9))
    def keeps(self, at: int) -> None:
        sent = self.session.params_of(self.lane(at))
        self.session = lanes.keep(self.session, self.lane(at))
        assert self.session.params_of(self.session.lanes[0]) == sent

    @rule()
    def says(self) -> None:
        tips = {lane.tip for lane in self.session.lanes}
        before = len(self.session.messages)
        self.session = lanes.say_to(self.session, self.session.lanes, "More.")
        assert len(self.session.messages) == before + len(tips)

    @invariant()
    def ids_are_apart_and_one_is_left(self) -> None:
        ids = [lane.id for lane in self.session.lanes]
        assert ids
        assert len(ids) == len({*ids})


TestSteps = Steps.TestCase
