"""The columns of the list of runs, and the highlighted run below it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.content import Content

from tests.core.test_run_list import record
from tests.ui.story import NOON
from workbench.core.errors import Problem
from workbench.core.record import Timings
from workbench.core.run_list import Row
from workbench.core.state import State
from workbench.ui.runs import columns, preview
from workbench.ui.runs.columns import COLUMNS, Scene

CALLS: tuple[dict[str, Any], ...] = tuple(
    {"type": "tool_use", "id": "t", "name": name, "input": {}} for name in ("find_order", "\x1b[0m")
)
SCENE = Scene(now=NOON, slowest=1.0, keys=("temperature",), everywhere=False, places=True)


def keys(width: int, scene: Scene = SCENE) -> list[str]:
    return [column.key for column in columns.fitted(scene, width)]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (200, "run age spot model differs state in out ttft rate total cost tail"),
        (116, "run age spot model differs state out ttft cost tail"),
        (76, "run model differs state out cost tail"),
        (36, "model state out cost"),
        (1, "state"),
    ],
)
def test_what_matters_least_goes_first(width: int, expected: str) -> None:
    assert keys(width) == expected.split()


def test_a_column_that_says_nothing_is_not_there() -> None:
    assert "session" not in keys(200)
    assert "session" in keys(200, replace(SCENE, everywhere=True))
    assert {"differs", "spot"} & set(keys(200, replace(SCENE, keys=(), places=False))) == set()


@pytest.mark.parametrize("width", [36, 60, 76, 99, 100, 116, 160, 198])
@pytest.mark.parametrize(
    "row",
    [
        Row(record(1), answer="The last words of a long answer." * 9),
        Row(record(2, model="模型" * 20, params={"temperature": 0.123456}), answer="答" * 90),
        Row(record(3, usage={}, timings=Timings(), started=None, cost_usd=None, model="", params={})),
    ],
)
def test_every_row_is_exactly_as_wide_as_the_list(row: Row, width: int) -> None:
    fitted = columns.fitted(SCENE, width)
    assert columns.draw(row, fitted, SCENE, width).cell_length == width
    assert columns.header(fitted, width, "cost", down=True).cell_length == width


def cell(key: str, row: Row, scene: Scene = SCENE) -> str:
    column = next(each for each in COLUMNS if each.key == key)
    return column.draw(row, scene).plain


REFUSED = record(4, state=State.REJECTED, problem=Problem("Rate limited", "Wait."), usage={}, cost_usd=None)
CUT = replace(REFUSED, state=State.INTERRUPTED)


@pytest.mark.parametrize(
    ("key", "row", "expected"),
    [
        ("age", Row(record(1, started=NOON - timedelta(hours=3))), "3h"),
        ("age", Row(record(1, started=NOON - timedelta(days=90))), "Aug 24"),
        ("spot", Row(record(1, extra={"sweep": "w1", "repeat": 1})), "w1·2"),
        ("differs", Row(record(1, params={"temperature": 0.7})), "T 0.70"),
        ("differs", Row(record(1, params={})), "T —"),
        ("state", Row(record(1, stop_reason="end_turn")), "✓"),
        ("state", Row(record(1, stop_reason="max_tokens")), "…"),
        ("state", Row(record(1, state=State.CANCELLED)), "!"),
        ("state", Row(REFUSED), "✗"),
        ("out", Row(record(1, state=State.INTERRUPTED)), "≈10"),
        ("ttft", Row(record(1)), " 0.50s ━━╸──"),
        ("cost", Row(record(1)), "$0.0100"),
        ("cost", Row(record(1, cost_basis="at_least")), "≥$0.0100"),
        ("cost", Row(record(1, cost_basis="simulated")), "$0.0100 sim"),
        ("cost", Row(REFUSED), "—"),
        ("tail", Row(REFUSED), "Rate limited"),
        ("tail", Row(record(1), answer="two\n lines \x1b[0m"), "two lines ␛[0m"),
        ("tail", Row(record(1, content=CALLS)), "→ find_order, ␛[0m"),
        ("tail", Row(record(1, content=CALLS), answer="Wait."), "Wait."),
        ("tail", Row(record(1, stop_reason="refusal")), "refused"),
        ("tail", Row(record(1, stop_reason="end_turn")), "empty"),
    ],
)
def test_what_a_cell_says(key: str, row: Row, expected: str) -> None:
    assert cell(key, row) == expected


def test_the_end_of_an_answer_is_what_shows() -> None:
    tail = next(each for each in COLUMNS if each.key == "tail")
    assert columns.cell(Content("It ends so."), replace(tail, width=8), ending=True).plain == "…nds so."
    assert columns.cell(Content("答答答答"), replace(tail, width=6), ending=True).plain == "…答答 "


def test_a_click_finds_its_column() -> None:
    fitted = columns.fitted(SCENE, 116)
    assert [getattr(columns.column_at(fitted, x, 116), "key", None) for x in (0, 7, 15, 115, 400)] == [
        *("run", "age", "spot", "tail", None),
    ]


def test_the_highlighted_run_is_a_question_and_its_answer() -> None:
    thinking = ({"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Yes."})
    found = preview.entries(Row(record(1, content=thinking), prompt="Is it?", answer="Yes."))
    assert [(each.role, each.text) for each in found] == [("user", "Is it?"), ("assistant", "Yes.")]
    assert [fold.title for fold in found[1].folds] == ["thinking"]


@pytest.mark.parametrize(
    ("row", "roles"),
    [
        (Row(REFUSED, prompt="Is it?"), ["user", "problem"]),
        (Row(record(1)), ["assistant"]),
        (Row(replace(record(1), state=None)), ["problem"]),
        (
            Row(replace(REFUSED, state=State.INTERRUPTED), prompt="Is it?", answer="Ye"),
            ["user", "assistant", "problem"],
        ),
    ],
)
def test_what_went_wrong_is_said_below(row: Row, roles: list[str]) -> None:
    assert [each.role for each in preview.entries(row)] == roles
