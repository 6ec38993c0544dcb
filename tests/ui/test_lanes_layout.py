"""How many lanes stand where, in which room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.lanes import layout
from workbench.ui.lanes.layout import GAP, LANE, MOST, Shape, shape

CHROME = 4
"""Rows above and below the view: top line, prompt, status, keys."""


@pytest.mark.parametrize(
    ("lanes", "terminal", "expected"),
    [
        (1, (80, 24), Shape("zoom")),
        (2, (120, 40), Shape("grid", 2, 1)),
        (3, (120, 40), Shape("grid", 2, 2)),
        (4, (120, 40), Shape("grid", 2, 2)),
        (5, (120, 40), Shape("list", 1, 5)),
        (8, (120, 40), Shape("list", 1, 8)),
        (2, (200, 60), Shape("grid", 2, 1)),
        (3, (200, 60), Shape("grid", 3, 1)),
        (4, (200, 60), Shape("grid", 4, 1)),
        (5, (200, 60), Shape("grid", 3, 2)),
        (8, (200, 60), Shape("grid", 4, 2)),
        (9, (200, 60), Shape("list", 1, 9)),
        (9, (600, 200), Shape("list", 1, 9)),
        (2, (80, 24), Shape("list", 1, 2)),
        (8, (80, 24), Shape("list", 1, 8)),
        (30, (80, 24), Shape("list", 1, 10)),
        (2, (80, 40), Shape("grid", 1, 2)),
        (8, (40, 10), Shape("list", 1, 2)),
    ],
)
def test_the_fewest_rows_that_give_every_lane_room(lanes: int, terminal: tuple[int, int], expected: Shape) -> None:
    width, height = terminal
    header = layout.head_lines(height)
    assert shape(lanes, width, height - CHROME - header - (height >= layout.FULL_HEAD)) == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("auto", Shape("list", 1, 2)),
        ("grid", Shape("grid", 2, 1)),
        ("list", Shape("list", 1, 2)),
        ("zoom", Shape("zoom")),
    ],
)
def test_a_choice_wins_where_it_can_be_had(mode: layout.Mode, expected: Shape) -> None:
    assert shape(2, 80, 18, mode) == expected
    assert shape(2, 20, 5, "grid").kind == "list"


@pytest.mark.parametrize(("rows", "expected"), [(10, 1), (15, 1), (16, 2), (24, 2), (29, 2), (30, 3), (60, 3)])
def test_a_low_terminal_has_fewer_lines_of_header(rows: int, expected: int) -> None:
    assert layout.head_lines(rows) == expected


@given(st.integers(0, 20), st.integers(0, 400), st.integers(0, 120))
def test_no_lane_of_a_grid_is_smaller_than_promised(lanes: int, width: int, height: int) -> None:
    found = shape(lanes, width, height)
    if found.kind == "grid":
        assert found.columns * found.rows >= lanes
        assert lanes <= MOST
        assert (width - GAP * (found.columns - 1)) // found.columns >= LANE[0]
        assert (height - GAP * (found.rows - 1)) // found.rows >= LANE[1]
    elif found.kind == "list":
        assert 1 <= found.rows <= lanes


@pytest.mark.parametrize(("at", "by", "expected"), [(0, 1, 1), (3, 1, 0), (0, -1, 3)])
def test_after_the_last_lane_comes_the_first(at: int, by: int, expected: int) -> None:
    assert layout.stepped(4, at, by) == expected
    assert layout.stepped(0, 0, by) == 0
