"""The prompt editor: what is typed here is what is sent."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from workbench.core.template import SLOT
from workbench.ui.widgets.editor import Editor


class Prompt(Editor):
    """A text field that grows with its text, colours variables, and knows where its first line ends."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"prompt--variable"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+underscore", "undo", "Undo", show=False)]

    class Run(Message):
        """Enter was pressed, where Enter runs."""

    def __init__(self, *, enter_runs: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(compact=False, id=id)
        self.enter_runs = enter_runs
        self.border_title = "prompt"

    def get_line(self, line_index: int) -> Text:
        """The line with its `{{variables}}` coloured."""
        line = super().get_line(line_index)
        if "{{" in line.plain:
            style = self.get_component_rich_style("prompt--variable", partial=True) or Style(bold=True)
            for match in SLOT.finditer(line.plain):
                if not match[1]:
                    line.stylize(style, match.start(), match.end())
        return line

    def action_copy(self) -> None:
        """^C is the screen's: it copies in the first way that works, or stops the run."""
        raise SkipAction

    async def _on_key(self, event: events.Key) -> None:
        if self.enter_runs and event.key in {"enter", "ctrl+j"}:
            event.stop()
            event.prevent_default()
            if event.key == "enter":
                self.post_message(self.Run())
            else:
                self.insert("\n")
