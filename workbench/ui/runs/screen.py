"""The Runs screen: the runs of the session, or of all sessions, with what is shown of them in sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from workbench.core import run_filter, run_list
from workbench.core.run_filter import Filter
from workbench.core.run_list import ORDERS, Row, rows_of
from workbench.core.session import Session
from workbench.ui.board import Board
from workbench.ui.runs import acts, hints, preview, sorting
from workbench.ui.runs.columns import Scene
from workbench.ui.runs.summary import Summary
from workbench.ui.runs.table import FEW, Table, Titles
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.chat_view import ChatView
from workbench.ui.widgets.searchline import SearchLine

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.runs.gathering import Gathered

EMPTY = (
    "No run yet. Every run of this session will stand here: what was asked, with which settings,\n"
    "how it ended, tokens, times and cost. Write a prompt in Chat and run it; v shows the runs of all sessions."
)
NOTHING = "No run fits the filter. Words look into prompts and answers; so do state:interrupted, cost>0.01, lane:B."
AGES_S = 30
"""Seconds after which the ages of runs are told anew."""
EVERY = 8
"""Files that are read between two drawings of the list."""


class RunsScreen(Board):
    """Rows of runs over the prompt and the answer of the highlighted one."""

    TAB = "runs"
    CSS_PATH = Path(__file__).parent / "runs.tcss"
    AUTO_FOCUS = "#table"
    HINTS: ClassVar[tuple[str, ...]] = hints.LIST
    WORDS: ClassVar[Mapping[str, str]] = hints.WORDS

    table = getters.query_one("#table", Table)
    answer = getters.query_one("#preview", ChatView)
    summary = getters.query_one("#summary", Summary)

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self.rows: tuple[Row, ...] = ()
        self.others: list[Row] = []
        self.sessions: dict[str, Session] = {}
        """The other sessions that were read, by their file."""
        self.everywhere = False
        self.reading = ""
        self.order, self.down = "started", True
        self.filter = Filter()
        self.search = SearchLine("filter", placeholder="words · state:… · cost>0.01 · temperature=0.7", id="search")
        self._made_from: tuple[object, ...] = ()
        self._made_at = self.desk.now()
        self._keys: tuple[str, ...] = ()
        self._places = False

    def content(self) -> ComposeResult:
        table = Table(id="table")
        yield self.search
        yield Titles(table, id="titles")
        yield table
        yield Static(EMPTY, id="empty", markup=False)
        yield Summary(id="summary")
        yield ChatView(id="preview", align="top")

    def begin(self) -> None:
        self.use_theme()
        self.app.theme_changed_signal.subscribe(self, self.use_theme)

    def use_theme(self, _: object = None) -> None:
        """The answer draws itself, so it is told of a change of theme."""
        self.answer.palette = Palette.from_variables(self.app.theme_variables)

    def hinted(self) -> tuple[str, ...]:
        return hints.hinted(self)

    def worded(self) -> Mapping[str, str]:
        return hints.worded(self)

    # What shows

    def show(self) -> None:
        """Take in what has ended since."""
        session, results = self.session, self.document.results
        counts = (len(results), len(self.others), len(self.chat.lives))
        made_from = (session.runs, session.messages, session.title, results, *counts)
        if made_from == self._made_from and (self.desk.now() - self._made_at).total_seconds() < AGES_S:
            return
        self._made_from, self._made_at = made_from, self.desk.now()
        own = rows_of(session, results)
        self.rows = (*own, *self.others) if self.everywhere else own
        self._keys = run_list.differing(self.rows)
        self._places = len({row.spot for row in self.rows}) > 1
        self.refill()

    def refill(self, *, first: bool = False) -> None:
        """Filter and sort what there is, and add it up."""
        kept = self.filter.of(self.rows)
        shown = run_list.ordered(kept, self.order, down=self.down)
        slowest = max((row.record.timings.first_token_s or 0.0 for row in shown), default=0.0)
        scene = Scene(
            now=self.desk.now(), slowest=slowest, keys=self._keys, everywhere=self.everywhere, places=self._places
        )
        self.table.put(shown, scene, first=first)
        self.query_one(Titles).put(self.order, down=self.down)
        empty = self.query_one("#empty", Static)
        empty.update(NOTHING if self.rows else EMPTY)
        self.set_class(not shown, "-empty")
        self.set_class(len(shown) <= FEW, "-few")
        self.summarise()
        self.search.say("; ".join(self.filter.mistakes), "$warning")

    def summarise(self) -> None:
        marked = len(self.table.marks())
        self.summary.put(
            run_list.totals(self.table.rows, len(self.rows)),
            order=ORDERS[self.order],
            down=self.down,
            marked=marked,
            beside=self.reading or (self._reach()),
        )

    def _reach(self) -> str:
        """What is going on, or how far the list reaches."""
        if self.chat.lives:
            return f"{len(self.chat.lives)} running"
        count = len(self.sessions) + 1
        return f"{count} session{'s'[: count != 1]}" if self.everywhere else ""

    @on(Table.Moved)
    def _moved(self) -> None:
        """Show the highlighted run below; the same one stays as far scrolled as it is."""
        made = preview.entries(self.table.row) if self.table.row is not None else ()
        if made != self.answer.entries:
            self.answer.entries = made
            self.answer.top()

    # The order, the filter, the reach

    @on(Titles.Pressed)
    def _titled(self, event: Titles.Pressed) -> None:
        """A click on a title sorts by it; on the same again the other way round."""
        down = not self.down if event.order == self.order else ORDERS[event.order].down
        self.sort_by(event.order, down=down)

    def sort_by(self, order: str, *, down: bool) -> None:
        self.order, self.down = order, down
        self.refill(first=True)

    async def do_sort(self) -> None:
        await sorting.choose(self)

    def do_less(self) -> None:
        sorting.step(self, -1)

    def do_more(self) -> None:
        sorting.step(self, 1)

    def do_find(self) -> None:
        self.zoom(on=False)
        self.search.show()

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        self.filter = run_filter.read(event.value)
        self.refill(first=True)

    @on(Input.Submitted)
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self.table.focus()

    def do_view(self) -> None:
        """All sessions, or this one."""
        self.everywhere = not self.everywhere
        self.others, self.sessions, self.reading = [], {}, ""
        self._made_from = ()
        self.show()
        self.show_keys()
        if self.everywhere:
            from workbench.ui.runs.gathering import read_all

            self.run_worker(read_all(self), group="reading", exclusive=True)
        else:
            self.workers.cancel_group(self, "reading")

    def add(self, found: Gathered) -> None:
        """Another session was read; every few of them the list is drawn anew."""
        self.others += found.rows
        if found.session is not None:
            self.sessions[str(found.path)] = found.session
        if found.number % EVERY == 0:
            self.reading = f"reading {found.number} of {found.of} sessions"
            self.show()
            self.summarise()

    def all_read(self, trouble: Sequence[str]) -> None:
        """Every session was read; what could not be is said."""
        self.reading = ""
        self._made_from = ()
        self.show()
        if trouble:
            more = f" … and {len(trouble) - 3} more" if len(trouble) > 3 else ""
            self.tell("; ".join(trouble[:3]) + more, "warning")

    # What is done with a run

    def session_of(self, row: Row) -> Session | None:
        return self.sessions.get(row.place) if row.place else self.session

    def chosen(self) -> Row | None:
        if self.table.row is None:
            self.tell("There is no run here.")
        return self.table.row

    async def do_enter(self) -> None:
        if (row := self.chosen()) is not None:
            await acts.open_run(self, row)

    @on(Table.Chosen)
    def _clicked(self, event: Table.Chosen) -> None:
        event.stop()
        self.table.focus()

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        event.stop()
        self.run_worker(self.do_enter(), group="commands")

    def do_fold(self) -> None:
        self.table.mark()
        self.summarise()

    def do_diff(self) -> None:
        acts.diff(self)

    def do_rerun(self) -> None:
        if (row := self.chosen()) is not None:
            acts.rerun(self, row)

    def do_copy(self) -> None:
        if (row := self.chosen()) is None:
            return
        from workbench.ui.chat import drafting

        if row.answer:
            drafting.copy_text(self.chat, row.answer)
        else:
            self.tell("This run has no answer to copy.")

    async def do_copy_as(self) -> None:
        if (row := self.chosen()) is not None:
            await acts.copy_as(self, row)

    async def do_export(self) -> None:
        await acts.export(self)

    def do_wire(self) -> None:
        if (row := self.chosen()) is not None:
            acts.open_wire(self, row)

    def do_zoom(self) -> None:
        self.zoom(on=not self.has_class("-zoomed"))

    def zoom(self, *, on: bool) -> None:
        """The highlighted run in all the room, or the list again."""
        self.set_class(on, "-zoomed")
        (self.answer if on else self.table).focus()

    def do_back(self) -> None:
        """Peel one layer: the filter, the large run, the marks, the screen."""
        if self.search.open:
            self.search.hide()
            self.table.focus()
        elif self.has_class("-zoomed"):
            self.zoom(on=False)
        elif self.table.marked:
            self.table.marked = []
            self.table.refresh()
            self.summarise()
        else:
            super().do_back()
