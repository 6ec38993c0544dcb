"""The conversation: one widget that draws its own rows, whose cost doesn't grow with what it holds."""

from __future__ import annotations

from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING, Literal

from textual.geometry import Offset
from textual.message import Message

from workbench.ui.widgets.conversation_canvas import Canvas
from workbench.ui.widgets.conversation_flow import Position, Row
from workbench.ui.widgets.conversation_paint import BARE_GUTTER, GUTTER
from workbench.ui.widgets.conversation_window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ui.text.palette import Palette
    from workbench.ui.widgets.conversation_entry import Entry, Fact
    from workbench.ui.widgets.conversation_turn import Turn


class Conversation(Canvas):
    """Shows entries and one live answer; it knows nothing of sessions and runs.

    It is fed values and never asked for them. Nothing is drawn for a token: `feed` stores, and the
    screen's one timer calls `draw_new`, which repaints the rows that changed. A bare one leaves an answer's
    header, facts and bar to whoever shows them around it.
    """

    class Selected(Message):
        """The user clicked on an entry."""

        def __init__(self, view: Conversation, key: str) -> None:
            super().__init__()
            self.view = view
            self.key = key

        @property
        def control(self) -> Conversation:
            return self.view

    class Linked(Message):
        """The user clicked on what looks like a link: its words, and the source they stand in."""

        def __init__(self, source: str, words: str) -> None:
            super().__init__()
            self.source = source
            self.words = words

    def __init__(
        self,
        *,
        align: Literal["top", "bottom"] = "bottom",
        palette: Palette | None = None,
        bare: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(Window(align), palette, id=id, classes=classes)
        self._bare = bare
        self._gutter = BARE_GUTTER if bare else GUTTER
        self._entries: tuple[Entry, ...] = ()
        self._live: Turn | None = None
        self._raw = False

    # What is shown

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The turns, first to last; an entry with the live answer's key ends it."""
        return self._entries

    @entries.setter
    def entries(self, entries: Sequence[Entry]) -> None:
        before = self._window.turns
        changed = map(is_not, [turn.entry for turn in before], entries)
        same = next(compress(count(), changed), min(len(before), len(entries)))
        known = {turn.key: turn for turn in before[same:]}
        turns = before[:same]
        for entry in entries[same:]:
            turn = known.get(entry.key)
            if turn is None:
                turn = self._turn(entry)
            elif turn.entry is not entry and (turn.live or turn.entry != entry):
                turn.become(entry)
            turns.append(turn)
        self._entries = tuple(entries)
        if self._live and self._live.live:
            turns.append(self._live)
        else:
            self._live = None
        at_last = self._window.following and (not self._current or self._is_last(self._current))
        self._window.replace(turns, same)
        if at_last or self._index(self._current) is None:
            self._current = turns[-1].key if turns else ""
        self._draw()

    @property
    def live(self) -> str:
        """The key of the answer that is still growing, or nothing."""
        return self._live.key if self._live else ""

    def open_live(self, entry: Entry) -> None:
        """Begin an answer that grows, after the last entry; an entry of the same key makes room for it."""
        self._entries = tuple(each for each in self._entries if each.key != entry.key)
        self._live = self._turn(entry, live=True)
        self.entries = self._entries

    def _turn(self, entry: Entry, *, live: bool = False) -> Turn:
        """What lays out text is loaded with the first turn."""
        from workbench.ui.widgets.conversation_turn import Turn

        return Turn(entry, raw=self._raw, live=live, bare=self._bare)

    def feed(self, parts: Sequence[str], *, fold: str = "", count: str = "", opened: bool = False) -> None:
        """More of the live answer: of its text, or of the block of that title, and how much that is by now."""
        if self._live and fold:
            self._live.feed_fold(fold, parts, count, opened=opened)
        elif self._live:
            self._live.feed(parts)

    def set_facts(self, facts: tuple[Fact, ...], tone: str = "") -> None:
        """The live answer's line of facts."""
        if self._live:
            self._live.put_facts(facts, tone)

    def close_live(self, entry: Entry | None = None) -> None:
        """The live answer is over: this is its entry; without one it is taken away."""
        live, self._live = self._live, None
        if live is None:
            return
        if entry is None:
            self.entries = self._entries
            return
        if self._current == live.key:
            self._current = entry.key
        live.become(entry)
        self._window.turns = [*self._window.turns]
        self.entries = (*self._entries, entry)

    def draw_new(self) -> None:
        """Draw what was fed since the last time: called by the screen's timer."""
        if self._live:
            self._live.update()
            self._draw()

    @property
    def raw(self) -> bool:
        """Whether answers are shown as their source instead of as what its Markdown means."""
        return self._raw

    @raw.setter
    def raw(self, raw: bool) -> None:
        self._raw = raw
        for turn in self._window.turns:
            turn.show_raw(raw=raw)
        if self._window.top:
            self._window.top = Position(self._window.top.turn)
        self._window.replace(self._window.turns)
        self._draw()

    # Where one is

    @property
    def current(self) -> str:
        """The key of the current entry."""
        return self._current

    @current.setter
    def current(self, key: str) -> None:
        index = self._index(key)
        if index is not None:
            self._current = key
            self._window.reveal_turn(index)
            self._draw()

    @property
    def following(self) -> bool:
        """Whether the end is in view and stays there while it grows."""
        return self._window.following

    def move(self, by: int) -> None:
        """Make the entry so many further down, or up, the current one."""
        turns = self._window.turns
        if turns:
            at = self._index(self._current)
            self.current = turns[max(0, min(len(turns) - 1, (len(turns) - 1 if at is None else at) + by))].key

    def top(self) -> None:
        """Go to the first row."""
        if self._window.turns:
            self._current = self._window.turns[0].key
            self._window.show(Position())
            self._draw()

    def bottom(self) -> None:
        """Go to the end, and follow it."""
        if self._window.turns:
            self._current = self._window.turns[-1].key
            self._window.top = None
            self._draw()

    def scroll_rows(self, by: int) -> None:
        """Scroll by rows, without changing the current entry."""
        self._window.scroll(by)
        self._draw()

    def scroll_pages(self, by: float) -> None:
        """Scroll by parts of the view's height; a whole page keeps one row."""
        rows = int(abs(by) * max(self.size.height - (abs(by) >= 1), 1))
        self.scroll_rows(max(rows, 1) * (1 if by > 0 else -1))

    def fold(self, key: str = "") -> bool:
        """Open or close the folded blocks of an entry, the current one by default, and show where they begin."""
        index = self._index(key or self._current)
        if index is None or not (turn := self._window.turns[index]).toggle():
            return False
        self._window.replace(self._window.turns)
        rows = (Position(index, piece, 0) for piece in range(len(turn.pieces)))
        if (first := next((at for at in rows if turn.folds_at(at)), None)) and not turn.live:
            self._window.compose()
            self._window.reveal(first)
        self._draw()
        return True

    # Finding and jumping

    def find(self, query: str) -> int:
        """Show where the text occurs and go to the last place; how many there are. Nothing ends it."""
        from workbench.ui.widgets.conversation_find import Finder

        self._finder = Finder(query) if query else None
        if self._finder:
            self._finder.search(self._window.turns)
            self.find_step(-1)
        self._draw()
        return len(self._finder.matches) if self._finder else 0

    def find_step(self, by: int) -> None:
        """Go to the next place, or the one before."""
        if self._finder is None:
            return
        if self._live:
            self._finder.search(self._window.turns)
        match = self._finder.step(by)
        index = self._index(match.key) if match else None
        if match and index is not None:
            self._current = match.key
            lines = self._window.flow.lines(index, match.piece)
            marked = self._finder.overlays(match.key, match.piece, lines)
            line = next((at for at in marked if marked[at][0].face == "match-current"), 0)
            self._window.reveal(Position(index, match.piece, line), margin=2)
        self._draw()

    @property
    def found(self) -> tuple[int, int]:
        """Which match is the current one, from 1, and how many there are."""
        return (self._finder.index + 1, len(self._finder.matches)) if self._finder else (0, 0)

    # What the mouse did

    def pressed(self, row: Row, x: int) -> None:
        """A click: the entry becomes the current one, a fold opens or closes, a link is told of."""
        from workbench.ui.widgets.conversation_links import pointed

        turn = self._window.turns[row.at.turn]
        piece = turn.pieces[row.at.piece]
        self._current = turn.key
        self._toggle(row.at)
        self._draw()
        self.post_message(self.Selected(self, turn.key))
        if words := pointed(row.line, x - self._gutter) if 0 < row.at.piece < len(turn.pieces) - 1 else "":
            self.post_message(self.Linked(piece.source, words))

    def folds(self) -> list[tuple[str, Offset]]:
        """What a click would fold or unfold in view, by a key for `press`, with its place on the screen."""
        origin = self.region.offset + Offset(self._gutter, 0)
        shown = [(y, row.at) for y, row in enumerate(self._window.shown) if row is not None]
        return [(str(at.code), origin + Offset(0, y)) for y, at in shown if self._window.turns[at.turn].folds_at(at)]

    def press(self, key: str) -> None:
        """As a click there does."""
        at = Position.decoded(int(key))
        self._current = self._window.turns[at.turn].key
        self._toggle(at)
        self._draw()

    def _toggle(self, at: Position) -> None:
        if self._window.turns[at.turn].toggle_at(at):
            self._window.replace(self._window.turns)

    def _index(self, key: str) -> int | None:
        return next((at for at, turn in enumerate(self._window.turns) if turn.key == key), None)

    def _is_last(self, key: str) -> bool:
        turns = self._window.turns
        return bool(turns) and turns[-1].key == key
