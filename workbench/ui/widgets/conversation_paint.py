"""Rows as strips: the bar at the left, the text with what lies over it, the scrollbar's thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from workbench.ui.text.lines import Line, Run, faced
from workbench.ui.text.palette import Palette, Styles

if TYPE_CHECKING:
    from collections.abc import Sequence

GUTTER: Final = 3
BARE_GUTTER: Final = 1
MARGIN: Final = 2
"""Columns at the left for the bar, fewer where there are only answers; at the right for a gap and the thumb."""
KEPT: Final = 600
"""Strips that are kept for when a row comes back into view."""


class Overlay(NamedTuple):
    """A face that lies over some characters of a row."""

    start: int
    end: int
    """-1 is the end of the row."""
    face: str


class Look(NamedTuple):
    """How a row is drawn besides its text."""

    bar: str = ""
    """The face of the role bar; none between turns."""
    current: bool = False
    thumb: bool = False


class Painter:
    """Makes strips of one width, gutter and palette, and keeps them."""

    def __init__(self, palette: Palette, width: int, gutter: int = GUTTER) -> None:
        self.palette: Final = palette
        self.width: Final = width
        self.gutter: Final = gutter
        self._styles: Final = Styles(palette)
        self._kept: dict[tuple[Line, Look], Strip] = {}

    def strip(self, line: Line, look: Look, overlays: Sequence[Overlay] = (), label: str = "") -> Strip:
        """The strip of a row, from the store if nothing lies over it."""
        if overlays or label:
            return self._made(line, look, overlays, label)
        key = (line, look)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                for old in list(self._kept)[: KEPT // 2]:
                    del self._kept[old]
            found = self._kept[key] = self._made(line, look, (), "")
        return found

    def located(self, line: Line, look: Look, code: int) -> Strip:
        """The strip with the place of each character, for finding what the mouse points at."""
        segments: list[Segment] = []
        at = -self.gutter - sum(len(text) for text, _ in line.prefix)
        for segment in self._made(line, look, (), ""):
            segments.append(Segment(segment.text, (segment.style or Style()) + Style(meta={"offset": (at, code)})))
            at += len(segment.text)
        return Strip(segments, self.width)

    def blank(self) -> Strip:
        """An empty row."""
        return self.strip(_BLANK, _PLAIN)

    def _made(self, line: Line, look: Look, overlays: Sequence[Overlay], label: str) -> Strip:
        under = "current" if look.current else ""
        style = self._styles.style
        gutter = self.gutter
        room = self.width - gutter - MARGIN
        if label:
            segments = [Segment(f"{label:^{gutter}}"[:gutter], style("label"))]
        elif look.bar:
            bar = " █ " if look.current else " ▌ "
            segments = [Segment(bar if gutter == GUTTER else bar.strip(), style(faced(under, look.bar)))]
        else:
            segments = [Segment(" " * gutter, style(under))]
        runs = overlaid(line.runs, overlays) if overlays else line.runs
        used = 0
        for text, face in (*line.prefix, *runs):
            segments.append(Segment(text, style(faced(under, face))))
            used += cell_len(text)
        if used < room:
            segments.append(Segment(" " * (room - used), style(faced(under, line.fill))))
        strip = Strip(segments, gutter + max(used, room))
        if used > room:
            strip = strip.crop(0, gutter + room)
        end = [
            Segment(" " * (MARGIN - 1), style(under)),
            Segment("▐" if look.thumb else " ", style(faced(under, "thumb"))),
        ]
        return Strip([*strip, *end], self.width)


_BLANK: Final = Line()
_PLAIN: Final = Look()


def overlaid(runs: Sequence[Run], overlays: Sequence[Overlay]) -> list[Run]:
    """The runs with faces laid over some of their characters."""
    out = list(runs)
    for start, end, face in overlays:
        at, cut = 0, []
        for text, below in out:
            first = min(max(start - at, 0), len(text))
            last = len(text) if end < 0 else min(max(end - at, 0), len(text))
            if first < last:
                cut += [(text[:first], below), (text[first:last], faced(below, face)), (text[last:], below)]
            else:
                cut.append((text, below))
            at += len(text)
        out = [run for run in cut if run[0]]
    return out


def regions(rows: Sequence[int], width: int) -> list[Region]:
    """The rows as regions, neighbours in one."""
    out: list[Region] = []
    for y in rows:
        if out and out[-1].bottom == y:
            out[-1] = Region(0, out[-1].y, width, out[-1].height + 1)
        else:
            out.append(Region(0, y, width, 1))
    return out
