"""The bottom line: the few keys that matter here."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from workbench.ui.fit import Part, fit
from workbench.ui.widgets.line import Line


class KeyLine(Line):
    """Keys and words, the most useful first; what doesn't fit goes from the end, but for the last: help."""

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(())

    def draw(self, width: int) -> Content:
        last = len(self.hints) - 1
        parts = [
            Part(Content.assemble((key, "bold $accent"), (f" {word}", "$soft")), 90 if at == last else 80 - at)
            for at, (key, word) in enumerate(self.hints)
        ]
        return fit(parts, width, Content(" "))
