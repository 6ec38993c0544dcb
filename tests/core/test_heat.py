"""Heat: equal parts of one scale, and medians along both sides of a grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.heat import STEPS, Scale, column_medians, row_medians
from workbench.core.metrics import Summary


def cell(middle: float | None, low: float | None = None, high: float | None = None) -> Summary:
    ends = (middle if low is None else low, middle if high is None else high)
    return Summary(0 if middle is None else 3, middle, *ends)


@pytest.mark.parametrize(
    ("cells", "scale"),
    [
        ([], None),
        ([cell(None), cell(None)], None),
        ([cell(5)], Scale(5, 5)),
        ([cell(5, 2, 9), cell(None), cell(6, 4, 12)], Scale(2, 12)),
    ],
)
def test_the_scale_holds_every_run(cells: list[Summary], scale: Scale | None) -> None:
    assert Scale.of(cells) == scale


@pytest.mark.parametrize(
    ("value", "step"),
    [(0, 1), (9.9, 1), (10, 2), (29.9, 3), (30, 4), (45, 5), (50, 6), (60, 6), (-1, 1), (99, 6)],
)
def test_each_step_is_an_equal_part(value: float, step: int) -> None:
    assert Scale(0, 60).step(value) == step


def test_a_scale_without_length_is_lukewarm() -> None:
    assert Scale(7, 7).step(7) == 4


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_more_is_never_colder(low: float, length: float, value: float, more: float) -> None:
    scale = Scale(low, low + length)
    assert 1 <= scale.step(value) <= scale.step(value + more) <= STEPS


GRID = [[cell(1), cell(2), cell(9)], [cell(3), cell(None), cell(None)], [cell(None), cell(None), cell(None)]]


def test_the_medians_of_rows_and_columns() -> None:
    assert row_medians(GRID) == (2, 3, None)
    assert column_medians(GRID) == (2, 2, 9)
    assert row_medians([]) == column_medians([]) == ()
