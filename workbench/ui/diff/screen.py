"""The Diff screen: two texts aligned by paragraph, and by word, line or character inside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, getters, on
from textual.app import ComposeResult

from workbench.core.diff import SAME, UNITS, Diff, Unit, compare, plain
from workbench.ui.board import Board
from workbench.ui.chat import drafting, shortcuts
from workbench.ui.diff.header import Sides, Standing, Summary
from workbench.ui.diff.layout import splits
from workbench.ui.diff.values import Side
from workbench.ui.diff.view import DiffView

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

SPLIT_FROM: Final = 100
"""Columns from which the sides stand beside each other unless the person says otherwise."""
WORDS: Final = {
    "find-next": "next",
    "find-previous": "previous",
    "view": "split/inline",
    "follow": "only changes",
    "raw": "word/line/char",
    "swap": "swap",
    "copy": "copy the right",
    "back": "back",
    "help": "keys",
}
"""The commands of the key line, in this screen's words."""


class DiffScreen(Board):
    """Two sides and how they are shown; the view and the lines above it are handed what they draw."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parent / "diff.tcss"
    AUTO_FOCUS = "#diff"
    HINTS = tuple(WORDS)
    WORDS: ClassVar[Mapping[str, str]] = WORDS

    view = getters.query_one("#diff", DiffView)

    def __init__(self, chat: Chat, left: Side, right: Side) -> None:
        super().__init__(chat)
        self.sides = (left, right)
        self.unit: Unit = "word"
        self.only_changes = False
        self.chosen_split: bool | None = None
        """What the person said; None follows the width."""
        self.change = SAME
        self.diff: Diff = compare(left.text, right.text)

    def content(self) -> ComposeResult:
        yield Summary(id="summary")
        yield Sides(id="sides")
        yield DiffView(id="diff")

    def begin(self) -> None:
        self.show_diff()

    def on_resize(self, event: events.Resize) -> None:
        if self.up:
            self.show_diff(keep=True, width=event.size.width)

    @property
    def split(self) -> bool:
        """Whether the sides stand beside each other now."""
        return self._split(self.size.width)

    def _split(self, width: int) -> bool:
        chosen = width >= SPLIT_FROM if self.chosen_split is None else self.chosen_split
        return chosen and splits(width)

    # Drawing

    def show_diff(self, *, keep: bool = False, width: int | None = None) -> None:
        """Hand the panes what they show; `keep` the current change, because the changes are the same ones."""
        split = self._split(width or self.size.width)
        if not keep:
            self.change = SAME
        self.view.show(self.diff, split=split, only_changes=self.only_changes, change=self.change)
        lines = self.query_one("#sides", Sides)
        lines.split, lines.sides = split, self.sides
        self.show_standing()

    def show_standing(self) -> None:
        left, right = (not side.text.strip() for side in self.sides)
        standing = Standing(self.diff, (left, right), self.change, self.only_changes)
        self.query_one("#summary", Summary).standing = standing

    # Commands

    def do_find_next(self) -> None:
        self._step(1)

    def do_find_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        """To the change after or before; round the ends."""
        count = len(self.diff.changes)
        if not count:
            self.tell("There is no change to go to.")
        elif self.change == SAME:
            self._go_to(0 if by > 0 else count - 1)
        else:
            self._go_to((self.change + by) % count)

    def _go_to(self, change: int) -> None:
        self.change = change
        self.view.point_at(change)
        self.show_standing()

    @on(DiffView.Pressed)
    def _pressed(self, event: DiffView.Pressed) -> None:
        self._go_to(event.change)

    def do_view(self) -> None:
        """Side by side or in one column."""
        if not splits(self.size.width):
            self.tell("Two columns have no room here.")
            return
        self.chosen_split = not self.split
        self.show_diff(keep=True)

    def do_follow(self) -> None:
        """Only the paragraphs that differ, or all."""
        self.only_changes = not self.only_changes
        self.show_diff(keep=True)

    def do_raw(self) -> None:
        """The next unit: word, line, character."""
        self.unit = UNITS[(UNITS.index(self.unit) + 1) % len(UNITS)]
        self._compare()

    def do_swap(self) -> None:
        self.sides = self.sides[::-1]
        self._compare()

    def _compare(self) -> None:
        self.diff = compare(self.sides[0].text, self.sides[1].text, self.unit)
        self.show_diff()

    def do_copy(self) -> None:
        """The right side's text."""
        self._copy(self.sides[1].text)

    async def do_copy_as(self) -> None:
        """Let the person choose what to copy."""
        from workbench.ui.screens.choose import Choose, Item

        left, right = (side.text for side in self.sides)
        items = (
            Item("right", "Right", "the text of the right side"),
            Item("left", "Left", "the text of the left side"),
            Item("both", "Both, marked", "as one text: - only left, + only right"),
        )
        form = await self.app.push_screen_wait(Choose("Copy…", items, keep_order=True))
        if form is not None:
            self._copy({"right": right, "left": left, "both": plain(self.diff)}[form])

    def _copy(self, text: str) -> None:
        if text:
            drafting.copy_text(self.chat, text)
        else:
            self.tell("There is nothing to copy here.")

    def do_find(self) -> None:
        keys = [shortcuts.label(self.chat, name, at_prompt=False) for name in ("find-next", "find-previous")]
        self.tell(f"There is no search in a diff: {keys[0]} and {keys[1]} go through the changes.")
