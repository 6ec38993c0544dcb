"""What is set, as a row of chips: the parameter panel of a narrow terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from workbench.core.safe import display
from workbench.ui.fit import Part, fit
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
        parts = [Part(_chip(chip), 90 - at) for at, chip in enumerate(self.chips)]
        return fit(parts, width, GAP)

    def spots(self) -> list[tuple[str, int]]:
        """The chips that show, and the cell where each begins: what doesn't fit goes from the end."""
        found: list[tuple[str, int]] = []
        left = 0
        for chip in self.chips:
            right = left + _chip(chip).cell_length
            if found and right > self.content_size.width:
                break
            found.append((chip.key, left))
            left = right + GAP.cell_length
        return found

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed())


def _chip(chip: Chip) -> Content:
    return Content.styled(f" {display(chip.text)} ", "$accent on $panel" if chip.changed else "$soft on $panel")
