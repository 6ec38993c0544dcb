"""The outline of a wide terminal: turns, the runs of the chosen one, and the saved sessions."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.core.safe import display
from workbench.ui.fit import spread


@dataclass(frozen=True, slots=True)
class Leaf:
    """One line of the outline."""

    id: str
    """`message:m1`, `run:m4`, `session:PATH`; empty for headings."""
    text: str
    right: str = ""
    heading: bool = False
    role: str = ""
    chosen: bool = False


class Outline(Widget):
    """Draws its lines; a click asks to go there."""

    ALLOW_SELECT = False
    leaves: reactive[tuple[Leaf, ...]] = reactive(())

    class Shown(Message):
        """It came into sight: it is made only while it shows."""

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, leaf: str) -> None:
            super().__init__()
            self.leaf = leaf

    def render(self) -> Content:
        width, height = self.content_size
        return Content("\n").join([self._line(leaf, width) for leaf in self.lines[:height]])

    @property
    def lines(self) -> list[Leaf]:
        """The leaves, with an empty line before each heading."""
        found: list[Leaf] = []
        for leaf in self.leaves:
            if leaf.heading and found:
                found.append(Leaf("", ""))
            found.append(leaf)
        return found

    def _line(self, leaf: Leaf, width: int) -> Content:
        if leaf.heading:
            heading = Content.styled(leaf.text, "bold $heading")
            right = Content.styled(display(leaf.right), "$dim")
            return spread(heading, right.truncate(max(width - heading.cell_length - 1, 0), ellipsis=True), width)
        bar = Content.styled("▎", f"${leaf.role}") if leaf.role else Content("")
        text = Content.styled(display(" ".join(leaf.text.split())), "bold $foreground" if leaf.chosen else "$muted")
        return spread(bar + text, Content.styled(display(leaf.right), "$dim"), width)

    def on_show(self) -> None:
        self.post_message(self.Shown())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(self.lines) and self.lines[offset.y].id:
            self.post_message(self.Chosen(self.lines[offset.y].id))
