"""The line for finding text in the conversation."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.field import Field


class FindBar(Horizontal):
    """A field and a count; the matches are the view's, whichever is read now."""

    def __init__(self, view: Callable[[], Conversation], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._view = view

    def compose(self) -> ComposeResult:
        yield Static("find ", id="find-label")
        field = Field(placeholder="text")
        field.id = "find-text"
        yield field
        yield Static("", id="find-count", markup=False)

    def on_mount(self) -> None:
        self.display = False

    def open(self) -> None:
        self.display = True
        self.query_one("#find-text", Field).focus()

    def close(self) -> None:
        self.display = False
        self.query_one("#find-text", Field).value = ""
        self._view().find("")

    def step(self, by: int) -> None:
        """To the next or previous match."""
        if not self.query_one("#find-text", Field).value:
            self.open()
            return
        self._view().find_step(by)
        self._count()

    def _count(self) -> None:
        at, of = self._view().found
        self.query_one("#find-count", Static).update(
            f"{at}/{of}" if of else "none" if self.query_one("#find-text", Field).value else ""
        )

    @on(Input.Changed, "#find-text")
    def _look(self, event: Input.Changed) -> None:
        event.stop()
        self._view().find(event.value)
        self._count()

    @on(Input.Submitted, "#find-text")
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self._view().focus()
        else:
            self.close()

    def on_key(self, event: events.Key) -> None:
        if event.key in {"down", "up"}:
            event.stop()
            self.step(1 if event.key == "down" else -1)
