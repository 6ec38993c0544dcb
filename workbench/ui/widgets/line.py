"""A widget of one row, drawn from a value."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class Line(Widget):
    """One row of content that knows how wide it is when it is drawn."""

    DEFAULT_CSS = "Line { height: 1; }"
    ALLOW_SELECT = False

    def draw(self, width: int) -> Content:
        """The row, at most `width` cells wide."""
        raise NotImplementedError

    def render(self) -> Content:
        width = self.content_size.width
        line = self.draw(width)
        return line.pad_right(max(width - line.cell_length, 0))
