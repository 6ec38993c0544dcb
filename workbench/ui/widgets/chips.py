"""What is set, as a row of chips: the parameter panel of a narrow terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from workbench.core.safe import display
from workbench.ui.fit import joined
from workbench.ui.widgets.line import Line


@dataclass(frozen=True, slots=True)
class Chip:
    """One parameter that is set."""

    key: str
    text: str
    changed: bool = False
    """Whether it differs from the preset."""


GAP: Final = Content(" ")


class Chips(Line):
    """Draws the chips; a click asks for the panel."""

    class Pressed(Message):
        """The chips were clicked: the person wants the parameters."""

    chips: reactive[tuple[Chip, ...]] = reactive(())

    def draw(self, width: int) -> Content:
        shown = [_chip(chip) for chip in self.chips[: self._room(width)]]
        more = len(self.chips) - len(shown)
        line = joined([*shown, *([_more(more)] if more else [])], GAP)
        return line.truncate(max(width, 0), ellipsis=True) if line.cell_length > width else line

    def spots(self) -> list[tuple[str, int]]:
        """The chips that show, and the cell where each begins."""
        found: list[tuple[str, int]] = []
        left = 0
        for chip in self.chips[: self._room(self.content_size.width)]:
            found.append((chip.key, left))
            left += _chip(chip).cell_length + GAP.cell_length
        return found

    def _room(self, width: int) -> int:
        """How many chips show: what doesn't fit goes from the end, and is counted there."""
        for count in range(len(self.chips), 1, -1):
            more = [_more(len(self.chips) - count)] if count < len(self.chips) else []
            if joined([*map(_chip, self.chips[:count]), *more], GAP).cell_length <= width:
                return count
        return min(len(self.chips), 1)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed())


def _more(count: int) -> Content:
    return Content.styled(f"+{count}", "$dim")


def _chip(chip: Chip) -> Content:
    return Content.styled(f" {display(chip.text)} ", "$accent on $panel" if chip.changed else "$soft on $panel")
