"""The Batches screen: how far each is, what it asks, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from workbench.core import run_list
from workbench.core.batch import WAITING, Batch, Status
from workbench.core.figures import grouped
from workbench.core.run_list import Row, rows_of
from workbench.engine.files import StoreError
from workbench.ui.batches import asking
from workbench.ui.batches.following import Following, following
from workbench.ui.batches.listing import BatchList, Heads
from workbench.ui.batches.telling import calls_in, sentences
from workbench.ui.board import Board
from workbench.ui.runs import preview
from workbench.ui.runs.columns import Scene
from workbench.ui.runs.table import FEW, Table, Titles
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.chat_view import ChatView

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

EMPTY: Final = (
    "No batch yet. A message batch answers within 24 hours, usually within one, at half the price.\n\n"
    "In Sweep, d sends what is missing as a batch; in Chat and Compare, outside the prompt, d sends the prompt.\n"
    "It goes on without this program: results land in the same cells and lanes as if they had been sent one by one.\n"
    "Without a screen: workbench batch submit, and workbench sweep --batch."
)
UNKNOWN: Final = "What it asks is written nowhere here any more."
HINTS: Final = ("enter", "rerun", "unset", "wire", "back", "help")
READING: Final = ("next", "copy", "wire", "back", "help")


class BatchesScreen(Board):
    """Rows of batches over the requests of the highlighted one, over the answer to the highlighted of those."""

    TAB = "batches"
    CSS_PATH = Path(__file__).parent / "batches.tcss"
    AUTO_FOCUS = "#batches"
    HINTS: ClassVar[tuple[str, ...]] = HINTS

    batches = getters.query_one("#batches", BatchList)
    table = getters.query_one("#table", Table)
    answer = getters.query_one("#preview", ChatView)

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self.order, self.down = "", True
        """What the requests are sorted by; else those that failed come first."""
        self._made_from: tuple[object, ...] = ()
        self._calls = 0
        """Answers of the highlighted batch that call tools."""

    def worded(self) -> Mapping[str, str]:
        """What the keys do here and now."""
        batch = self.chosen if self._came_up else None
        away = "cancel" if batch is None or batch.open else "take off"
        opens = "requests" if self.focused is self.batches else "answer"
        return {"enter": opens, "rerun": "refresh", "unset": away}

    def hinted(self) -> tuple[str, ...]:
        """Of an answer that has all the room, how it is read."""
        return READING if self._came_up and self.focused is self.answer else HINTS

    def content(self) -> ComposeResult:
        table = Table(id="table")
        yield Heads(id="heads")
        yield BatchList(id="batches")
        yield Static(EMPTY, id="empty", markup=False)
        yield Static(id="about", markup=False)
        yield Titles(table, id="titles")
        yield table
        yield ChatView(id="preview", align="top")

    def begin(self) -> None:
        self.use_theme()
        self.app.theme_changed_signal.subscribe(self, self.use_theme)
        self.following.resume()

    def use_theme(self, _: object = None) -> None:
        """The answer draws itself, so it is told of a change of theme."""
        self.answer.palette = Palette.from_variables(self.app.theme_variables)

    @property
    def following(self) -> Following:
        return following(self.chat)

    @property
    def chosen(self) -> Batch | None:
        """The highlighted batch."""
        return self.batches.chosen

    # What shows

    def show(self) -> None:
        rows = tuple(reversed(self.following.rows))
        self.set_class(not rows, "-empty")
        self.batches.put(rows, self.desk.now())
        self.show_batch()

    @on(BatchList.Moved)
    def show_batch(self) -> None:
        """The highlighted batch: what there is to know, and its requests."""
        batch = self.chosen
        self.show_keys()
        if batch is None:
            return
        made_from = (batch.id, batch.status, self.session.runs, len(self.document.results))
        if made_from != self._made_from:
            same = self._made_from[:1] == made_from[:1]
            self._made_from = made_from
            self.fill(batch, first=not same)
        here, looks = self.desk.chosen.endpoint.name, self.following
        made = sentences(batch, self.desk.now(), looks.key, here=here, why=looks.why(batch), calls=self._calls)
        lines = list(made)
        if self.following.busy:
            lines[0] += f" · {self.following.busy}"
        if batch.status in WAITING and not self.table.rows:
            lines.append(UNKNOWN)
        elif batch.status in WAITING and batch.requests > asking.SHOWN:
            lines.append(f"The first {grouped(asking.SHOWN)} of its requests are listed.")
        first, *rest = lines
        style = "$error" if batch.status is Status.LOST else "$warning" if batch.problem else "$soft"
        shown = [Content.styled(first, "$muted"), *(Content.styled(each, style) for each in rest)]
        self.query_one("#about", Static).update(Content("\n").join(shown))

    def fill(self, batch: Batch, *, first: bool) -> None:
        """Its requests: what came of each, or that it is still to come."""
        rows = tuple(row for row in rows_of(self.session, self.document.results) if batch.made(row.record.id))
        coming = not rows and batch.status in WAITING
        if coming:
            rows = tuple(asking.to_come(self.document, batch))
        self.set_class(coming, "-coming")
        self.set_class(len(rows) <= FEW, "-few")
        self._calls = 0 if coming else calls_in(row.record for row in rows)
        failed = [row for row in rows if row.record.problem is not None]
        whole = [row for row in rows if row.record.problem is None]
        shown: Sequence[Row] = (*failed, *whole)
        if self.order:
            shown = run_list.ordered(shown, self.order, down=self.down)
        self.table.put(shown, Scene(now=self.desk.now(), keys=run_list.differing(shown), coming=coming), first=first)
        self.query_one(Titles).put(self.order, down=self.down)

    @on(Table.Moved)
    def _moved(self) -> None:
        row = self.table.row
        made = () if row is None or row.record.state is None else preview.entries(row)
        if made != self.answer.entries:
            self.answer.entries = made
            self.answer.top()

    @on(Titles.Pressed)
    def _titled(self, event: Titles.Pressed) -> None:
        """A click on a title sorts by it; on the same again the other way round."""
        self.down = not self.down if event.order == self.order else run_list.ORDERS[event.order].down
        self.order = event.order
        if self.chosen is not None:
            self.fill(self.chosen, first=True)

    # Commands

    @on(BatchList.Opened)
    async def do_enter(self) -> None:
        """From the batches to the requests, from those to the answer."""
        if self.chosen is None:
            return
        if self.focused is self.batches and self.table.rows:
            self.table.focus()
        elif self.focused is self.table:
            self.add_class("-zoomed")
            self.answer.focus()

    @on(Table.Opened)
    async def _opened(self) -> None:
        await self.do_enter()

    def do_back(self) -> None:
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
            self.table.focus()
        elif self.focused is not self.batches and self.batches.batches:
            self.batches.focus()
        else:
            super().do_back()

    async def do_rerun(self) -> None:
        """Ask about all of them now, each at its own endpoint."""
        if self.document.read_only:
            self.tell(f"This session is read-only ({self.document.why}): its batches are not asked about.", "warning")
            return
        looks, again = self.following, self.chosen
        also = (again,) if again is not None and again.status is Status.LOST and again.askable else ()
        wanted = (*(each for each in looks.rows if each.status in WAITING), *also)
        if not wanted:
            self.tell("No batch is on its way.")
            return
        looks.forget_reached()
        firsts = {batch.endpoint: batch for batch in reversed(wanted)}
        agreed = {name for name, batch in firsts.items() if await asking.allowed(self.chat, looks, batch)}
        if not agreed:
            return
        await looks.look(*also)
        for batch in looks.due:
            if batch.status is Status.INTENDED and batch.endpoint in agreed:
                await asking.which(self.chat, looks, batch)

    async def do_unset(self) -> None:
        """Cancel one that is on its way; take another off the list."""
        if (batch := self.chosen) is None:
            return
        try:
            await asking.away(self.chat, self.following, batch)
        except StoreError as error:
            self.tell(str(error.problem), "error")
        self.show_all()

    def do_wire(self) -> None:
        row = self.table.row
        if row is None or row.record.state is None:
            self.tell("Choose a request that was answered: its body is shown.")
            return
        from workbench.ui.wire.screen import WireScreen

        self.app.push_screen(WireScreen(self.chat, row.record, None, session=self.session))

    def do_copy(self) -> None:
        row: Row | None = self.table.row
        if row is None or not row.answer:
            self.tell("There is no answer to copy.")
            return
        from workbench.ui.chat import drafting

        drafting.copy_text(self.chat, row.answer)
