"""The sections of the wire view as one list of rows, of which only those in sight are drawn."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message

from workbench.core.safe import display
from workbench.ui.fit import Part, fit
from workbench.ui.widgets.rows import Rows
from workbench.ui.wire.section import Match, Section

GAP: Final = " · "
"""Between the notes of a heading, of which the last go first where room is short."""


class Pages(Rows, can_focus=True):
    """Sections under each other, a heading over each; knows which one the cursor is in, and what is looked for."""

    class Moved(Message):
        """The cursor is elsewhere, or what is found changed."""

    def __init__(self) -> None:
        super().__init__(self.draw_row, id="pages")
        self.sections: Sequence[Section] = ()
        self.query_text = ""
        self.matches: list[tuple[int, Match]] = []
        self.match = -1
        self._tops: list[int] = []
        self._laid_out = 0

    # What is shown

    def put(self, sections: Sequence[Section]) -> None:
        """Show these; the cursor stays in the section of the same title, and where it is on the screen."""
        title, within = self._place()
        down = self.highlighted - self.scroll_offset.y
        self.sections = sections
        self._lay_out()
        at = next((at for at, each in enumerate(sections) if each.title == title), 0)
        self.highlighted = self._row(at, within) if sections else -1
        if title:
            self.scroll_to(y=max(self.highlighted - down, 0), animate=False, force=True, immediate=True)
        if self.query_text:
            self.find(self.query_text, stay=True)
        self.refresh()

    def _lay_out(self) -> None:
        """Every section for this width: a heading, its rows, and an empty one."""
        width = self.scrollable_content_region.width
        if not width:
            return
        self._laid_out = width
        self._tops = [0, *accumulate(section.layout(width) + 2 for section in self.sections)]
        count = max(self._tops[-1] - 1, 0)
        self.choosable = (True,) * count
        self.virtual_size = Size(0, count)
        if self.highlighted >= count:
            self.highlighted = count - 1

    def on_resize(self) -> None:
        if self.scrollable_content_region.width != self._laid_out:
            section, within = self.section, self._place()[1]
            self._lay_out()
            if self.sections:
                self.highlighted = self._row(section, within)
        self.reveal()
        self.refresh()

    def draw_row(self, row: int, width: int) -> Content:
        at = max(bisect_right(self._tops, row) - 1, 0)
        section, within = self.sections[at], row - self._tops[at]
        if within == 0:
            return self._heading(section, at, width)
        last = within > self._tops[at + 1] - self._tops[at] - 2
        return Content("") if last else section.draw(within - 1, width)

    def _heading(self, section: Section, at: int, width: int) -> Content:
        here = at == self.section
        title = Content.styled(section.title.upper(), "bold $primary" if here else "bold $heading")
        notes = [each for each in display(section.note).split(GAP) if each]
        parts = [Part(Content.styled(note, "$muted"), 50 - number) for number, note in enumerate(notes)]
        room = width - title.cell_length - 2
        return title + Content("  ") + fit(parts, room, Content.styled(GAP, "$faint")) if room > 0 else title

    # Where one is

    @property
    def section(self) -> int:
        """The number of the section that the cursor is in."""
        return max(min(bisect_right(self._tops, self.highlighted), len(self.sections)) - 1, 0)

    def _place(self) -> tuple[str, int]:
        """The title of that section, and the row in it."""
        if not self.sections or not self._tops:
            return "", 0
        at = self.section
        return self.sections[at].title, max(self.highlighted - self._tops[at], 0)

    def _row(self, section: int, within: int) -> int:
        if not self._tops:
            return 0
        rows = self._tops[section + 1] - self._tops[section] - 2
        return self._tops[section] + min(within, max(rows, 0))

    def go(self, section: int) -> None:
        """To the heading of a section, at the top of the view."""
        if self.sections and self._tops:
            at = max(0, min(section, len(self.sections) - 1))
            self.highlighted = self._tops[at]
            self.scroll_to(y=self._tops[at], animate=False, force=True, immediate=True)

    def watch_highlighted(self) -> None:
        super().watch_highlighted()
        self.post_message(self.Moved())

    def do_more(self) -> None:
        self.go(self.section + 1)

    def do_less(self) -> None:
        """To the heading of this section, from there to the one before."""
        on_heading = bool(self._tops) and self.highlighted == self._tops[self.section]
        self.go(self.section - on_heading)

    # Opening

    def do_enter(self) -> None:
        self.toggle()

    def do_fold(self) -> None:
        self.toggle()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.toggle()

    def toggle(self) -> None:
        """Open or close the event under the cursor; the cursor stays on it."""
        if not self.sections:
            return
        at = self.section
        within = self.highlighted - self._tops[at] - 1
        section = self.sections[at]
        rows = self._tops[at + 1] - self._tops[at] - 2
        if 0 <= within < rows and section.toggle(within):
            self._lay_out()
            opened = max(self._tops[at + 1] - self._tops[at] - 2 - rows, 0)
            region = Region(0, self.highlighted, 1, min(opened, self.page()) + 1)
            self.scroll_to_region(region, animate=False, force=True, immediate=True)
            self.refresh()

    # Finding

    def find(self, text: str, *, stay: bool = False) -> int:
        """Point out where the text stands, in any letters' case, and go to the first from here; how many there are."""
        before = self.match
        self.query_text = text
        pattern = re.compile(re.escape(text), re.IGNORECASE) if text else None
        self.matches = []
        if pattern is not None:
            self.matches = [(at, each) for at, section in enumerate(self.sections) for each in section.find(pattern)]
        self.match = -1
        for section in self.sections:
            section.mark(pattern, None)
        if stay:
            self.match = min(before, len(self.matches) - 1)
        elif self.matches:
            here = (self.section, 0)
            self._show(next((at for at, (section, _) in enumerate(self.matches) if (section, 0) >= here), 0))
        self.post_message(self.Moved())
        self.refresh()
        return len(self.matches)

    def step(self, by: int) -> None:
        """To the next match, or the one before; round at the ends."""
        if self.matches:
            self._show((self.match + by) % len(self.matches))

    def _show(self, at: int) -> None:
        before = self.matches[self.match][0] if 0 <= self.match < len(self.matches) else -1
        self.match = at
        number, match = self.matches[at]
        pattern = re.compile(re.escape(self.query_text), re.IGNORECASE)
        if before >= 0:
            self.sections[before].mark(pattern, None)
        self.sections[number].mark(pattern, match)
        self.highlighted = self._tops[number] + 1 + self.sections[number].reveal(match)
        self.post_message(self.Moved())
        self.refresh()
