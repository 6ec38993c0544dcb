"""The first line of a dialog: what it asks, and a count or a state at the right."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from workbench.ui.fit import spread
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import one_line


class Heading(Line):
    """A title at the left, something small at the right."""

    right: reactive[str] = reactive("")

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = one_line(title)

    def draw(self, width: int) -> Content:
        return spread(Content.styled(self.title, "bold $primary"), Content.styled(self.right, "$muted"), width)


class Note(Line):
    """One line that says what is the matter, or nothing."""

    text: reactive[str] = reactive("")
    style: reactive[str] = reactive("$muted")

    def draw(self, width: int) -> Content:
        line = Content.styled(one_line(self.text), self.style)
        return line.truncate(max(width, 0), ellipsis=True) if line.cell_length > width else line
