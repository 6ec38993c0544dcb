"""Text as a text field shows it: letter for letter, so that the cursor stands where it seems to."""

from __future__ import annotations

from workbench.core.safe import REPLACEMENT, display


def visible(text: str) -> str:
    """The text with a picture for each character that must not reach the terminal, as long as the text itself."""
    shown = display(text)
    if shown == text:
        return text
    pictures = [display(letter) for letter in text]
    return "".join(picture if len(picture) == 1 else REPLACEMENT for picture in pictures)
