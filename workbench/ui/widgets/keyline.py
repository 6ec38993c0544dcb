"""The bottom line: the few keys that matter here."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive

from workbench.ui.fit import Part, fit
from workbench.ui.widgets.line import Line


class KeyLine(Line):
    """Keys and words, the most useful first; what doesn't fit goes from the end, but for the last: help.

    A click does what the key does.
    """

    hints: reactive[tuple[tuple[str, str, str], ...]] = reactive(())
    """Each a key, a word, and the command's id."""

    def draw(self, width: int) -> Content:
        last = len(self.hints) - 1
        parts = [
            Part(Content.assemble((key, "bold $accent"), (f" {word}", "$soft")), 90 if at == last else 80 - at)
            for at, (key, word, _) in enumerate(self.hints)
        ]
        return fit(parts, width, Content(" "))

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        line, start = f"{self.draw(self.content_size.width).plain} ", 0
        for key, word, command in self.hints if offset is not None else ():
            text = f"{key} {word} "
            if line.startswith(text, start):
                if offset is not None and start <= offset.x < start + len(text) - 1:
                    await self.screen.run_action(f"command('{command}')")
                    return
                start += len(text)
