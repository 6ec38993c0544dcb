"""The events of an answer, one a row: when it came, the gap before it, its name, what it holds."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Final

from textual.content import Content

from workbench.core import events
from workbench.core.arrivals import Arrival
from workbench.core.safe import encodable
from workbench.core.sse import Frame
from workbench.ui.text import wrap
from workbench.ui.wire.section import INDENT, Match, marked
from workbench.ui.wire.signs import json_spans, shown, sign_spans, with_ends

BLOCKS: Final = "▏▎▍▌▋▊▉█"
GAP_CELLS: Final = 8
SMALLEST_S: Final = 0.001
"""Gaps below draw nothing on the logarithmic scale."""
NAME_CELLS: Final = 20
NARROW: Final = 70
"""Cells below which names give way to what the events hold."""


def bar(gap: float, longest: float, *, linear: bool) -> str:
    """A gap against the longest, as a bar of at most eight cells: each of its eighths is an eighth of a cell."""
    if gap <= 0 or longest <= 0:
        return ""
    if linear or longest <= SMALLEST_S:
        share = gap / longest
    else:
        share = max(math.log(gap / SMALLEST_S), 0) / math.log(longest / SMALLEST_S)
    eighths = round(min(share, 1.0) * GAP_CELLS * 8)
    full, rest = divmod(eighths, 8)
    return BLOCKS[-1] * full + (BLOCKS[rest - 1] if rest else "")


def said(arrival: Arrival) -> str:
    """What an event says, without what all of its kind share."""
    match events.parse(Frame(arrival.name, arrival.data)):
        case events.TextDelta(index=at, text=text):
            return f"{at} text {_quoted(text)}"
        case events.ThinkingDelta(index=at, thinking=text):
            return f"{at} thinking {_quoted(text)}"
        case events.InputJsonDelta(index=at, partial_json=text):
            return f"{at} input {_quoted(text)}"
        case _:
            return arrival.data


def _quoted(text: str) -> str:
    return encodable(json.dumps(text, ensure_ascii=False))


class EventSection:
    """Rows of events, of which any can be opened; only those in sight are read."""

    title = "events"

    def __init__(
        self, arrivals: Sequence[Arrival], pieces: int = 0, *, exact: bool = True, linear: bool = False
    ) -> None:
        """`pieces` is how many they came in; `exact` shows what each holds as it came, else what it says."""
        self.arrivals = arrivals
        self.pieces = pieces
        self.shows_exactly = exact
        self.linear = linear
        self.opened: set[int] = set()
        self.longest = max((each.gap for each in arrivals), default=0.0)
        self._texts: list[str] | None = None
        self._wrapped: dict[int, list[wrap.Row]] = {}
        self._starts: list[int] = []
        self._pattern: re.Pattern[str] | None = None
        self._current: Match | None = None

    @property
    def note(self) -> str:
        if not self.arrivals:
            return "none came"
        scale = "linear" if self.linear else "log"
        return f"{len(self.arrivals):,} · longest gap {self.longest:.3f}s · {scale} scale".replace(",", " ")

    @property
    def exact(self) -> str:
        return b"".join(each.raw for each in self.arrivals).decode(errors="replace")

    def layout(self, width: int) -> int:
        self._wrapped = {at: wrap.rows(self._raw(at), max(width - 2 * INDENT, 1), literal=True) for at in self.opened}
        heights = (1 + len(self._wrapped.get(at, ())) for at in range(len(self.arrivals)))
        self._starts = [0, *accumulate(heights)]
        return self._starts[-1]

    def draw(self, row: int, width: int) -> Content:
        at = self._event(row)
        within = row - self._starts[at]
        return self._opened_row(at, within - 1) if within else self._line(at, width)

    def _event(self, row: int) -> int:
        return max(bisect_right(self._starts, row) - 1, 0)

    def _line(self, at: int, width: int) -> Content:
        each = self.arrivals[at]
        gap = bar(each.gap, self.longest, linear=self.linear).ljust(GAP_CELLS)
        slow = "$warning" if self.longest and each.gap >= self.longest / 2 else "$spark"
        sign = "▾" if at in self.opened else " "
        parts: list[tuple[str, str]] = [
            (f"{sign} ", "$muted"),
            (f"{f'+{each.at:.3f}s':>9} ", "bold $foreground" if each.gap >= 0.0005 else "$muted"),
            (f"{gap} ", slow),
        ]
        name = shown(each.name) or ("comment" if each.data.startswith(":") else "·")
        if width >= NARROW:
            parts.append((name[:NAME_CELLS].ljust(NAME_CELLS + 1), "$primary"))
        before = sum(len(text) for text, _ in parts)
        held = each.data if self.shows_exactly else said(each)
        data = shown(held if width >= NARROW or held not in {"", "{}"} else name).replace("\n", " ")
        cut = "" if each.whole else "  ✗ cut here"
        room = max(width - before - len(cut), 0)
        data = data[: room + 1] if len(data) > room else data
        line = Content.assemble(*parts, (data, "$foreground"))
        for first, last, style in chain(json_spans(data), sign_spans(data)):
            line = line.stylize(style, before + first, before + last)
        if cut:
            line = line.truncate(max(width - len(cut), 0), ellipsis=True) + Content.styled(cut, "$error")
        return marked(line, self._pattern, INDENT + 10 + GAP_CELLS, self._whole_line(at, line))

    def _whole_line(self, at: int, line: Content) -> tuple[int, int, str] | None:
        """The line that holds the current match is pointed out at its time: the match itself may be out of sight."""
        here = self._current is not None and self._current.line == at
        return (0, min(INDENT + 9, len(line.plain)), "$accent") if here else None

    def _opened_row(self, at: int, within: int) -> Content:
        start, end, joint = self._wrapped[at][within]
        del joint
        text = self._raw(at)[start:end]
        content = Content.styled(" " * 2 * INDENT + text, "$soft")
        for first, last, style in sign_spans(text):
            content = content.stylize(style, first + 2 * INDENT, last + 2 * INDENT)
        now, current = self._current, None
        if now is not None and now.line == at and now.start < end and now.end > start:
            first, last = max(now.start - start, 0), min(now.end - start, len(text))
            current = (first + 2 * INDENT, last + 2 * INDENT, "$on-accent on $accent")
        return marked(content, self._pattern, 2 * INDENT, current)

    def _raw(self, at: int) -> str:
        """The event as it came, a sign at the end of each of its lines."""
        return with_ends(self.arrivals[at].text).removesuffix("\n")

    @property
    def texts(self) -> list[str]:
        """What is searched of each event; made when it is first asked for."""
        if self._texts is None:
            self._texts = [self._raw(at) for at in range(len(self.arrivals))]
        return self._texts

    def find(self, pattern: re.Pattern[str]) -> Iterator[Match]:
        for at, text in enumerate(self.texts):
            for found in pattern.finditer(text):
                yield Match(at, found.start(), found.end())

    def reveal(self, match: Match) -> int:
        if not self._starts:
            return 0
        start = self._starts[match.line]
        if match.line in self.opened:
            inside = bisect_right(self._wrapped[match.line], match.start, key=lambda row: row.start)
            return start + max(inside, 1)
        return start

    def mark(self, pattern: re.Pattern[str] | None, current: Match | None) -> None:
        self._pattern, self._current = pattern, current

    def toggle(self, row: int) -> bool:
        at = self._event(row)
        self.opened ^= {at}
        return True
