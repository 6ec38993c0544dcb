"""The list of batches: one row each, what fits of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from workbench.core.batch import Batch, Status
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.ui.ages import age
from workbench.ui.fit import Part, fit, joined
from workbench.ui.gauge import gauge
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import Rows, one_line

GAP: Final = Content("  ")
BAR: Final = 12
SIGNS: Final = {
    Status.INTENDED: ("?", "not confirmed", "$warning"),
    Status.IN_PROGRESS: ("●", "in progress", "$primary"),
    Status.CANCELING: ("●", "cancelling", "$warning"),
    Status.ENDED: ("↻", "ended", "$primary"),
    Status.COLLECTED: ("✓", "fetched", "$success"),
    Status.LOST: ("✗", "lost", "$error"),
}
WIDTHS: Final = {
    "batch": 5,
    "status": 15,
    "for": 12,
    "requests": 8,
    "progress": BAR,
    "results": 24,
    "age": 10,
    "cost": 16,
}
WEIGHTS: Final = {
    "batch": 100,
    "status": 99,
    "for": 70,
    "requests": 45,
    "progress": 40,
    "results": 90,
    "age": 50,
    "cost": 48,
}
RIGHT: Final = frozenset({"requests", "age", "cost"})
MARK: Final = 2
MOST_ROOM: Final = 56
"""Cells of the results: all five kinds in words need no more."""


def left(batch: Batch, now: datetime) -> str:
    """`23h left` of an open batch, else how long ago it was sent."""
    if batch.open and batch.expires is not None:
        rest = batch.expires - now
        if rest <= timedelta(0):
            return "expiring"
        hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
        return f"{hours}h left" if hours else f"{minutes}min left"
    return "—" if batch.created is None else age(now, batch.created)


def cost(batch: Batch) -> str:
    """`$0.42`, `≈$0.84 sim`, about the most, before it is known; nobody pays simulated money."""
    usd = batch.cost_usd if batch.cost_usd is not None else batch.estimate_usd
    if usd is None:
        return "—"
    return f"{'' if batch.cost_usd is not None else '≈'}{money(usd)}{' sim' if batch.simulated else ''}"


def room_in(width: int) -> int:
    """Cells for the results: what the rest leaves of a wide list."""
    spare = width - sum(WIDTHS.values()) - GAP.cell_length * (len(WIDTHS) - 1)
    return min(WIDTHS["results"] + max(spare, 0), MOST_ROOM)


def results(batch: Batch, room: int = WIDTHS["results"]) -> Content:
    """How many of its requests are where; what errored is seen, in many digits too."""
    counts, lost = batch.counts, batch.status is Status.LOST
    coming = counts.processing or (batch.requests if batch.open or lost else 0)
    known = (
        ("answered", "✓", counts.succeeded, "$foreground"),
        ("errored", "✗", counts.errored, "$error"),
        ("expired", "·", counts.expired, "$warning"),
        ("cancelled", "·", counts.canceled, "$warning"),
        ("lost" if lost else "to come", "·", coming, "$muted"),
    )
    there = [(word, sign, grouped(number), style) for word, sign, number, style in known if number]
    if not there:
        return Content.styled("—", "$dim")
    worded = [Content.styled(f"{number} {word}", style) for word, _, number, style in there]
    whole = joined(worded, Content.styled(" · ", "$dim"))
    if whole.cell_length <= room:
        return whole
    return joined([Content.styled(f"{sign}{number}", style) for _, sign, number, style in there], Content("  "))


def cells(batch: Batch, now: datetime, room: int = WIDTHS["results"]) -> dict[str, Content]:
    sign, word, style = SIGNS[batch.status]
    share = batch.counts.done / batch.requests if batch.requests else 0.0
    return {
        "batch": Content.styled(batch.id, "bold $foreground"),
        "status": Content.styled(f"{sign} {word}", style),
        "for": Content.styled(one_line(batch.subject) or "—", "$soft"),
        "requests": Content.styled(grouped(batch.requests), "$foreground"),
        "progress": gauge(share, BAR, style),
        "results": results(batch, room),
        "age": Content.styled(left(batch, now), "$muted"),
        "cost": Content.styled(cost(batch), "$foreground"),
    }


def laid_out(found: dict[str, Content], width: int) -> Content:
    """The cells side by side; the least important go until the rest fit."""
    parts = []
    for name, content in found.items():
        wide = room_in(width) if name == "results" else WIDTHS[name]
        cut = content.truncate(wide, ellipsis=True) if content.cell_length > wide else content
        room = wide - cut.cell_length
        parts.append(Part(cut.pad_left(room) if name in RIGHT else cut.pad_right(room), WEIGHTS[name]))
    return fit(parts, width, GAP)


class Heads(Line):
    """The titles over the list."""

    def draw(self, width: int) -> Content:
        titles = {name: Content.styled("" if name == "progress" else name, "$heading") for name in WIDTHS}
        titles["age"] = Content.styled("time", "$heading")
        titles["progress"] = Content(" ")
        return Content(" " * MARK) + laid_out(titles, width - MARK)


class BatchList(Rows, can_focus=True):
    """The batches, newest first."""

    class Moved(Message):
        """Another batch is highlighted."""

    class Opened(Message):
        """The highlighted one was clicked again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(self.draw_row, id=id)
        self.batches: Sequence[Batch] = ()
        self.now: datetime | None = None

    @property
    def chosen(self) -> Batch | None:
        return self.batches[self.highlighted] if 0 <= self.highlighted < len(self.batches) else None

    def put(self, batches: Sequence[Batch], now: datetime) -> None:
        """Show these; the same one stays highlighted."""
        before = self.chosen
        self.batches, self.now = batches, now
        self.choosable = (True,) * len(batches)
        self.virtual_size = Size(0, len(batches))
        at = next((at for at, each in enumerate(batches) if before is not None and each.id == before.id), 0)
        self.highlighted = at if batches else -1
        self.refresh()

    def draw_row(self, at: int, width: int) -> Content:
        if self.now is None:
            return Content("")
        mark = Content.styled(self.pointer if at == self.highlighted else "  ", "$primary")
        return mark + laid_out(cells(self.batches[at], self.now, room_in(width - MARK)), width - MARK)

    def watch_highlighted(self) -> None:
        super().watch_highlighted()
        self.post_message(self.Moved())
