"""The last thing between what is drawn and the terminal: no control character that some place forgot gets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.filter import LineFilter
from textual.strip import Strip

from workbench.core.safe import stopped

if TYPE_CHECKING:
    from textual.color import Color


class TerminalFilter(LineFilter):
    """Shows as pictures what would steer the terminal, and drops links that it would follow.

    Every text is made safe where it is drawn; this costs next to nothing for a row that was.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments where nothing is wrong with them; a row keeps its width."""
        del background
        for text, style, control in segments:
            if control is not None or (style is not None and style._link is not None) or not text.isprintable():
                return _mended(segments)
        return segments


def _mended(segments: list[Segment]) -> list[Segment]:
    width = sum(cell_len(text) for text, _, _ in segments)
    mended = [
        Segment(stopped(text), style.update_link() if style and style.link else style) for text, style, _ in segments
    ]
    wider = sum(cell_len(text) for text, _, _ in mended) != width
    return list(Strip(mended).crop(0, width)) if wider else mended
