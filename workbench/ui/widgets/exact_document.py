"""What a text field holds, to the character: Textual's own makes line ends alike, and drops some."""

from __future__ import annotations

from typing import overload

from textual.document._document import Document, EditResult, Location

from workbench.ui.visible import visible


class ExactDocument(Document):
    """Lines end at a newline and nowhere else; every other character, a carriage return too, is one of its line.

    `text` and `get_text_range` give what is held. The lines that the field wraps, measures and draws have pictures
    where a character must not reach the terminal: letter for letter, so that every location means the same in both.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._newline = "\n"
        self._lines = text.split("\n")
        self._shown = [visible(line) for line in self._lines]

    @property
    def lines(self) -> list[str]:
        """The lines as they are shown."""
        return self._shown

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        return self._shown[line_index]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put `text` in place of what stands between two locations; the only way that a document changes."""
        (top, left), (bottom, right) = top_left, bottom_right = sorted((start, end))
        replaced = self.get_text_range(top_left, bottom_right)
        before = self._lines[top][:left] if top < len(self._lines) else ""
        after = self._lines[bottom][right:] if bottom < len(self._lines) else ""
        inserted = text.split("\n")
        inserted[0] = before + inserted[0]
        column = len(inserted[-1])
        inserted[-1] += after
        self._lines[top : bottom + 1] = inserted
        self._shown[top : bottom + 1] = [visible(line) for line in inserted]
        return EditResult((top + len(inserted) - 1, column), replaced)
