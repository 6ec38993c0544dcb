"""What was typed or pasted, to the character, where Textual would change it."""

from __future__ import annotations

from unicodedata import category

from textual import events


def typed(event: events.Key) -> str | None:
    """The character of a key that writes one, where Textual would not take it.

    Python calls no space but the common one printable, and no joiner: the wide space of a Japanese keyboard would be
    lost, and the inside of an emoji.
    """
    character = event.character
    if event.is_printable or character is None or category(character) not in {"Zs", "Cf", "Co", "Cn"}:
        return None
    return character


def pasted(text: str) -> str:
    """What was copied: most terminals send each line's end of a paste as the enter key would, a carriage return."""
    return text if "\n" in text else text.replace("\r", "\n")
