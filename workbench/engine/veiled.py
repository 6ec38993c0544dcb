"""Names and values of which some are secret: asked for by name they are there, printed they are not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping


class Veiled(Mapping[str, str]):
    """Looks like a dict to who asks, and like a number to who lists, prints or copies it."""

    __slots__ = ("_all",)

    def __init__(self, entries: Mapping[str, str]) -> None:
        held = dict(entries)
        self._all: Callable[[], Mapping[str, str]] = lambda: held

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"{len(self)} entries"

    def __copy__(self) -> Veiled:
        return self

    def __deepcopy__(self, memo: object) -> Veiled:
        return self


def environment(secret: Iterable[str]) -> Veiled:
    """The variables of now; the secret ones are this program's alone from then on.

    An editor, a clipboard tool or a browser that is started later has no business with a key.
    """
    found = Veiled(os.environ)
    for name in secret:
        os.environ.pop(name, None)
    return found
