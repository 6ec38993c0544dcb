"""The table at the end of a sweep: aligned, within 80 columns, and only what is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from workbench.cli.sweep_table import write
from workbench.cli.table import width
from workbench.core.metrics import METRICS
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.state import State
from workbench.core.sweep import Axis, Sweep, read_axis
from workbench.core.sweep_plan import Plan, Spot, plan

GROUND = Session(params=Params(model="claude-haiku-4-5", max_tokens=100), prompt="hi")
OUT = METRICS["out"]


def made(*axes: str, repeats: int = 3) -> Plan:
    return plan(GROUND, Sweep(axes=tuple(map(read_axis, axes)), repeats=repeats))


def answer(out: int, text: str = "") -> RunRecord:
    return RunRecord(state=State.COMPLETE, text=text, usage={"input_tokens": 1, "output_tokens": out})


def answers(grid: Plan, by_cell: Mapping[int, tuple[int, ...]]) -> dict[Spot, RunRecord]:
    return {Spot(cell, at): answer(out) for cell, outs in by_cell.items() for at, out in enumerate(outs)}


def test_rows_columns_and_medians() -> None:
    grid = made("model=claude-haiku-4-5,claude-sonnet-4-6", "temperature=0,1")
    records = answers(grid, {0: (10, 10, 10), 1: (1100, 1000, 1200), 2: (30, 40)})
    records[Spot(2, 2)] = RunRecord(state=State.REJECTED)
    assert write(grid, records, OUT) == (
        "out tokens, median of 3 answers each; ×n of n; ✗n: n failed\n"
        "±: half the distance between the quartiles, as a share of the median\n"
        "\n"
        "model ╲ temperature             0          1  median\n"
        "haiku-4-5                  10 ±0%  1 100 ±5%     555\n"
        "sonnet-4-6           35 ±7% ×2 ✗1          —      35\n"
        "median                         22      1 100\n"
    )


def test_one_axis_is_one_row_without_medians_of_columns() -> None:
    grid = made("temperature=0,0.5,", repeats=1)
    assert write(grid, answers(grid, {0: (10,), 1: (20,), 2: (60,)}), OUT) == (
        "out tokens, one answer each\n\ntemperature   0  0.5   —  median\n             10   20  60      20\n"
    )


def test_one_value_is_one_cell() -> None:
    grid = made("temperature=0", repeats=1)
    assert (
        write(grid, answers(grid, {0: (10,)}), OUT)
        == "out tokens, one answer each\n\ntemperature   0\n             10\n"
    )


def test_three_axes_have_two_in_the_rows() -> None:
    grid = made("model=a,b", "top_k=1,2", "temperature=0,1", repeats=1)
    lines = write(grid, answers(grid, {3: (7,)}), OUT).splitlines()
    assert [line.split("  ")[0] for line in lines[2:]] == [
        *("model · top k ╲ temperature", "a · 1", "a · 2", "b · 1", "b · 2", "median")
    ]


def test_a_metric_of_groups_is_of_all_answers() -> None:
    grid = made("temperature=0,1", repeats=2)
    records = {
        Spot(0, 0): answer(1, "a"),
        Spot(0, 1): answer(1, "a"),
        Spot(1, 0): answer(1, "a"),
        Spot(1, 1): answer(1, "b"),
    }
    assert write(grid, records, METRICS["variety"]) == (
        "variety, of 2 answers each\n\ntemperature   0     1  median\n             0%  100%     50%\n"
    )


@pytest.mark.parametrize("number", [1, 4, 9, 40])
def test_it_fits_80_columns_and_no_column_is_lost(number: int) -> None:
    values = tuple(f"A system prompt of which there are many {at} 漢字漢字" for at in range(3))
    grid = plan(
        GROUND, Sweep(axes=(Axis("system", values), Axis("max_tokens", tuple(range(1, number + 1)))), repeats=2)
    )
    records = answers(grid, {cell.index: (1_234_567, 1_300_000) for cell in grid.cells})
    lines = write(grid, records, METRICS["out"]).splitlines()
    assert all(width(line) <= 80 for line in lines)
    heads = [word for line in lines if line.startswith("system prompt ╲") or "╲" in line for word in line.split()[1:]]
    assert [word for word in heads if word.isdecimal()] == [str(at) for at in range(1, number + 1)]


def test_nothing_known_yet_is_a_table_of_dashes() -> None:
    grid = made("temperature=0,1")
    assert write(grid, {}, OUT).splitlines()[2:] == ["temperature  0  1  median", "             —  —       —"]
