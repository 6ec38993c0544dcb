"""What the Sweep screen shows, as values: names, numbers, lines and words; and definitions as they are typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from workbench.core.cost import Basis, Cost
from workbench.core.metrics import METRICS
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord, Timings
from workbench.core.session import Lane, Session, System
from workbench.core.state import State
from workbench.core.sweep import Axis, Sweep, read_axis
from workbench.core.sweep_plan import Plan, Spot, plan
from workbench.engine.wire import Wire
from workbench.ui.sweep import answers, marks, progress
from workbench.ui.sweep.chart import Chart, View
from workbench.ui.sweep.naming import cell_name, heads, subject
from workbench.ui.sweep.repeats import heading, repeats_of
from workbench.ui.sweep.sweeping import WIRES, Wires

MODELS = read_axis("model=claude-opus-4-6,claude-haiku-4-5")
HEATS = read_axis("temperature=0,0.5,1")


def made(*axes: Axis, repeats: int = 3, session: Session | None = None) -> Plan:
    ground = session or Session(params=Params(model="claude-sonnet-4-6", max_tokens=100))
    return plan(ground, Sweep(axes=axes or (MODELS, HEATS), repeats=repeats, prompt="Hello?"))


def whole(out: int, text: str = "yes") -> RunRecord:
    return RunRecord(
        id="r1",
        state=State.COMPLETE,
        text=text,
        content=({"type": "text", "text": text},),
        usage={"output_tokens": out},
        cost_usd=Decimal(out) / 1000,
        cost_basis="exact",
        stop_reason="end_turn",
        timings=Timings(first_token_s=0.5, total_s=4.9),
    )


FAILED = RunRecord(id="r2", state=State.REJECTED, problem=Problem("Overloaded", "try later", status=529))


@pytest.mark.parametrize(
    ("axes", "names"),
    [
        ((HEATS,), ("T 0", "T 0.5", "T 1")),
        ((MODELS,), ("opus-4-6", "haiku-4-5")),
        ((read_axis("effort=low,"),), ("effort low", "effort —")),
        ((read_axis("system=s1,"),), ("s1", "system —")),
        ((read_axis("max_tokens=256,1024"),), ("max 256", "max 1 024")),
        (
            (MODELS, read_axis("top_p=0.9,1")),
            ("opus-4-6 · top p 0.9", "opus-4-6 · top p 1", "haiku-4-5 · top p 0.9", "haiku-4-5 · top p 1"),
        ),
        ((Axis("system", ("x" * 60 + "a", "x" * 60 + "b")),), ("x" * 39 + "…", "x" * 39 + "… (2)")),
        ((), ("",)),
    ],
)
def test_values_are_called_briefly(axes: tuple[Axis, ...], names: tuple[str, ...]) -> None:
    assert heads(axes) == names


def test_what_is_multiplied() -> None:
    assert subject(Sweep(axes=(MODELS, HEATS), repeats=8)) == ("model", "temperature", "8 repeats")
    assert subject(Sweep(axes=(HEATS,))) == ("temperature",)


def chart(records: dict[Spot, RunRecord], live: tuple[Spot, ...] = (), repeats: int = 3) -> Chart:
    found = Chart(made(repeats=repeats))
    found.take(records, live)
    return found


RECORDS = {
    Spot(0, 0): whole(100),
    Spot(0, 1): whole(110),
    Spot(0, 2): whole(120),
    Spot(1, 0): whole(400),
    Spot(1, 1): FAILED,
    Spot(5, 0): whole(220),
}


def test_the_cells_of_a_map() -> None:
    grid = chart(RECORDS, (Spot(2, 0), Spot(1, 2))).grid(View(), [5])
    assert grid.rows == ("opus-4-6", "haiku-4-5")
    assert grid.columns == ("T 0", "T 0.5", "T 1")
    assert grid.row_medians == ("255", "220")
    assert grid.column_medians == ("110", "400", "220")
    shown = {at: grid.cell(*divmod(at, 3)) for at in range(6)}
    assert (shown[0].value, shown[0].note, shown[0].step) == ("110", "±5%", 1)
    assert (shown[1].value, shown[1].note, shown[1].step, shown[1].failed) == ("400", "2/3 ⠹", 6, 1)
    assert (shown[2].value, shown[2].note, shown[2].queued) == ("", "0/3 ⠹", False)
    assert shown[3].queued
    assert (shown[5].value, shown[5].note, shown[5].marked) == ("220", "1/3", True)
    assert shown[5].shares == (0.4,)


def test_a_transposed_map_is_the_same_one_turned() -> None:
    there = chart(RECORDS)
    grid, turned = there.grid(View()), there.grid(View(transposed=True))
    assert (turned.rows, turned.columns) == (grid.columns, grid.rows)
    assert (turned.row_medians, turned.column_medians) == (grid.column_medians, grid.row_medians)
    assert all(turned.cell(column, row) == grid.cell(row, column) for row in range(2) for column in range(3))


def test_a_cell_is_measured_anew_only_when_its_answers_are_others() -> None:
    there = chart(RECORDS)
    there.grid(View())
    first = there.measured
    there.take({**RECORDS, Spot(5, 1): whole(230)})
    there.grid(View())
    there.grid(View(transposed=True))
    assert there.measured == first + 1
    there.take({**RECORDS, Spot(1, 1): whole(5)})  # the failed one was tried again: as many as before, but others
    there.grid(View())
    assert there.measured == first + 3


def test_variety_has_a_value_but_no_histogram() -> None:
    records = {Spot(0, at): whole(100, text) for at, text in enumerate("aab")}
    cell = chart({**records, Spot(1, 0): whole(1)}).grid(View("variety")).cell(0, 0)
    assert (cell.value, cell.shares) == ("50%", ())
    assert chart({Spot(1, 0): whole(1)}).grid(View("variety")).cell(0, 1).value == "—"


def test_the_lines_of_a_cell() -> None:
    there = {0: whole(100, "a\nb"), 1: FAILED, 2: whole(120, " a\nb "), 4: whole(80, "")}
    lines = repeats_of(METRICS["out"], None, 6, there, {}, {2})
    assert [line.sign for line in lines] == ["✓", "✗", "✓", "·", "✓", "·"]
    assert [line.value for line in lines] == ["100", "", "120", "", "80", ""]
    assert [line.text for line in lines[:4]] == ["a b", "Overloaded · try later", "a b", "queued"]
    assert lines[4].text == "end_turn"
    assert [(line.times, line.same_as) for line in lines[:3]] == [(2, 0), (1, 0), (2, 1)]
    assert [line.marked for line in lines] == [False, False, True, False, False, False]


@pytest.mark.parametrize(
    ("records", "count", "facts"),
    [
        ([], 8, ["0 of 8 runs"]),
        ([whole(10)], 1, ["1 run", "median 10 out", "$0.0100", "4.9s"]),
        (
            [whole(10, "a"), whole(20, "b"), FAILED],
            3,
            ["3 runs", "median 15 out", "$0.0150", "4.9s", "2 of 2 distinct", "1 failed"],
        ),
        ([whole(10), whole(20)], 8, ["2 of 8 runs", "median 15 out", "$0.0150", "4.9s", "1 of 2 distinct"]),
    ],
)
def test_the_facts_of_a_cell(records: list[RunRecord], count: int, facts: list[str]) -> None:
    assert [fact.text for fact in heading("x", records, count)[1]] == facts


@pytest.mark.parametrize(
    ("cost", "done", "every", "said"),
    [
        (None, 0, 120, ""),
        (Cost(), 3, 120, "cost unknown"),
        (Cost(Decimal("0.61"), Basis.EXACT), 107, 120, "$0.6100 of ≈$0.6841"),
        (Cost(Decimal("0.61"), Basis.EXACT), 120, 120, "$0.6100"),
        (Cost(Decimal("0.61"), Basis.AT_LEAST), 120, 120, "≥$0.6100"),
        (Cost(Decimal("1.00"), Basis.SIMULATED), 1, 4, "$1.00 of ≈$4.00 simulated"),
    ],
)
def test_what_it_costs(cost: Cost | None, done: int, every: int, said: str) -> None:
    assert progress.spent(cost, done, every) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1s"), (42, "42s"), (72, "1m12s"), (3600, "1h00m"), (11_101, "3h05m")]
)
def test_how_long_it_takes(seconds: float, said: str) -> None:
    assert progress.duration(seconds) == said


class Waiter:
    """A run as far as its waiting goes."""

    def __init__(self, phase: str, reason: str = "", until: float | None = None) -> None:
        from workbench.core.state import Phase, Queued, Waiting

        self.phase = Phase(phase)
        self.queued = Queued(reason, until) if phase == "queued" else None
        self.waiting = Waiting(1, Problem("Overloaded", status=529), 5.0, until or 0) if phase == "retrying" else None


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([], ()),
        ([Waiter("streaming")], ()),
        ([Waiter("queued")], ("1 waiting for its turn",)),
        ([Waiter("queued"), Waiter("queued")], ("2 waiting for their turn",)),
        (
            [Waiter("queued", "output tokens", 112.0), Waiter("queued", "output tokens", 120.0)],
            ("2 waiting on output tokens ↻12s",),
        ),
        ([Waiter("retrying", until=104.2), Waiter("queued")], ("1 waiting on 529 ↻5s", "1 waiting for its turn")),
    ],
)
def test_who_waits_for_what(runs: list[Any], said: tuple[str, ...]) -> None:
    assert progress.waiting(runs, 100.0) == said


# Answers, and what becomes of marks


def test_a_whole_answer_and_a_failed_one_as_a_conversation_shows_them() -> None:
    (answer,) = answers.entries("opus · T 1", Spot(3, 1), whole(10, "Hello."), None)
    assert (answer.text, answer.title) == ("Hello.", "opus · T 1 · 2")
    assert any("10 out" in fact.text for fact in answer.facts)
    (failed,) = answers.entries("opus · T 1", Spot(3, 0), FAILED, None)
    assert "Overloaded" in failed.text
    assert failed.tone == "problem"
    assert answers.entries("x", Spot(0, 0), None, None) == ()


def test_marked_cells_become_lanes_with_their_settings() -> None:
    session = Session(
        params=Params(model="claude-sonnet-4-6", max_tokens=100, temperature=0.3),
        systems=(System("s1", "One."), System("s2", "Two.")),
        lanes=(Lane("A", system="s1"),),
    )
    swept = made(read_axis("system=s2,"), read_axis("temperature=,1"), session=session)
    found = marks.as_lanes(session, session.lanes[0], swept, swept.cells)
    sent = [found.params_of(lane) for lane in found.lanes]
    assert [(each.system, each.temperature) for each in sent] == [("Two.", None), ("Two.", 1), (None, None), (None, 1)]
    assert found.lanes[0].system == "s2"
    assert cell_name(swept, swept.cells[0]) == "s2 · T —"


def test_marks_know_their_answers() -> None:
    found = marks.Marks()
    found.toggle(0)
    found.toggle(1, 1)
    found.toggle(4)
    found.toggle(0, 2)
    assert found.cells == (0, 1, 4)
    assert found.repeats(0) == {2}
    assert found.answers(RECORDS) == [Spot(0, 0), Spot(1, 1), Spot(0, 2)]
    found.toggle(0)
    assert found.spots == [Spot(1, 1), Spot(4, -1), Spot(0, 2)]


def test_the_wires_of_the_newest_runs_are_kept_and_no_others() -> None:
    there = {"r1": Wire()}
    wires = Wires(there)
    for number in range(WIRES + 20):
        wires(f"w1-{number}")
    assert len(there) == WIRES + 1
    assert {"r1", "w1-20", f"w1-{WIRES + 19}"} <= set(there)
    assert "w1-19" not in there
