"""What is set, as a row of chips: the parameter panel of a narrow terminal."""

from __future__ import annotations

from dataclasses import dataclass

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


class Chips(Line):
    """Draws the chips; a click asks for the panel."""

    class Pressed(Message):
        """The chips were clicked: the person wants the parameters."""

    chips: reactive[tuple[Chip, ...]] = reactive(())

    def draw(self, width: int) -> Content:
        parts = [
            Part(
                Content.styled(f" {display(chip.text)} ", "$accent on $panel" if chip.changed else "$soft on $panel"),
                90 - at,
            )
            for at, chip in enumerate(self.chips)
        ]
        return fit(parts, width, Content(" "))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed())
