"""A line of parts that drops the least important until it fits; it never wraps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a line, and how much it matters."""

    content: Content
    weight: int = 50
    """The lightest goes first; of equals the last."""


def fit(parts: Sequence[Part], width: int, gap: Content) -> Content:
    """The parts that fit in `width` cells, in order; a lone part that is still too wide is cut with `…`."""
    kept = [part for part in parts if part.content.cell_length]
    while len(kept) > 1 and _width(kept, gap) > width:
        lightest = min(part.weight for part in kept)
        at = max(index for index, part in enumerate(kept) if part.weight == lightest)
        del kept[at]
    line = joined([part.content for part in kept], gap)
    return line.truncate(max(width, 0), ellipsis=True) if line.cell_length > width else line


def joined(parts: Sequence[Content], gap: Content) -> Content:
    """The parts with gaps between them; `Content.join` would count a separator's measured width once too often."""
    pieces = [piece for part in parts for piece in (gap, part)]
    return Content.assemble(*pieces[1:])


def spread(left: Content, right: Content, width: int) -> Content:
    """Left and right at the two ends of a line; the left gives way."""
    room = width - right.cell_length
    if room <= 0:
        return right.truncate(max(width, 0), ellipsis=True)
    if left.cell_length > room - 1:
        left = _cut(left, max(room - 1, 0))
    return left.pad_right(max(room - left.cell_length, 0)) + right


def _cut(line: Content, width: int) -> Content:
    """Cut with `…`; where the text itself had one just there, one is enough."""
    cut = line.truncate(width, ellipsis=True)
    return cut[:-1] if cut.plain.endswith("……") else cut


def _width(parts: Sequence[Part], gap: Content) -> int:
    return sum(part.content.cell_length for part in parts) + gap.cell_length * (len(parts) - 1)
