"""The status strip: limits, speed and cost, on every screen."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from workbench.ui.meters import Meters, draw
from workbench.ui.widgets.line import Line


class StatusStrip(Line):
    """Draws the meters handed to it."""

    meters: reactive[Meters] = reactive(Meters())

    def draw(self, width: int) -> Content:
        return draw(self.meters, width)
