"""A sweep worked out: cells, order, what is done, and what can't be swept."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any

import pytest

from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System
from workbench.core.state import State
from workbench.core.sweep import Axis, Sweep, SweepError, read_axis
from workbench.core.sweep_plan import Plan, Spot, plan

SESSION = Session(
    params=Params(model="claude-haiku-4-5", max_tokens=100),
    variables=(("city", "Rome"),),
    systems=(System("s1", "Be brief."), System("s2", "About {{city}}."), System("s3", ""), System("s4", "{{nobody}}")),
    lanes=(Lane("A", system="s1", tip="m2"), Lane("B", params=Params(temperature=0.2), tip="m4")),
    messages=(
        Message("m1", "user", "What is in {{city}}?"),
        Message("m2", "assistant", "Much.", "m1"),
        Message("m3", "user", "Say {{more}}", "m2"),
        Message("m4", "user", "And now?", "m2"),
    ),
)


def sweep(*axes: str, **rest: Any) -> Sweep:
    return Sweep(axes=tuple(map(read_axis, axes)), **rest)


def record(made: Plan, spot: Spot, **rest: Any) -> RunRecord:
    """The whole answer to a spot."""
    cell = made.cells[spot.cell]
    extra = {"sweep": "w1", "cell": cell.plain, "repeat": spot.repeat}
    params = cell.request.params.to_mapping()
    known = {"state": State.COMPLETE, "endpoint": "e", "request_sha256": cell.sha256, "params": params, "extra": extra}
    return RunRecord(**{**known, **rest})


@pytest.mark.parametrize(
    ("axes", "rows", "columns"),
    [
        (["temperature=0,0.5,1"], ("",), ("0", "0.5", "1")),
        (["model=claude-haiku-4-5,x", "temperature=0,1,"], ("haiku-4-5", "x"), ("0", "1", "—")),
        (["model=a,b", "top_k=1,2", "effort=low,high"], ("a · 1", "a · 2", "b · 1", "b · 2"), ("low", "high")),
    ],
)
def test_the_last_axis_makes_the_columns_and_the_others_the_rows(
    axes: list[str], rows: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    made = plan(SESSION, sweep(*axes))
    assert (made.rows, made.columns) == (rows, columns)
    assert [(cell.row, cell.column) for cell in made.cells] == [
        (row, column) for row in range(len(rows)) for column in range(len(columns))
    ]
    for at, cell in enumerate(made.cells):
        assert cell.index == at
        assert made.cell_at(cell.row, cell.column) is cell
        assert cell.sha256 == sha256(cell.request.encoded).hexdigest()
        for key, value in cell.values:
            assert cell.request.params[key] == value
    assert len({cell.sha256 for cell in made.cells}) == len(made.cells)
    for row, column in ((len(rows), 0), (0, len(columns)), (-1, 0)):
        with pytest.raises(IndexError):
            made.cell_at(row, column)


@pytest.mark.parametrize(("cells", "repeats"), [(1, 1), (1, 7), (5, 1), (8, 8), (7, 3), (3, 20), (12, 5)])
def test_every_part_of_the_order_holds_each_cell_as_often_as_the_others(cells: int, repeats: int) -> None:
    made = plan(SESSION, Sweep(axes=(Axis("max_tokens", tuple(range(1, cells + 1))),), repeats=repeats))
    assert len(set(made.order)) == len(made.order) == cells * repeats
    seen: Counter[int] = Counter(dict.fromkeys(range(cells), 0))
    for spot in made.order:
        assert spot.repeat == seen[spot.cell]
        seen[spot.cell] += 1
        assert max(seen.values()) - min(seen.values()) <= 1


def test_over_all_repeats_no_cell_is_early_or_late() -> None:
    """Rows by rows eight times would send the last cell seven places after the first, each time."""
    made = plan(SESSION, sweep("temperature=0,0.1,0.2,0.3", "top_k=1,2", repeats=8))
    places = {cell.index: [at for at, spot in enumerate(made.order) if spot.cell == cell.index] for cell in made.cells}
    assert {sum(at % 8 for at in found) for found in places.values()} == {28}


def test_the_system_prompt_is_a_version_or_a_text_or_none() -> None:
    made = plan(SESSION, sweep('system=s1,s2,s3,,"In {{city}}: go."'))
    assert [cell.request.params.system for cell in made.cells] == [
        "Be brief.",
        "About Rome.",
        None,
        None,
        "In Rome: go.",
    ]
    assert made.columns == ("s1", "s2", "s3", "—", "In {{city}}: go.")
    assert made.cells[0].plain == {"system": "s1"}
    assert made.cells[3].plain == {"system": ""}


def test_what_no_axis_varies_is_held() -> None:
    assert plan(SESSION, sweep("temperature=0,1")).held == ("haiku-4-5", "max tokens 100", "s1")
    assert plan(SESSION, sweep("model=a,b", "system=s1,s2")).held == ("max tokens 100",)
    assert plan(SESSION, sweep("model=a,b", lane="B")).held == ("max tokens 100", "temperature 0.2")


def test_heads_that_look_alike_are_told_apart() -> None:
    long = "x" * 60
    made = plan(SESSION, Sweep(axes=(Axis("system", (f"{long}1", f"{long}2")),)))
    assert made.columns == ("x" * 39 + "…", "x" * 39 + "… (2)")


@pytest.mark.parametrize(
    ("changes", "roles", "last", "parent"),
    [
        ({}, ["user"], "What is in Rome?", "m1"),
        ({"lane": "B"}, ["user", "assistant", "user"], "And now?", "m4"),
        ({"parent": "m4"}, ["user", "assistant", "user"], "And now?", "m4"),
        ({"prompt": "New {{city}}"}, ["user"], "New Rome", None),
        ({"prompt": "New", "parent": "m2"}, ["user", "assistant", "user"], "New", "m2"),
    ],
)
def test_what_is_asked(changes: dict[str, Any], roles: list[str], last: str, parent: str | None) -> None:
    made = plan(SESSION, sweep("top_k=1,2", **changes))
    assert [turn.role for turn in made.cells[1].request.turns] == roles
    assert made.cells[1].request.turns[-1].content == last
    assert (made.parent, made.lane) == (parent, changes.get("lane", "A"))


def test_what_stands_in_the_editor_is_asked_before_the_last_question() -> None:
    session = Session(**{**vars_of(SESSION), "prompt": "Draft"})
    made = plan(session, sweep("top_k=1,2"))
    assert [turn.content for turn in made.cells[0].request.turns] == ["What is in Rome?", "Much.", "Draft"]
    assert made.parent is None


def vars_of(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in session.__dataclass_fields__}


@pytest.mark.parametrize(
    ("session", "definition", "said"),
    [
        (SESSION, Sweep(), "sweep w1 has no axis"),
        (SESSION, Sweep(axes=(Axis("top_k", ()),)), "top_k has no values"),
        (SESSION, Sweep(axes=(Axis("top_k", (1, 1)),)), "top_k: 1 stands twice"),
        (SESSION, sweep("top_k=1", "top_k=2"), "top_k is on two axes"),
        (SESSION, sweep("top_k=1", repeats=0), "once or more, not 0 times"),
        (SESSION, sweep("top_k=1,2", repeats=50_001), "2 × 50001 are 100,002 requests, and 100,000 are the most"),
        (SESSION, sweep("top_k=1", lane="Z"), "there is no lane 'Z'; the session has A, B"),
        (SESSION, sweep("top_k=1", parent="m9"), "parent 'm9' is no message of this session"),
        (SESSION, sweep("top_k=1", parent="m3"), "{{more}} has no value"),
        (SESSION, sweep("top_k=1", prompt="{{x}}"), "{{x}} has no value"),
        (SESSION, sweep("system=s1,s4"), "{{nobody}} of system prompt s4 has no value"),
        (SESSION, sweep('system="{{y}}"'), "{{y}} of the system prompt has no value"),
        (SESSION, sweep("top_k=1", prompt=" "), "The prompt is empty"),
        (Session(), sweep("top_k=1"), "there is nothing to ask"),
    ],
)
def test_what_cannot_be_swept_is_a_sentence(session: Session, definition: Sweep, said: str) -> None:
    with pytest.raises(SweepError) as told:
        plan(session, definition)
    assert said in str(told.value)


def test_a_system_prompt_that_no_cell_sends_may_ask_for_anything() -> None:
    session = SESSION.with_lane(Lane("A", system="s4", tip="m2"))
    with pytest.raises(SweepError):
        plan(session, sweep("top_k=1"))
    assert plan(session, sweep("system=s1,")).cells[0].request.params.system == "Be brief."


def test_a_whole_answer_to_the_same_request_and_repeat_is_done_whatever_it_was_made_for() -> None:
    made = plan(SESSION, sweep("temperature=0,1", repeats=2))
    spot = Spot(1, 1)
    assert made.done([record(made, spot)]) == {spot: record(made, spot)}
    other = plan(SESSION, sweep("top_k=5,", "temperature=0.5,1", id="w9", repeats=3))
    assert list(other.done([record(made, spot)])) == [Spot(3, 1)]


@pytest.mark.parametrize(
    "rest",
    [
        {"state": State.CANCELLED},
        {"state": State.REJECTED},
        {"state": None},
        {"request_sha256": "0" * 64},
        {"extra": {}},
        {"extra": {"repeat": 2}},
        {"extra": {"repeat": True}},
        {"extra": {"repeat": "0"}},
        {"endpoint": "simulator"},
        {"params": {"version": "2023-06-01"}},
        {"params": {"version": ["2023-06-01"]}},
        {"cost_basis": "simulated"},
    ],
)
def test_anything_else_is_not_done(rest: dict[str, Any]) -> None:
    made = plan(SESSION, sweep("temperature=0,1", repeats=2))
    endpoint = Endpoint("e", OFFICIAL_URL)
    assert made.done([record(made, Spot(0, 0))], endpoint)
    assert made.done([record(made, Spot(0, 0), **rest)], endpoint) == {}


def test_what_a_simulator_answered_is_done_for_as_long_as_it_is_asked() -> None:
    made = plan(SESSION, sweep("temperature=0,1"))
    simulated = record(made, Spot(0, 0), cost_basis="simulated")
    assert made.done([simulated], Endpoint("e", "http://127.0.0.1:1"))
    assert made.done([simulated], Endpoint("e", "http://127.0.0.1:1", simulated=True))


@pytest.mark.parametrize("axis", ["version=2023-06-01,2026-10-21", 'system=s1,"Be brief."'])
def test_cells_with_the_same_body_are_each_paid(axis: str) -> None:
    """A version is a header; and two system prompts that say the same are asked for twice, to see the chance in it."""
    made = plan(SESSION, sweep(axis, repeats=2))
    assert made.cells[0].sha256 == made.cells[1].sha256
    for spot in made.order:
        assert list(made.done([record(made, spot)])) == [spot]
    whole = [record(made, spot) for spot in reversed(made.order)]
    assert made.done(whole) == dict(zip(reversed(made.order), whole, strict=True))


def test_of_two_answers_to_one_spot_the_first_stands() -> None:
    made = plan(SESSION, sweep("temperature=0,1"))
    twice = [record(made, Spot(0, 0), text="first"), record(made, Spot(0, 0), text="second")]
    assert made.done(twice)[Spot(0, 0)].text == "first"
