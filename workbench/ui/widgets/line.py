"""A widget of one row, drawn from a value."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Line(Widget):
    """One row of content that knows how wide it is when it is drawn.

    What was drawn is kept until something changes: the compositor asks for it whenever anything beside it does.
    """

    DEFAULT_CSS = "Line { height: 1; }"
    ALLOW_SELECT = False
    _drawn: tuple[Region, list[Strip]] | None = None

    def draw(self, width: int) -> Content:
        """The row, at most `width` cells wide."""
        raise NotImplementedError

    def render(self) -> Content:
        width = self.content_size.width
        line = self.draw(width)
        return line.pad_right(max(width - line.cell_length, 0))

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._drawn is None or self._drawn[0] != crop:
            self._drawn = (crop, super().render_lines(crop))
        return self._drawn[1]

    def refresh(self, *regions: Region, **what: Any) -> Line:
        self._drawn = None
        super().refresh(*regions, **what)
        return self

    def notify_style_update(self) -> None:
        self._drawn = None
        super().notify_style_update()
