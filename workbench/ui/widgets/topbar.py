"""The top line: which session, saved or not; which screen; which model answers, where, with which key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive

from workbench.core.safe import display
from workbench.ui.fit import Part, fit, joined, spread
from workbench.ui.widgets.line import Line

TABS: Final = {"chat": "Chat", "compare": "Compare", "sweep": "Sweep", "runs": "Runs"}
"""The screens, by the command that goes there."""
SELDOM: Final = {"batches": "Batches"}
"""Those that are named while they are up."""
GAP: Final = Content("  ")
HOST: Final = 30
"""Columns that a host may take."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the top line shows."""

    title: str = ""
    unsaved: bool = False
    read_only: bool = False
    model: str = ""
    endpoint: str = ""
    host: str = ""
    """Where it is, unless it is the official address."""
    simulated: bool = False
    key: str = ""
    proxy: str = ""
    lane: str = ""
    """Which lane is in focus, where there are several."""
    banner: tuple[str, ...] = ()
    """What a person must know about the file, on a line of its own; the first matters most."""
    tab: str = "chat"
    """The screen that is up, by its command; nothing where it is none of them."""


class TopBar(Line):
    """Draws the heading handed to it; a click on a screen's name goes there."""

    heading: reactive[Heading] = reactive(Heading())

    _start = 0
    """The column where the names of the screens were drawn."""

    class Pressed(Message):
        """The name of a screen was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def watch_heading(self, before: Heading, after: Heading) -> None:
        if bool(before.banner) != bool(after.banner):
            self.styles.height = 2 if after.banner else 1

    def render(self) -> Content:
        line = super().render()
        if not self.heading.banner:
            return line
        width = self.content_size.width
        return Content("\n").join([line, banner(self.heading.banner, width)])

    def draw(self, width: int) -> Content:
        shown = self.heading
        title = Content.assemble(("◆ ", "$accent"), (display(shown.title) or "untitled", "bold $foreground"))
        marks = Content.styled(" ●" * shown.unsaved + " read-only" * shown.read_only, "$warning")
        parts = [
            Part(Content.styled(display(shown.lane), "$accent"), 70),
            Part(Content.styled(display(shown.model), "$soft"), 40),
            Part(Content.styled(display(shown.endpoint), "bold $warning" if shown.simulated else "$muted"), 60),
            Part(Content.styled(display(_end_of(shown.host)), "$muted"), 65),
            Part(Content.styled(display(shown.key), "$muted"), 20),
            Part(Content.styled(f"via {display(_end_of(shown.proxy))}" if shown.proxy else "", "$warning"), 50),
        ]
        whole = joined([part.content for part in parts if part.content.cell_length], GAP)
        tabs = self._tabs()
        start = self._start = _tabs_at(width, (title + marks).cell_length, tabs.cell_length, whole.cell_length)
        beside = width - start - tabs.cell_length - len(GAP) if start else max(width - 12, 0) * 2 // 3
        right = fit(parts, beside, GAP)
        room = (start - 1 if start else max(width - right.cell_length - 2, 0)) - marks.cell_length
        left = (title.truncate(max(room, 0), ellipsis=True) if title.cell_length > room else title) + marks
        if start:
            left = left.pad_right(max(start - left.cell_length, 0)) + tabs
        return spread(left, right, width)

    @property
    def _named(self) -> dict[str, str]:
        """The screens that are named now."""
        up = self.heading.tab
        return {**TABS, **({up: SELDOM[up]} if up in SELDOM else {})}

    def _tabs(self) -> Content:
        lit = "bold $background on $primary"
        return Content.assemble(
            *((f" {name} ", lit if command == self.heading.tab else "$muted") for command, name in self._named.items())
        )

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for command, at in self._starts() if offset is not None else ():
            if offset is not None and at <= offset.x < at + len(self._named[command]) + 2:
                self.post_message(self.Pressed(command))

    def _starts(self) -> Iterator[tuple[str, int]]:
        """The screens by their command, and the column where the name of each begins, if they were drawn."""
        at = self._start
        for command, name in self._named.items() if at else ():
            yield command, at
            at += len(name) + 2

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The names of the screens, for the jump labels."""
        return ((command, self.content_region.offset + Offset(at, 0)) for command, at in self._starts())

    def jump_to(self, key: str) -> None:
        self.post_message(self.Pressed(key))


def banner(words: tuple[str, ...], width: int) -> Content:
    """What is the matter, and as much of what to do as has room."""
    parts = [Part(Content.styled(f"! {display(words[0])}", "bold $warning"), 100)]
    parts += [Part(Content.styled(display(each), "$muted"), 50 - at) for at, each in enumerate(words[1:])]
    return fit(parts, width, Content.styled(" · ", "$dim"))


def _end_of(place: str) -> str:
    """The end of a long host, which says whose it is."""
    return place if len(place) <= HOST else f"…{place[1 - HOST :]}"


def _tabs_at(width: int, left: int, tabs: int, right: int) -> int:
    """The column where the names of the screens begin; 0 where they have no room.

    In the middle, or as far to the left of it as what stands at the right needs and what stands at the left allows.
    """
    if width < 2 * tabs + 4:
        return 0
    middle = (width - tabs) // 2
    wanted = width - tabs - len(GAP) - right
    return min(middle, max(wanted, left + 2))
