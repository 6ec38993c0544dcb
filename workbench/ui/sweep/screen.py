"""The Sweep screen: a heat map of settings, the repeats of the chosen cell, the chosen answer in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import getters, on
from textual.app import ComposeResult

from workbench.core.metrics import METRICS
from workbench.core.sweep import Sweep, SweepError
from workbench.core.sweep_plan import Cell
from workbench.ui.board import Board
from workbench.ui.chat.handlers import beyond
from workbench.ui.meters import SPINNER, Meters
from workbench.ui.sweep import axes, defining, empty, hints, progress, reading, sending
from workbench.ui.sweep.cell_pane import CellPane
from workbench.ui.sweep.chart import Chart, View
from workbench.ui.sweep.head import SweepHead
from workbench.ui.sweep.heat_map import HeatGrid, HeatMap
from workbench.ui.sweep.marks import Marks
from workbench.ui.sweep.repeats import Repeats
from workbench.ui.sweep.sweeping import Sweeping, standing

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.screen import Chat

FRAME_S: Final = 0.25
"""Seconds between two looks at what came."""
STEPS: Final = ("map", "repeats", "answer")
"""The panes from the whole to the part: enter goes down, esc comes back."""


class SweepScreen(Board):
    """Shows the sweep that stands in the session; what it does is in `sending`, `axes` and `marks`."""

    TAB = "sweep"
    WORDS: ClassVar[Mapping[str, str]] = hints.WORDS
    CSS_PATH: ClassVar[Path] = Path(__file__).parent / "sweep.tcss"
    AUTO_FOCUS = "#map"

    map = getters.query_one("#map", HeatMap)
    pane = getters.query_one("#below", CellPane)

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self.sweep_id: str | None = None
        """Which sweep is looked at; the last one until another was chosen."""
        self.look = View()
        self.marks = Marks()
        self.chart: Chart | None = None
        self.sweeping: Sweeping | None = None
        self.problem = ""
        """Why the sweep can't be worked out."""
        self.note = ""
        """What is being done before anything is sent."""
        self.spins = cycle(SPINNER)
        self.shown: tuple[object, ...] = ()
        """What the map was drawn from."""

    def content(self) -> ComposeResult:
        yield SweepHead(id="head")
        yield empty.Empty(id="empty")
        yield HeatMap(id="map")
        yield CellPane(id="below")

    def begin(self) -> None:
        self.set_interval(FRAME_S, self.draw_frame)
        self.run_worker(self._load(), group="commands")

    async def _load(self) -> None:
        """What the file beside the session holds, before anything is said to be missing."""
        from workbench.ui.chat import results

        await results.read(self.chat)
        self.show()

    # What it shows

    def metered(self) -> Meters:
        strip = super().metered()
        return progress.meters(strip, self.sweeping) if self.sweeping is not None else strip

    def hinted(self) -> tuple[str, ...]:
        return hints.commands(self)

    @property
    def sweep(self) -> Sweep | None:
        return defining.chosen(self.session, self.sweep_id)

    def choose(self, sweep_id: str) -> None:
        """Look at another sweep."""
        self.sweep_id = sweep_id
        self.show()

    def show(self) -> None:
        self._find()
        there = self.sweeping is not None
        self.set_class(not there, "-nothing")
        self.show_keys()
        if self.sweeping is None:
            self.query_one(empty.Empty).say(empty.said(self.chat, self.sweep, self.problem))
            return
        made = (
            self.sweeping,
            self.sweeping.sweeper.changed,
            self.sweeping.going,
            self.look,
            self.marks.cells,
        )
        if made != self.shown:
            self.shown = made
            self.show_map()
        elif self.sweeping.live:
            self.show_cell()
        self.show_head()

    def draw_frame(self) -> None:
        """What came since the last time; the map only where an answer ended or began."""
        if self.sweeping is not None and self.sweeping.active:
            self.show()

    def _find(self) -> None:
        sweep, self.problem = self.sweep, ""
        self.sweeping = self.chat.sweeping if self.chat.sweeping_now else None
        if self.sweeping is not None:
            pass  # whatever became of its definition
        elif sweep is not None and not sweep.axes and "axes" not in sweep.extra:
            self.problem = f"Sweep {sweep.id} has no axis yet."
        elif sweep is not None:
            try:
                self.sweeping = standing(self.chat, sweep)
            except SweepError as error:
                self.problem = str(error)
        plan = self.sweeping.plan if self.sweeping is not None else None
        if plan is None:
            self.chart = None
        elif self.chart is None or self.chart.plan is not plan:
            self.chart = Chart(plan)
            self.marks = Marks()

    def show_map(self) -> None:
        """The map from what came so far, and what hangs on its cursor."""
        if self.chart is None or self.sweeping is None:
            self.map.show(HeatGrid())
            return
        self.chart.take(self.sweeping.records, self.sweeping.going, self.sweeping.besides)
        view = replace(self.look, spin=next(self.spins))
        self.map.show(self.chart.grid(view, self.marks.cells))
        self.show_cell()

    def show_head(self) -> None:
        if self.sweeping is not None and self.chart is not None:
            head = progress.head(self.chat, self.sweeping, METRICS[self.look.metric], self.chart.scale)
            now = replace(head.progress, said=self.note, tone="primary") if self.note else head.progress
            self.query_one(SweepHead).head = replace(head, progress=now)

    @on(HeatMap.Moved)
    def show_cell(self) -> None:
        """The cell under the cursor."""
        if self.chart is not None and self.sweeping is not None:
            self.pane.show(self.sweeping, self.chart, self.cell, self.look.metric, self.marks)

    # Where one is

    @property
    def cell(self) -> Cell:
        assert self.chart is not None
        return self.chart.at(self.map.row, self.map.column, self.look)

    @property
    def record(self) -> RunRecord | None:
        """The chosen answer's, once it has ended."""
        spot = self.pane.spot
        return self.sweeping.records.get(spot) if self.sweeping is not None and spot is not None else None

    @property
    def step(self) -> int:
        """How deep the focus is, from the map."""
        name = self.focused.id if self.focused is not None else "map"
        return STEPS.index(name) if name in STEPS else 0

    # Commands

    @on(HeatMap.Opened)
    @on(Repeats.Chosen)
    def do_enter(self) -> None:
        if self.sweeping is not None:
            self.query_one(f"#{STEPS[min(self.step + 1, len(STEPS) - 1)]}").focus()

    def do_back(self) -> None:
        if self.map.whole:
            self.do_zoom()
        elif self.step:
            self.query_one(f"#{STEPS[self.step - 1]}").focus()
        else:
            super().do_back()

    def do_leave(self) -> None:
        self.do_back()

    def do_zoom(self) -> None:
        """All the room for the map, and back."""
        self.map.zoom(whole=not self.map.whole)
        self.set_class(self.map.whole, "-zoomed")
        self.map.focus()

    def do_raw(self) -> None:
        """The next metric; in the answer raw or Markdown."""
        if self.step == STEPS.index("answer"):
            self.pane.answer.raw = not self.pane.answer.raw
            return
        keys = list(METRICS)
        self._metric(keys[(keys.index(self.look.metric) + 1) % len(keys)])

    @on(SweepHead.Metric)
    def _chosen_metric(self, event: SweepHead.Metric) -> None:
        self._metric(event.key)

    def _metric(self, key: str) -> None:
        self.look = replace(self.look, metric=key)
        self.show()

    def do_transpose(self) -> None:
        """Rows for columns; the cursor stays on its cell."""
        self.look = replace(self.look, transposed=not self.look.transposed)
        self.map.row, self.map.column = self.map.column, self.map.row
        self.show()

    def do_fold(self) -> None:
        """Mark the cell, or the answer, or take the mark away; thinking opens and closes in the answer."""
        if self.step == STEPS.index("answer"):
            self.pane.answer.fold()
        elif self.chart is not None:
            if self.step and self.pane.spot is not None:
                self.marks.toggle(self.pane.spot.cell, self.pane.spot.repeat)
            else:
                self.marks.toggle(self.cell.index)
            self.show()

    async def do_run(self) -> None:
        await sending.start(self)

    async def do_rerun(self) -> None:
        await sending.retry(self)

    async def do_batch_it(self) -> None:
        """What is missing goes as a message batch, at half the price."""
        await beyond("batch_sweep")(self)

    def do_pause(self) -> None:
        sending.pause(self)

    async def do_undo(self) -> None:
        await self.chat.do("undo")
        self.show()

    async def do_redo(self) -> None:
        await self.chat.do("redo")
        self.show()

    def do_stop(self) -> None:
        reading.stop(self)

    async def do_add(self) -> None:
        await axes.menu(self.chat, self.sweep, self.choose)

    async def do_unset(self) -> None:
        if self.sweep is not None and self.sweep.axes:
            await axes.remove(self.chat, self.sweep)
            self.show()

    def do_diff(self) -> None:
        reading.diff(self)

    async def do_view(self) -> None:
        await reading.compare(self)

    def do_copy(self) -> None:
        reading.copy(self)

    def do_wire(self) -> None:
        reading.wire(self)
