"""A line to type into over or under a list: what to find, or what to filter by."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from workbench.core.safe import display
from workbench.ui.widgets.field import Field

SHARE: Final = 0.55
"""Of a line's width what is said may have, beside the field."""


class SearchLine(Horizontal):
    """A word, a field, and what came of it; its screen hears the field's own messages."""

    DEFAULT_CSS = """
    SearchLine { height: 1; background: $panel; padding: 0 1; display: none; }
    SearchLine .search-word { width: auto; color: $muted; }
    SearchLine Field { width: 1fr; border: none; height: 1; background: $panel; }
    SearchLine .search-said { width: auto; max-width: 60%; padding: 0 0 0 1; color: $muted; }
    SearchLine.-long { height: auto; layout: grid; grid-size: 2; grid-columns: auto 1fr; grid-rows: 1 auto; }
    SearchLine.-long .search-said { column-span: 2; width: 100%; max-width: 100%; height: auto; padding: 0; }
    """

    def __init__(self, word: str, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.word = word
        self._needs = 0
        """Cells of what is said."""
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
        said = Content.styled(display(text), style)
        self.said.update(said)
        self._needs = said.cell_length
        self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """What its line has no room for goes under it."""
        self.set_class(self._needs > self.size.width * SHARE, "-long")
