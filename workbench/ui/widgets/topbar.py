"""The top line: which session, saved or not; which model answers, where, with which key."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive

from workbench.core.safe import display
from workbench.ui.fit import Part, fit, spread
from workbench.ui.widgets.line import Line


@dataclass(frozen=True, slots=True)
class Heading:
    """What the top line shows."""

    title: str = ""
    unsaved: bool = False
    read_only: bool = False
    model: str = ""
    endpoint: str = ""
    simulated: bool = False
    key: str = ""
    proxy: str = ""


class TopBar(Line):
    """Draws the heading handed to it."""

    heading: reactive[Heading] = reactive(Heading())

    def draw(self, width: int) -> Content:
        shown = self.heading
        left = Content.assemble(("◆ ", "$accent"), (display(shown.title) or "untitled", "bold $foreground"))
        if shown.unsaved:
            left += Content.styled(" ●", "$warning")
        if shown.read_only:
            left += Content.styled(" read-only", "$warning")
        parts = [
            Part(Content.styled(display(shown.model), "$soft"), 40),
            Part(Content.styled(display(shown.endpoint), "bold $warning" if shown.simulated else "$muted"), 60),
            Part(Content.styled(display(shown.key), "$muted"), 20),
            Part(Content.styled(f"via {display(shown.proxy)}" if shown.proxy else "", "$warning"), 50),
        ]
        return spread(left, fit(parts, max(width - 12, 0) * 2 // 3, Content("  ")), width)
