"""Below the map: the chosen cell's heading, its repeats, and the chosen answer in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from workbench.core.facts import Fact
from workbench.core.metrics import METRICS
from workbench.core.sweep_plan import Spot
from workbench.ui.fit import Part, fit
from workbench.ui.sweep import answers
from workbench.ui.sweep.naming import cell_name
from workbench.ui.sweep.repeats import Repeats, heading, repeats_of
from workbench.ui.widgets.chat_view import ChatView
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from workbench.core.sweep_plan import Cell
    from workbench.ui.sweep.chart import Chart
    from workbench.ui.sweep.marks import Marks
    from workbench.ui.sweep.sweeping import Sweeping


class CellLine(Line):
    """The cell's name and its facts; what doesn't fit goes, the least important first."""

    named: reactive[tuple[str, tuple[Fact, ...]]] = reactive(("", ()))

    def draw(self, width: int) -> Content:
        name, facts = self.named
        title = Content.styled(one_line(name) + "   ", "bold $foreground")
        parts = [Part(Content.styled(fact.text, "$error" if fact.tone else "$muted"), fact.weight) for fact in facts]
        rest = fit(parts, max(width - title.cell_length, 0), Content.styled(" · ", "$dim"))
        return (title + rest).truncate(width, ellipsis=True)


class CellPane(Vertical):
    """Shows one cell of a chart."""

    repeats = getters.query_one(Repeats)
    answer = getters.query_one(ChatView)

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self.sweeping: Sweeping | None = None
        self.cell: Cell | None = None

    def compose(self) -> ComposeResult:
        yield CellLine(id="cell")
        repeats = Repeats()
        repeats.id = "repeats"
        yield repeats
        yield ChatView(align="top", id="answer")

    def on_mount(self) -> None:
        self.watch(self.repeats, "highlighted", self.show_answer, init=False)

    @property
    def spot(self) -> Spot | None:
        """The chosen repeat."""
        return Spot(self.cell.index, max(self.repeats.highlighted, 0)) if self.cell is not None else None

    def show(self, sweeping: Sweeping, chart: Chart, cell: Cell, metric: str, marks: Marks) -> None:
        """The cell as far as it has come; another one begins at its first repeat."""
        anew = self.cell is None or self.cell.index != cell.index or self.sweeping is not sweeping
        self.sweeping, self.cell = sweeping, cell
        count = chart.plan.sweep.repeats
        spots = {at: Spot(cell.index, at) for at in range(count)}
        records = {at: sweeping.records[spot] for at, spot in spots.items() if spot in sweeping.records}
        live = {at: sweeping.live[spot] for at, spot in spots.items() if spot in sweeping.live}
        batched = {at for at, spot in spots.items() if spot in sweeping.besides}
        lines = repeats_of(METRICS[metric], chart.scale, count, records, live, marks.repeats(cell.index), batched)
        self.query_one(CellLine).named = heading(cell_name(chart.plan, cell), list(records.values()), count)
        self.repeats.show(lines, anew=anew)
        self.show_answer()

    def show_answer(self) -> None:
        """The chosen answer, as far as it has come."""
        if self.sweeping is None or self.cell is None or self.spot is None:
            return
        name = cell_name(self.sweeping.plan, self.cell)
        record, run = self.sweeping.records.get(self.spot), self.sweeping.live.get(self.spot)
        before = self.answer.current
        self.answer.entries = answers.entries(name, self.spot, record, run)
        if self.answer.current != before:
            self.answer.top()
