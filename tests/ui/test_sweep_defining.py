"""A sweep's definition as it is changed: its axes, its repeats, its lane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.core.session import Lane, Session
from workbench.core.sweep import Axis, Sweep, read_axis
from workbench.ui.sweep import defining

MODELS = read_axis("model=claude-opus-4-6,claude-haiku-4-5")
HEATS = read_axis("temperature=0,0.5,1")
LANE = Lane("B")
TWO = Session(lanes=(Lane("A"), LANE))


@pytest.mark.parametrize(
    ("text", "wrong"), [("8", False), (" 12 ", False), ("0", True), ("1001", True), ("x", True), ("", True)]
)
def test_repeats_are_a_number_that_makes_sense(text: str, wrong: bool) -> None:
    assert (defining.repeats_mistake(text) is not None) is wrong


def test_axes_are_changed_in_place_and_taken_away() -> None:
    sweep = defining.with_axis(defining.with_axis(Sweep(), MODELS), HEATS)
    assert sweep.axes == (MODELS, HEATS)
    other = Axis("model", ("x",))
    assert defining.with_axis(sweep, other).axes == (other, HEATS)
    assert defining.without_axis(sweep, "model").axes == (HEATS,)
    session = defining.with_changed(Session(), sweep)
    assert defining.chosen(session) == sweep
    assert defining.chosen(defining.with_changed(session, replace(sweep, repeats=9))) == replace(sweep, repeats=9)
    assert defining.started(session, LANE) == Sweep("w2", lane="B")
    assert defining.chosen(Session()) is None
    assert defining.editable(session, sweep, LANE) is sweep
    assert defining.editable(session, None, LANE).id == "w2"
    assert defining.editable(session, Sweep("w1", extra={"axes": {"heat": [1]}}), LANE).id == "w2"


@pytest.mark.parametrize(
    ("sweep", "lane"),
    [(None, "B"), (Sweep(), "A"), (Sweep(lane="A"), "A"), (Sweep(lane="B"), "B"), (Sweep(lane="gone"), "B")],
)
def test_a_sweep_is_of_its_lane_and_a_new_one_of_the_focused_one(sweep: Sweep | None, lane: str) -> None:
    assert defining.lane_of(TWO, sweep, LANE).id == lane


def test_another_sweep_is_of_the_focused_lane_and_asks_the_same_only_there() -> None:
    sweep = Sweep("w1", (HEATS,), 4, prompt="hi", parent="m1")
    session = replace(TWO, sweeps=(sweep,))
    assert defining.another(session, sweep, LANE) == Sweep("w2", repeats=4, lane="B")
    assert defining.another(session, sweep, TWO.lanes[0]) == replace(sweep, id="w2", axes=(), lane="A")
    assert defining.of_lane(sweep, LANE) == Sweep("w1", (HEATS,), 4, lane="B")


def test_a_damaged_definition_of_the_same_id_stays_as_it_is() -> None:
    good, damaged = Sweep("w1", (HEATS,)), Sweep("w1", extra={"id": "w1", "axes": {"heat": [1]}})
    changed = replace(good, repeats=3)
    assert defining.with_changed(Session(sweeps=(good, damaged)), changed).sweeps == (changed, damaged)
