"""The columns of the list of runs: a table of them, which of them fit, and how each draws a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from textual.content import Content

from workbench.core import run_list, stop_reasons
from workbench.core.params import BY_KEY
from workbench.core.run_list import Row
from workbench.core.state import State
from workbench.ui.ages import age
from workbench.ui.chat.parts import SHORT_NAMES
from workbench.ui.gauge import gauge, short
from workbench.ui.widgets.rows import one_line
from workbench.ui.wire.head import sign_of

NARROW: Final = 100
"""Cells below which one space between columns must do."""
BAR: Final = 5
"""Cells of the bar beside the time to first token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What drawing a row takes besides the row."""

    now: datetime
    slowest: float = 0.0
    """The longest time to first token of those shown, in seconds; 0 where none was timed, as in a batch."""
    keys: tuple[str, ...] = ()
    """The parameters that differ."""
    everywhere: bool = False
    """Whether other sessions' runs are shown too."""
    places: bool = False
    """Whether the lane or sweep says anything, because there are several."""
    coming: bool = False
    """Whether none was answered yet: they are with the server."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the one that takes what is left has the least width that makes sense."""

    key: str
    title: str
    width: int
    weight: int
    """What goes first when room is short: the lightest."""
    draw: Callable[[Row, Scene], Content]
    right: bool = False
    order: str = ""
    """What a click on its title sorts by."""
    wanted: Callable[[Scene], bool] = lambda scene: True
    rest: bool = False
    """Whether it takes the cells that are left."""
    ending: Callable[[Row], bool] = lambda row: False
    """Whether it is the end that counts, where there is not room for all."""


def _number(value: int | None, *, about: bool = False) -> Content:
    if value is None:
        return Content.styled("—", "$dim")
    return Content.styled(f"{'≈' if about else ''}{short(value)}", "$foreground")


def _age(row: Row, scene: Scene) -> Content:
    started = row.record.started
    if started is None:
        return Content.styled("—", "$dim")
    told = age(scene.now, started)
    return Content.styled(f"{started:%b %d}" if "-" in told else told, "$muted")


def _model(row: Row, scene: Scene) -> Content:
    del scene
    return Content.styled(one_line(row.record.model.removeprefix("claude-")) or "—", "$primary")


def _state(row: Row, scene: Scene) -> Content:
    return Content.styled("·", "$dim") if scene.coming else sign_of(row.record)


def _differs(row: Row, scene: Scene) -> Content:
    parts = []
    for key in scene.keys:
        label = SHORT_NAMES.get(key) or (BY_KEY[key].label if key in BY_KEY else key)
        parts.append(f"{label} {run_list.shown(row.record, key)}")
    return Content.styled(one_line(" ".join(parts)), "$accent")


def _ttft(row: Row, scene: Scene) -> Content:
    seconds = row.record.timings.first_token_s
    if seconds is None:
        return Content.styled("—".rjust(6), "$dim") + Content(" " * (BAR + 1))
    share = seconds / scene.slowest if scene.slowest else 0.0
    return Content.styled(f"{seconds:.2f}s".rjust(6), "$foreground") + Content(" ") + gauge(share, BAR, "$spark")


def _total(row: Row, scene: Scene) -> Content:
    del scene
    seconds = row.record.timings.total_s
    return Content.styled("—", "$dim") if seconds is None else Content.styled(f"{seconds:.1f}s", "$foreground")


def _rate(row: Row, scene: Scene) -> Content:
    del scene
    return Content.styled("—", "$dim") if row.rate is None else Content.styled(f"{row.rate:.0f}", "$foreground")


def _cost(row: Row, scene: Scene) -> Content:
    """Simulated money is marked with a word: nobody paid it."""
    del scene
    cost = row.record.cost
    if cost.usd is None:
        return Content.styled("—", "$dim")
    amount = Content.styled(str(cost).removesuffix(" simulated"), "$foreground")
    return amount + Content.styled(" sim", "$warning") if row.record.simulated else amount


def _tail(row: Row, scene: Scene) -> Content:
    """The end of the answer; without one, what went wrong, which tools it calls, or why it ended empty."""
    del scene
    problem = row.record.problem
    if not row.answer and problem is not None:
        return Content.styled(one_line(problem.title), "$error")
    called = [str(each.get("name", "")) for each in row.record.content if each.get("type") == "tool_use"]
    if not row.answer and called:
        return Content.styled(one_line(f"→ {', '.join(called)}"), "$soft")
    if not row.answer and row.record.state is State.COMPLETE:
        ended = stop_reasons.find(row.record.stop_reason)
        return Content.styled(one_line("empty" if ended.plain else ended.title), "$muted")
    return Content.styled(one_line(row.answer[-400:]), "$soft")


