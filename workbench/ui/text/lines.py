"""What is shown, line by line: runs of text, each with the name of its face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Run: TypeAlias = tuple[str, str]
"""A text and its face: names from `palette.FACES`, separated by spaces; "" is body text."""


class Line:
    """One row of finished text, wrapped for one width but not yet coloured."""

    __slots__ = ("fill", "joint", "lead", "prefix", "runs")

    def __init__(
        self,
        runs: Sequence[Run] = (),
        *,
        prefix: Sequence[Run] = (),
        joint: str = "\n",
        lead: str = "",
        fill: str = "",
    ) -> None:
        self.runs: Final = tuple(runs)
        self.prefix: Final = tuple(prefix)
        """Bars, bullets and indents: shown before the text, not part of it."""
        self.joint: Final = joint
        """What stood between the line before and this one: a newline, or the space a wrap swallowed."""
        self.lead: Final = lead
        """What a copy puts where the prefix was, such as `> ` or `- `."""
        self.fill: Final = fill
        """The face of the cells after the text."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    @property
    def copied(self) -> str:
        """The text as a copy has it, without its joint."""
        return (self.lead if self.joint == "\n" else "") + self.text

    def same(self, other: Line) -> bool:
        """Whether both look alike, so that the older one and its strip can stay."""
        return (
            self.runs == other.runs
            and self.prefix == other.prefix
            and self.fill == other.fill
            and self.joint == other.joint
        )

    def __repr__(self) -> str:
        return f"Line({''.join(text for text, _ in self.prefix)!r}, {self.text!r})"


def keep(old: Sequence[Line], new: list[Line]) -> list[Line]:
    """The new lines, with the old objects wherever nothing changed."""
    for at, (before, after) in enumerate(zip(old, new, strict=False)):
        if before.same(after):
            new[at] = before
    return new


def merged(runs: Iterable[Run]) -> list[Run]:
    """The same runs with neighbours of one face joined and empty ones left out."""
    out: list[Run] = []
    for text, face in runs:
        if not text:
            continue
        if out and out[-1][1] == face:
            out[-1] = (out[-1][0] + text, face)
        else:
            out.append((text, face))
    return out


def faced(face: str, more: str) -> str:
    """Both faces, the later one on top."""
    return f"{face} {more}" if face and more else face or more
