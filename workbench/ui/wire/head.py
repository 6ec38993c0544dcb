"""The two lines over the wire: which run it is, and which sections there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive

from workbench.core import facts, stop_reasons
from workbench.core.record import RunRecord
from workbench.core.safe import display
from workbench.core.state import State
from workbench.ui.fit import Part, fit
from workbench.ui.widgets.line import Line

GAP = "  "


def title_of(record: RunRecord) -> tuple[Part, ...]:
    """`run r3 · sonnet-4-6 · ✓ end_turn · 412 out · … · req_…`."""
    model = record.model.removeprefix("claude-") or "no model"
    parts = [
        Part(Content.assemble(("run ", "$muted"), (display(record.id), "bold $foreground")), 100),
        Part(Content.styled(display(model), "bold $primary"), 90),
        Part(sign_of(record) + Content.styled(f" {display(facts.verdict(record).text)}", "$soft"), 95),
    ]
    if record.problem is not None:
        parts.append(Part(Content.styled(display(record.problem.title), "$error"), 85))
    shown = {fact.text for fact in (facts.verdict(record),)}
    parts += [
        Part(Content.styled(display(fact.text), "$muted"), fact.weight // 2)
        for fact in facts.of_record(record)
        if fact.text not in shown
    ]
    if record.request_id:
        parts.append(Part(Content.styled(display(record.request_id), "$dim"), 45))
    return tuple(parts)


def sign_of(record: RunRecord) -> Content:
    """`✓` complete, `…` cut or refused, `!` not quite, `✗` failed, or misses its schema: it reads without colour."""
    match record.state:
        case State.COMPLETE if record.schema_errors:
            return Content.styled("✗", "$error")
        case State.COMPLETE if not stop_reasons.find(record.stop_reason).plain:
            return Content.styled("…", "$warning")
        case State.COMPLETE:
            return Content.styled("✓", "$success")
        case State.UNCONFIRMED | State.CANCELLED | None:
            return Content.styled("!", "$warning")
        case _:
            return Content.styled("✗", "$error")


class Title(Line):
    """Which run this is."""

    content_shown: reactive[tuple[Part, ...]] = reactive(())

    def draw(self, width: int) -> Content:
        return fit(self.content_shown, width, Content.styled(" · ", "$faint"))


class Tabs(Line):
    """The sections by name, the one under the cursor lit; a click goes there."""

    class Pressed(Message):
        """The name of a section was clicked."""

        def __init__(self, section: int) -> None:
            super().__init__()
            self.section = section

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.names: tuple[str, ...] = ()
        self.lit = -1

    def put(self, names: Sequence[str], lit: int) -> None:
        if (tuple(names), lit) != (self.names, self.lit):
            self.names, self.lit = tuple(names), lit
            self.refresh()

    def draw(self, width: int) -> Content:
        line = Content.assemble(
            *(
                (f" {name} ", "bold $on-primary on $primary" if at == self.lit else "$muted")
                for at, name in enumerate(self.names)
            )
        )
        return line.truncate(width, ellipsis=True) if line.cell_length > width else line

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for at, left in self._starts() if offset is not None else ():
            if offset is not None and left <= offset.x < left + len(self.names[at]) + 2:
                self.post_message(self.Pressed(at))

    def _starts(self) -> Iterator[tuple[int, int]]:
        """Each section, and the column where its name begins."""
        left = 0
        for at, name in enumerate(self.names):
            yield at, left
            left += len(name) + 2

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The names of the sections, for the jump labels."""
        return ((str(at), self.content_region.offset + Offset(left, 0)) for at, left in self._starts())

    def jump_to(self, key: str) -> None:
        self.post_message(self.Pressed(int(key)))
