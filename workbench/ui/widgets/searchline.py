"""A line to type into over or under a list: what to find, or what to filter by."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from workbench.core.safe import display
from workbench.ui.widgets.field import Field


class SearchLine(Horizontal):
    """A word, a field, and what came of it; its screen hears the field's own messages."""

    DEFAULT_CSS = """
    SearchLine { height: 1; background: $panel; padding: 0 1; display: none; }
    SearchLine .search-word { width: auto; color: $muted; }
    SearchLine Field { width: 1fr; border: none; height: 1; background: $panel; }
    SearchLine .search-said { width: auto; max-width: 60%; padding: 0 0 0 1; color: $muted; }
    """

    def __init__(self, word: str, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.word = word
        self.field = Field(placeholder=placeholder)
        self.said = Static("", classes="search-said", markup=False)

    def compose(self) -> ComposeResult:
        yield Static(f"{self.word} ", classes="search-word", markup=False)
        yield self.field
        yield self.said

    @property
    def open(self) -> bool:
        return bool(self.display)

    def show(self) -> None:
        """Open it, and type there."""
        self.display = True
        self.field.focus()

    def hide(self) -> None:
        """Close it, empty."""
        self.field.value = ""
        self.display = False

    def say(self, text: str, style: str = "$muted") -> None:
        self.said.update(Content.styled(display(text), style))
