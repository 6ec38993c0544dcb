"""The heat map: what a cell says without colour, how it is laid out, and that only what is in sight is drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.ui.host import HOSTILE, seen
from workbench.ui.sweep.heat_cell import HeatCell, bars_of, lines
from workbench.ui.sweep.heat_layout import arrange, scrolled
from workbench.ui.sweep.heat_map import HeatGrid, HeatMap
from workbench.ui.textual_theme import textual_theme, variable_defaults
from workbench.ui.themes import Themes

FULL = HeatCell("487", 3, (0.0, 0.5, 0.5, 1.0), "±6%")
HALF = HeatCell("1 204", 6, (0.9, 0.9, 1.0), "3/8 ⠹", failed=2)


def drawn(cell: HeatCell, width: int, height: int, cursor: str = "") -> list[str]:
    made = lines(cell, width, height, cursor)
    assert all(line.cell_length == width for line in made)
    return [line.plain for line in made]


@pytest.mark.parametrize(
    ("cell", "height", "cursor", "text"),
    [
        (FULL, 3, "", ["       487        ", "  ▃▃    ▇▇    ▃▃  ", "       ±6%        "]),
        (FULL, 3, "$accent", ["▌      487       ▐", "▌ ▃▃    ▇▇    ▃▃ ▐", "▌      ±6%       ▐"]),
        (FULL, 2, "", ["     487 ±6%      ", "  ▃▃    ▇▇    ▃▃  "]),
        (FULL, 1, "", [" 487 ±6%  ▃  ▇ ▃  "]),
        (HALF, 3, "", ["     1 204 ✗2     ", "              ▇▇  ", "      3/8 ⠹       "]),
        (HALF, 1, "", ["  1 204 3/8 ⠹ ✗2  "]),
        (HeatCell(queued=True), 3, "", ["      queued      ", "      · · ·       ", "                  "]),
        (HeatCell(queued=True), 1, "", ["      · · ·       "]),
        (HeatCell(note="0/8 ⠹"), 3, "", ["                  ", "      0/8 ⠹       ", "                  "]),
        (HeatCell(note="0/8 ⠹"), 2, "", ["      0/8 ⠹       ", "                  "]),
        (HeatCell(failed=8, note="8/8"), 1, "", ["      8/8 ✗8      "]),
        (HeatCell("9", 1, (0.0,), marked=True), 2, "$accent", ["▌◆      9        ▐", "▌ ▇▇             ▐"]),
    ],
)
def test_a_cell_is_legible_without_colour(cell: HeatCell, height: int, cursor: str, text: list[str]) -> None:
    assert drawn(cell, 18, height, cursor) == text


@pytest.mark.parametrize("width", range(1, 20))
@pytest.mark.parametrize("height", [1, 2, 3])
@pytest.mark.parametrize("cell", [FULL, HALF, HeatCell(queued=True, marked=True), HeatCell()])
def test_a_cell_fills_its_room_however_little(cell: HeatCell, width: int, height: int) -> None:
    if width > 2:
        assert len(drawn(cell, width, height)) == height


def test_a_narrow_cell_gives_up_the_spread_before_the_failures_and_the_median_last() -> None:
    assert [drawn(HALF, width, 2)[0].strip() for width in (17, 12, 9)] == ["1 204 3/8 ⠹ ✗2", "1 204 ✗2", "1 204"]


def test_the_tallest_bar_fills_the_height_and_none_that_counts_is_lost() -> None:
    bars = bars_of(HeatCell(shares=(0.1, *[0.6] * 20)), 10)
    assert bars.count("▇") == 1
    assert bars.count("▁") == 1


@pytest.mark.parametrize(
    ("size", "rows", "tall", "cell", "lines_", "gap", "seen_", "foot"),
    [
        ((118, 17), (3, 5), True, 18, 3, 1, (3, 5), True),
        ((118, 17), (3, 5), False, 18, 2, 1, (3, 5), True),
        ((78, 10), (3, 5), False, 12, 2, 1, (3, 5), False),
        ((118, 17), (8, 5), True, 18, 2, 0, (8, 5), False),
        ((118, 17), (40, 25), True, 11, 1, 0, (15, 8), True),
        ((38, 4), (40, 25), False, 14, 1, 0, (3, 2), False),
        ((118, 17), (1, 3), True, 24, 3, 1, (1, 3), False),
    ],
)
def test_the_largest_cells_that_have_room(
    size: tuple[int, int],
    rows: tuple[int, int],
    tall: bool,
    cell: int,
    lines_: int,
    gap: int,
    seen_: tuple[int, int],
    foot: bool,
) -> None:
    made = arrange(*size, *rows, 10, tall=tall)
    assert (made.cell, made.lines, made.gap, (made.rows, made.columns), made.foot) == (cell, lines_, gap, seen_, foot)


@given(
    st.integers(1, 240),
    st.integers(2, 60),
    st.integers(1, 1000),
    st.integers(1, 200),
    st.integers(0, 60),
    st.booleans(),
)
def test_a_layout_never_needs_more_lines_than_there_are(
    width: int, height: int, rows: int, columns: int, longest: int, tall: bool
) -> None:
    made = arrange(width, height, rows, columns, longest, tall=tall)
    assert 1 <= made.rows <= rows
    assert 1 <= made.columns <= columns
    assert made.height <= height
    assert made.columns == 1 or made.head + made.columns * (made.cell + 1) <= width + 1


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 30))
def test_the_cursor_is_always_in_sight(first: int, at: int, seen_: int) -> None:
    found = scrolled(first, at, seen_, 100)
    assert 0 <= found <= at < found + seen_
    assert found == first or not first <= at < first + seen_ or first + seen_ > 100


class Stage(App[None]):
    """One map, and the moves it told of."""

    def __init__(self, grid: HeatGrid) -> None:
        super().__init__()
        self.grid, self.moves = grid, 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield HeatMap()

    def on_mount(self) -> None:
        self.register_theme(textual_theme(Themes().load().theme))
        self.theme = "nightshift"
        self.query_one(HeatMap).show(self.grid)

    def on_heat_map_moved(self) -> None:
        self.moves += 1


def grid(rows: int, columns: int) -> HeatGrid:
    def cell(row: int, column: int) -> HeatCell:
        return HeatCell(f"{row * columns + column}", 1 + (row + column) % 6, (0.2, 0.3), "±1%")

    names = tuple(f"model-{at}" for at in range(rows))
    heads = tuple(f"T {at}" for at in range(columns))
    return HeatGrid(names, heads, tuple(map(str, range(rows))), tuple(map(str, range(columns))), cell)


@asynccontextmanager
async def stage(made: HeatGrid, size: tuple[int, int]) -> AsyncIterator[tuple[Pilot[None], HeatMap]]:
    app = Stage(made)
    async with app.run_test(size=size) as pilot:
        heat = app.query_one(HeatMap)
        heat.focus()
        await pilot.pause()
        yield pilot, heat


@pytest.mark.parametrize(
    ("size", "lines_", "columns"), [((120, 40), 3, 5), ((80, 24), 2, 5), ((200, 60), 3, 5), ((40, 10), 1, 2)]
)
async def test_the_map_at_four_sizes(size: tuple[int, int], lines_: int, columns: int) -> None:
    async with stage(grid(3, 5), size) as (pilot, heat):
        assert heat.layout_.lines == lines_
        assert heat.layout_.columns == columns
        shown = seen(pilot)
        assert "T 0" in shown
        assert all(f"model-{at}" in shown for at in range(3))
        assert "▌" in shown
        assert "▐" in shown


@pytest.mark.drawn
async def test_a_thousand_cells_are_drawn_only_where_they_are_seen() -> None:
    async with stage(grid(40, 25), (120, 40)) as (pilot, heat):
        room = heat.layout_.rows * heat.layout_.columns
        assert room < 200
        before = heat.drawn
        heat.show(grid(40, 25))
        await pilot.pause()
        assert 0 < heat.drawn - before <= room


async def test_the_map_scrolls_both_ways_and_says_what_is_out_of_sight() -> None:
    async with stage(grid(40, 25), (120, 40)) as (pilot, heat):
        assert "↓" in seen(pilot)
        assert "↑" not in seen(pilot)
        heat.do_last()
        await pilot.pause()
        shown = seen(pilot)
        assert (heat.row, heat.column) == (39, 24)
        assert "999" in shown
        assert "model-39" in shown
        assert "T 24" in shown
        assert "↑" in shown
        heat.do_first()
        await pilot.pause()
        assert (heat.first_row, heat.first_column) == (0, 0)


async def test_the_cursor_moves_tells_of_it_and_stops_at_the_edges() -> None:
    async with stage(grid(3, 5), (120, 40)) as (pilot, heat):
        app = pilot.app
        assert isinstance(app, Stage)
        for move in (heat.do_next, heat.do_more, heat.do_more, heat.do_less, heat.do_previous, heat.do_previous):
            move()
        await pilot.pause()
        assert (heat.row, heat.column) == (0, 1)
        assert app.moves == 5


async def test_a_click_goes_to_a_cell_and_a_second_opens_it() -> None:
    async with stage(grid(3, 5), (120, 40)) as (pilot, heat):
        layout = heat.layout_
        await pilot.click(HeatMap, offset=(layout.head + layout.cell + 3, 1 + layout.pitch))
        assert (heat.row, heat.column) == (1, 1)
        await pilot.click(HeatMap, offset=(layout.head - 2, 1))
        assert (heat.row, heat.column) == (1, 1)


async def test_a_smaller_grid_keeps_the_cursor_in_it() -> None:
    async with stage(grid(40, 25), (120, 40)) as (pilot, heat):
        heat.do_last()
        heat.show(grid(2, 2))
        await pilot.pause()
        assert (heat.row, heat.column) == (1, 1)
        assert "model-0" in seen(pilot)


async def test_names_from_outside_are_only_text() -> None:
    made = HeatGrid((HOSTILE,), (HOSTILE,), ("",), ("",), lambda row, column: HeatCell("1", 1))
    async with stage(made, (120, 40)) as (pilot, _):
        assert "\x1b" not in seen(pilot)
        assert "[/red]" in seen(pilot)
