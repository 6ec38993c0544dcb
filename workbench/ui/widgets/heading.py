"""The lines around a dialog's middle: what it asks, what is the matter, which keys do what."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from workbench.ui.fit import spread
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import one_line

GAP: Final = "   "
HEIGHTS: Final = [(0, "-low"), (20, "-high")]
"""Screen rows from which a dialog has air around it."""


class Heading(Line):
    """A title at the left, something small at the right."""

    right: reactive[str] = reactive("")

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = one_line(title)

    def draw(self, width: int) -> Content:
        return spread(Content.styled(self.title, "bold $primary"), Content.styled(self.right, "$muted"), width)


class Note(Widget):
    """A sentence that says what is the matter, or nothing."""

    DEFAULT_CSS: ClassVar[str] = "Note { height: auto; min-height: 1; max-height: 4; }"
    ALLOW_SELECT = False
    text: reactive[str] = reactive("", layout=True)
    style: reactive[str] = reactive("$muted")

    def render(self) -> Content:
        return Content.styled(one_line(self.text), self.style)


class Hints(Line):
    """Keys and words; each can be clicked and then does its action on the screen. The last stays longest."""

    hints: reactive[tuple[tuple[str, str, str], ...]] = reactive(())
    """Key, word and action of each."""

    def draw(self, width: int) -> Content:
        line = Content(GAP).join(_hint(hint) for hint in self._kept(width))
        return line.truncate(max(width, 0), ellipsis=True) if line.cell_length > width else line

    async def on_click(self, event: events.Click) -> None:
        left = 0
        for hint in self._kept(self.content_size.width):
            right = left + _hint(hint).cell_length
            if left <= event.x < right:
                await self.screen.run_action(hint[2])
            left = right + len(GAP)

    def _kept(self, width: int) -> list[tuple[str, str, str]]:
        kept = list(self.hints)
        while len(kept) > 1 and sum(_hint(hint).cell_length + len(GAP) for hint in kept) - len(GAP) > width:
            del kept[-2]
        return kept


def _hint(hint: tuple[str, str, str]) -> Content:
    return Content.assemble((hint[0], "bold $accent"), (f" {hint[1]}", "$soft"))
