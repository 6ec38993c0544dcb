"""The variables that the program was started with, held so that none of their values shows by accident."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping


class Environment(Mapping[str, str]):
    """Variables that can be asked for by name; printed, it says how many they are."""

    __slots__ = ("_all",)

    def __init__(self, variables: Mapping[str, str]) -> None:
        held = dict(variables)
        self._all: Callable[[], Mapping[str, str]] = lambda: held

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"{len(self)} variables"

    def __copy__(self) -> Environment:
        return self

    def __deepcopy__(self, memo: object) -> Environment:
        return self


def take(secret: Iterable[str]) -> Environment:
    """The variables of now; the secret ones are then this program's alone.

    An editor, a clipboard tool or a browser that is started later has no business with a key.
    """
    found = Environment(os.environ)
    for name in secret:
        os.environ.pop(name, None)
    return found