COLUMNS: Final[tuple[Column, ...]] = (
    Column("run", "run", 5, 72, lambda row, scene: Content.styled(one_line(row.record.id), "bold $foreground")),
    Column("age", "age", 6, 50, _age, order="started"),
    Column(
        "session",
        "session",
        18,
        85,
        lambda row, scene: Content.styled(one_line(row.session) or "untitled", "$muted"),
        wanted=lambda scene: scene.everywhere,
    ),
    Column(
        "spot",
        "lane",
        6,
        62,
        lambda row, scene: Content.styled(one_line(row.spot) or "—", "$muted"),
        order="lane",
        wanted=lambda scene: scene.places,
    ),
    Column("model", "model", 14, 86, _model, order="model"),
    Column("differs", "differs", 18, 84, _differs, wanted=lambda scene: bool(scene.keys)),
    Column("state", "", 1, 99, _state, order="state"),
    Column("in", "in", 6, 40, lambda row, scene: _number(row.input), right=True, order="in"),
    Column(
        "out",
        "out",
        6,
        92,
        lambda row, scene: _number(row.output, about=row.guessed),
        right=True,
        order="out",
    ),
    Column("ttft", "ttft", 7 + BAR, 60, _ttft, order="ttft", wanted=lambda scene: bool(scene.slowest)),
    Column("rate", "tok/s", 5, 30, _rate, right=True, order="rate", wanted=lambda scene: bool(scene.slowest)),
    Column("total", "total", 6, 35, _total, right=True, order="total", wanted=lambda scene: bool(scene.slowest)),
    Column("cost", "cost", 12, 90, _cost, right=True, order="cost"),
    Column("tail", "answer", 14, 70, _tail, rest=True, ending=lambda row: bool(row.answer)),
)


def fitted(scene: Scene, width: int, columns: Sequence[Column] = COLUMNS) -> tuple[Column, ...]:
    """The columns that fit in `width` cells, the least important gone; one takes what is left."""
    kept = [column for column in columns if column.wanted(scene)]
    gap = gap_of(width)
    while len(kept) > 1 and _width(kept, gap) > width:
        lightest = min(column.weight for column in kept)
        kept = [column for column in kept if column.weight != lightest]
    spare = width - _width(kept, gap)
    if spare > 0 and kept:
        takes = next((at for at, column in enumerate(kept) if column.rest), None)
        if takes is None:
            takes = max(range(len(kept)), key=lambda at: kept[at].width)
        kept[takes] = replace(kept[takes], width=kept[takes].width + spare)
    return tuple(kept)


def gap_of(width: int) -> int:
    return 1 if width < NARROW else 2


def _width(columns: Sequence[Column], gap: int) -> int:
    return sum(column.width for column in columns) + gap * (len(columns) - 1)


def cell(content: Content, column: Column, *, ending: bool = False) -> Content:
    """The content as wide as the column, cut at its end, or for `ending` at its beginning."""
    if content.cell_length > column.width and ending:
        content = content[-column.width :]
        while content.cell_length > column.width - 1:
            content = content[1:]
        content = Content("…") + content
    elif content.cell_length > column.width:
        content = content.truncate(column.width, ellipsis=True)
    room = column.width - content.cell_length
    return content.pad_left(room) if column.right else content.pad_right(room)


def header(columns: Sequence[Column], width: int, sorted_by: str, *, down: bool) -> Content:
    """The titles; the one that it is sorted by says in which direction."""
    cells = []
    for column in columns:
        sign = ("▾" if down else "▴") if column.order and column.order == sorted_by else ""
        style = "bold $accent" if sign else "$heading"
        cells.append(cell(Content.styled(f"{column.title}{sign}", style), column))
    return _beside(cells, gap_of(width))


def draw(row: Row, columns: Sequence[Column], scene: Scene, width: int) -> Content:
    """One run."""
    cells = [cell(column.draw(row, scene), column, ending=column.ending(row)) for column in columns]
    return _beside(cells, gap_of(width))


def _beside(cells: Sequence[Content], gap: int) -> Content:
    space = Content(" " * gap)
    return Content.assemble(*(piece for each in cells for piece in (space, each)))[gap:]


def column_at(columns: Sequence[Column], x: int, width: int) -> Column | None:
    """The column under a cell."""
    left = 0
    for column in columns:
        if left <= x < left + column.width + gap_of(width):
            return column
        left += column.width + gap_of(width)
    return None
