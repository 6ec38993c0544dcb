"""How a command line is read: one sentence for a mistake, and no guesses."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NoReturn

PROGRAM: Final = "workbench"
DASHES: Final = "\0--"
"""Stands for a value of `--` inside argparse, which drops one; no argument can hold a NUL."""


class UsageError(ValueError):
    """Bad usage or bad input: one sentence for standard error, and exit status 2."""


class Parser(argparse.ArgumentParser):
    """argparse whose complaint is one sentence, and whose options are never abbreviated."""

    def __init__(self, prog: str, **texts: str) -> None:
        super().__init__(prog=prog, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **texts)  # type: ignore[arg-type]  # typeshed types every keyword at once

    def error(self, message: str) -> NoReturn:
        options = [name for action in self._actions for name in action.option_strings if name.startswith("--")]
        unknown = next(
            (word for word in message.split() if message.startswith("unrecognized") and word[:2] == "--"), ""
        )
        near = get_close_matches(unknown.partition("=")[0], options, n=1)
        hint = f"did you mean {near[0]}?" if near else f"see {self.prog} --help"
        raise UsageError(f"{message}; {hint}")

    def parse(self, words: Iterable[str]) -> argparse.Namespace:
        """Raises UsageError. An option that wants a value takes the next word, whatever it begins with."""
        wanting = {name for action in self._actions if action.nargs is None for name in action.option_strings}
        joined: list[str] = []
        rest = iter(words)
        for word in rest:
            value = next(rest, None) if word in wanting and word.startswith("--") else None
            joined.append(word if value is None else f"{word}={DASHES if value == '--' else value}")
            if word == "--":
                joined.extend(rest)
        options = self.parse_args(joined)
        for name, value in vars(options).items():
            if value == DASHES or (isinstance(value, list) and DASHES in value):
                setattr(options, name, "--" if value == DASHES else [_plain(each) for each in value])
        return options


def _plain(value: str) -> str:
    return "--" if value == DASHES else value
