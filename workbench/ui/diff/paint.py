"""The lines of a diff as strips: removed struck through, added underlined, in the theme's colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from workbench.ui.diff.layout import ADDED, BOTH, FOLDED, GUTTER, MARGIN, REMOVED, Cell, Line, Shape

KEPT: Final = 600
"""Strips that are kept for when a line comes back into sight."""
SIGNS: Final = {REMOVED: "diff-removed", ADDED: "diff-added", BOTH: "diff-changed", "": "dim"}


class Painter:
    """Makes the strips of one shape and theme, and keeps them."""

    def __init__(self, colours: Mapping[str, str], shape: Shape) -> None:
        self.shape: Final = shape
        self._colours: Final = colours
        self._kept: dict[tuple[Line, int, bool], Strip] = {}
        self._styles: dict[tuple[str, str, str], Style] = {}

    def strip(self, line: Line, change: int, *, thumb: bool) -> Strip:
        """The strip of a line; `change` is the one that is current."""
        here = change if any(change in cell.changes for cell in line) else -1
        key = (line, here, thumb)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                for old in list(self._kept)[: KEPT // 2]:
                    del self._kept[old]
            found = self._kept[key] = self._made(line, here, thumb=thumb)
        return found

    def _made(self, line: Line, change: int, *, thumb: bool) -> Strip:
        segments: list[Segment] = []
        columns = self.shape.columns
        if line and line[0].runs and line[0].runs[0][1] == FOLDED:
            segments += self._cell(line[0], self.shape.width - MARGIN - GUTTER, change)
        else:
            for at, width in enumerate(columns):
                if at:
                    segments.append(Segment(" │", self._style("track")))
                segments += self._cell(line[at] if at < len(line) else Cell(), width, change)
        segments.append(Segment(" " * (MARGIN - 1), self._style()))
        segments.append(Segment("▐" if thumb else " ", self._style("faint")))
        return Strip(segments).adjust_cell_length(self.shape.width, self._style())

    def _cell(self, cell: Cell, width: int, change: int) -> list[Segment]:
        current = change in cell.changes
        ground = "code-background" if cell.code else ""
        made = [
            Segment("▌" if current else " ", self._style("accent")),
            Segment(f"{cell.sign or ' '} ", self._style(SIGNS[cell.sign], more="bold" if current else "")),
        ]
        used = 0
        for text, face in cell.runs:
            made.append(Segment(text, self._face(face, change, ground)))
            used += cell_len(text)
        if used < width:
            made.append(Segment(" " * (width - used), self._style(ground=ground)))
        return made if used <= width else list(Strip(made).crop(0, GUTTER + width))

    def _face(self, face: str, change: int, ground: str) -> Style:
        if face == FOLDED:
            return self._style("dim")
        if not face:
            return self._style("soft", ground)
        name, attribute = ("removed", "strike") if face[0] == "-" else ("added", "underline")
        if int(face[1:]) != change:
            return self._style(f"diff-{name}", f"diff-{name}-background", attribute)
        return self._style(f"diff-{name}", "diff-changed-background", f"{attribute} bold")

    def _style(self, colour: str = "foreground", ground: str = "", more: str = "") -> Style:
        key = (colour, ground, more)
        made = self._styles.get(key)
        if made is None:
            made = self._styles[key] = Style(
                color=self._colours.get(colour),
                bgcolor=self._colours.get(ground or "background"),
                bold="bold" in more,
                strike="strike" in more,
                underline="underline" in more,
            )
        return made
