"""A word that stands where a session is meant, and looks like a command."""

from __future__ import annotations

from difflib import get_close_matches

from workbench.cli.arguments import COMMANDS, PROGRAM, UsageError


def check_screen_file(word: str | None, *, exists: bool) -> None:
    """Raises UsageError for a mistyped or misplaced command, which would open a session of that name."""
    if word is None or exists or not word.isalpha():
        return
    if word in COMMANDS:
        raise UsageError(f"the command goes first: {PROGRAM} {word} …")
    if word == "help":
        raise UsageError(f"{PROGRAM} --help says what there is")
    if near := get_close_matches(word, COMMANDS, n=1, cutoff=0.66):
        raise UsageError(f"there is no file or command {word}; did you mean {near[0]}? (a session: ./{word})")
