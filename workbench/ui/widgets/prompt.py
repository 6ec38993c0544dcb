"""The prompt editor: what is typed here is what is sent."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets.text_area import Selection

from workbench.core.template import SLOT
from workbench.ui import pasting
from workbench.ui.typing import pasted
from workbench.ui.widgets.editor import Editor


class Prompt(Editor):
    """A text field that grows with its text, colours variables, and knows where its first line ends."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"prompt--variable"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+underscore", "undo", "Undo", show=False)]

    class Run(Message):
        """Enter was pressed, where Enter runs."""

    class Pasted(Message):
        """Something was pasted: text that is in the field, or that is too long to be read there."""

        def __init__(self, text: str, *, large: bool, back: bool = False) -> None:
            super().__init__()
            self.text = text
            self.large = large
            """Whether it is to go along as an attachment, and is not in the field."""
            self.back = back
            """Whether it is to be put into the field after all."""

    def __init__(self, *, enter_runs: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(compact=False, id=id)
        self.add_class("-writing", update=False)  # in Compare it shows while one writes in it
        self.enter_runs = enter_runs
        self.border_title = "prompt"
        self._kept_out: tuple[str, Selection, str] | None = None
        """The text when a paste was kept out of it, where that would have gone, and the paste."""

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

    async def _on_paste(self, event: events.Paste) -> None:
        text = pasted(event.text)
        if self.read_only or pasting.refusal(text):
            return
        if pasting.is_large(text):
            event.stop()
            event.prevent_default()
            self._kept_out = (self.text, self.selection, text)
        self.post_message(self.Pasted(text, large=pasting.is_large(text)))

    def action_undo(self) -> None:
        """Take the last change back; of a paste that became an attachment, that it did."""
        if self._kept_out is not None and self._kept_out[0] == self.text:
            self.post_message(self.Pasted(self._kept_out[2], large=True, back=True))
        else:
            super().action_undo()

    def put_back(self) -> None:
        """The paste that was kept out, where it would have gone."""
        if self._kept_out is not None:
            _, selection, text = self._kept_out
            self._kept_out = None
            if result := self._replace_via_keyboard(text, *selection):
                self.move_cursor(result.end_location)
            self.focus()

    async def _on_key(self, event: events.Key) -> None:
        if self.enter_runs and event.key in {"enter", "ctrl+j"}:
            event.stop()
            event.prevent_default()
            if event.key == "enter":
                self.post_message(self.Run())
            else:
                self.insert("\n")
