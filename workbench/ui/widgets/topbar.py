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
        title = Content.assemble(("◆ ", "$accent"), (display(shown.title) or "untitled", "bold $foreground"))
        marks = Content.styled(" ●" * shown.unsaved + " read-only" * shown.read_only, "$warning")
        parts = [
            Part(Content.styled(display(shown.model), "$soft"), 40),
            Part(Content.styled(display(shown.endpoint), "bold $warning" if shown.simulated else "$muted"), 60),
            Part(Content.styled(display(shown.key), "$muted"), 20),
            Part(Content.styled(f"via {display(shown.proxy)}" if shown.proxy else "", "$warning"), 50),
        ]
        right = fit(parts, max(width - 12, 0) * 2 // 3, Content("  "))
        room = max(width - right.cell_length - marks.cell_length - 2, 0)
        if title.cell_length > room:
            title = title.truncate(room, ellipsis=True)
        return spread(title + marks, right, width)
