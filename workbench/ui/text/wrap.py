"""Breaking text into rows by cells: words where there are spaces, anywhere between wide characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.ui.text.lines import Run

NARROW: Final = re.compile(
    r"[^ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2190\u2192"
    r"\u2400-\u2426\u2500-\u25a9\u27e8\u27e9\u2800-\u28ff]"
)
"""Finds the first character that might not be one cell wide."""
NEVER_FIRST: Final = frozenset("、。，．：；？！）」』】》〉｝〕ー…‥")
"""Characters that don't begin a row where there is a choice."""
MIN_WIDTH: Final = 2
TAB: Final = 4
ZWJ: Final = "\u200d"
LONGEST: Final = 32
"""Characters that are joined into one at most: each more costs as much as all before it."""


class Row(NamedTuple):
    """Where one row begins and ends in its text, and what was swallowed before it."""

    start: int
    end: int
    joint: str


def rows(text: str, width: int, *, literal: bool = False) -> list[Row]:
    """Cut a text with newlines into rows of at most `width` cells.

    A literal text, such as code, is cut at the last cell instead of the last space.
    """
    width = max(width, MIN_WIDTH)
    out: list[Row] = []
    start = 0
    while True:
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline
        if end - start <= width and not NARROW.search(text, start, end):
            out.append(Row(start, end, "\n"))
        elif NARROW.search(text, start, end):
            out.extend(_wide_rows(text, start, end, width, literal=literal))
        else:
            out.extend(_narrow_rows(text, start, end, width, literal=literal))
        if newline < 0:
            return out
        start = newline + 1


def wrap(runs: Sequence[Run], width: int, *, literal: bool = False) -> Iterator[tuple[list[Run], str]]:
    """The rows of the runs, each with its joint."""
    text = "".join(run[0] for run in runs)
    at = offset = 0
    for start, end, joint in rows(text, width, literal=literal):
        row: list[Run] = []
        while at < len(runs):
            run, face = runs[at]
            first, last = max(start - offset, 0), min(end - offset, len(run))
            if last > first:
                row.append((run[first:last] if last - first < len(run) else run, face))
            if offset + len(run) > end:
                break
            offset += len(run)
            at += 1
        yield row, joint


def expanded(text: str) -> str:
    """The text with tabs as spaces, up to the next stop in each line."""
    return text.expandtabs(TAB) if "\t" in text else text


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """The characters a reader would count, each with its cells; marks and joined emoji stay whole."""
    cluster = ""
    for character in text:
        if cluster and (_joined(cluster, character) or cell_len(character) == 0 or _flag(cluster, character)):
            cluster += character
            continue
        if cluster:
            yield cluster, cell_len(cluster)
        cluster = character
    if cluster:
        yield cluster, cell_len(cluster)


def _joined(cluster: str, character: str) -> bool:
    """Whether a joiner makes one of them; where it joins nothing, both keep their cells and may part."""
    return cluster[-1] == ZWJ and len(cluster) < LONGEST and cell_len(cluster + character) <= MIN_WIDTH


def _flag(cluster: str, character: str) -> bool:
    return len(cluster) == 1 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in cluster + character)


def clip(text: str, width: int) -> str:
    """The text cut to so many cells, with an ellipsis when something is missing."""
    if not NARROW.search(text):
        return text if len(text) <= width else text[: max(width - 1, 0)] + "…"[:width]
    if cell_len(text) <= width:
        return text
    out, used = "", 1
    for cluster, cells in clusters(text):
        if used + cells > width:
            break
        out += cluster
        used += cells
    return out + "…"[:width]


def _narrow_rows(text: str, start: int, end: int, width: int, *, literal: bool) -> Iterator[Row]:
    joint = "\n"
    while end - start > width:
        space = -1 if literal else text.rfind(" ", start, start + width + 1)
        stop = space
        while stop > start and text[stop - 1] == " ":
            stop -= 1
        if space < 0 or stop <= start:
            yield Row(start, start + width, joint)
            start, joint = start + width, ""
            continue
        yield Row(start, stop, joint)
        start = space + 1
        while start < end and text[start] == " ":
            start += 1
        joint = text[stop:start]
        if start == end:
            return
    yield Row(start, end, joint)


def _wide_rows(text: str, start: int, end: int, width: int, *, literal: bool) -> Iterator[Row]:
    joint, used = "\n", 0
    at = row = start
    last: tuple[int, int] | None = None  # where the row may end, where the next one begins
    resume = 0  # cells between that beginning and here
    blank = wide_before = False
    for cluster, cells in clusters(text[start:end]):
        space = cluster == " "
        if not literal and at > row and not space:
            if blank:
                last, resume = (len(text[row:at].rstrip(" ")) + row, at), 0
            elif (cells > 1 or wide_before) and cluster not in NEVER_FIRST:
                last, resume = (at, at), 0
        if used + cells > width and not (space and not literal) and at > row:
            fits = last is not None and last[0] > row and (last[1] >= at or resume + cells <= width)
            stop, following = last if last is not None and fits else (at, at)
            if not text[row:stop].strip(" "):  # blanks alone may pass the width
                stop = min(stop, row + width)
            yield Row(row, stop, joint)
            joint = text[stop:following]
            used = resume if following < at else 0
            row, last, resume = following, None, 0
        used += cells
        resume += cells
        at += len(cluster)
        blank, wide_before = space, cells > 1
    if row < end or row == start:
        yield Row(row, end if literal else max(row + len(text[row:end].rstrip(" ")), row), joint)
