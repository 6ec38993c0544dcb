"""Which keys reach a program at all: terminals send some as others, swallow some, and text fields take some."""

from __future__ import annotations

from typing import Final

from workbench.ui.commands import label

SENT_AS: Final = {
    "ctrl+h": "backspace",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "esc",
    "alt+enter": "enter",
    "shift+backspace": "backspace",
}
"""What most terminals send in their place; a command there would take that key too, or never be heard."""
NEEDED: Final = {
    "enter": "opens and writes a new line",
    "tab": "goes to the next field",
    "shift+tab": "goes to the field before",
    "backspace": "deletes in text",
    "escape": "goes back",
}
"""Keys that every screen needs, and what for."""
RARE: Final = {"ctrl+enter", "shift+enter", "ctrl+tab", "ctrl+shift+tab", "ctrl+full_stop", "ctrl+backspace"}
"""Arrive only with newer keyboard protocols."""
IN_TEXT: Final = {f"ctrl+{letter}" for letter in "adekuvwxyz"} | {"f6", "f7"}
"""A text field takes these for editing."""
PREFIXES: Final = {"ctrl+a": "screen", "ctrl+b": "tmux"}
"""The key each of these keeps for itself."""


def forbidden(key: str) -> str:
    """Why no command can have this key, or nothing."""
    if key in SENT_AS:
        return f"{label(key)} can't be told from {SENT_AS[key]} in most terminals"
    if key in NEEDED:
        return f"{label(key)} {NEEDED[key]}"
    parts = key.split("+")
    if "alt" in parts[:-1] and not (len(parts[-1]) == 1 and parts[-1].isalpha()):
        return f"{key} arrives as another character in most terminals"
    if key in {"ctrl+@", "ctrl+space"}:
        return "ctrl+space has two names, and input methods take it"
    if parts[0] == "ctrl" and parts[-1].isdecimal():
        return f"{key} doesn't arrive in most terminals"
    return ""


def doubtful(key: str) -> str:
    """Where this key won't do, if a command gets it; or nothing."""
    if key in PREFIXES:
        return f"{PREFIXES[key]} keeps {label(key)} for itself"
    if key in RARE:
        return f"{label(key)} arrives only in newer terminals: keep a second key"
    if key.startswith("alt+"):
        return f"{key} types a character in many terminals"
    if key in IN_TEXT:
        return f"a text field takes {label(key)} for editing: works outside text only"
    if len(key) == 1 or (key.isidentifier() and key.islower() and "_" in key):
        return "a plain character works outside text only"
    return ""
