"""The events of an answer as they arrived: their exact bytes, when they were whole, and the gaps between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from workbench.core import events
from workbench.core.sse import Decoder, TooLargeError
from workbench.core.state import CHARACTERS_PER_TOKEN

Pieces: TypeAlias = Sequence[tuple[float, bytes]]
"""What came of a body, and when: seconds since the attempt began."""

BLANK: Final = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
"""Two line ends, which end an event; a CR LF is one of them, and never two."""
FIELD: Final = re.compile(r"(?:\A|(?<=[\r\n]))(event|data)(?::[ ]?([^\r\n]*))?(?=[\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event, or what stood at the end without a blank line."""

    at: float
    """Seconds since the attempt began, when its last byte came."""
    gap: float
    """Seconds since the event before; of the first one, since the attempt began."""
    raw: bytes
    """Its bytes with the blank line; those of all events together are the body."""
    whole: bool = True
    """Whether a blank line ended it: by the standard it is no event otherwise."""

    @property
    def text(self) -> str:
        return self.raw.decode(errors="replace")

    @property
    def name(self) -> str:
        """Its `event:` line; a comment has none, nor do the events of some servers."""
        return _field(self.text, "event")

    @property
    def data(self) -> str:
        """Its `data:` lines; of a comment the comment."""
        return _field(self.text, "data") or ("" if self.name else self.text.strip("\r\n"))


def _field(text: str, name: str) -> str:
    found = FIELD.finditer(text.removeprefix("\ufeff"))
    return "\n".join(match[2] or "" for match in found if match[1] == name)


def arrivals(pieces: Pieces) -> tuple[Arrival, ...]:
    """Every event of a body, however the network cut it."""
    return tuple(_arrivals(pieces))


def _arrivals(pieces: Pieces) -> Iterator[Arrival]:
    body = b"".join(piece for _, piece in pieces)
    number, came = 0, len(pieces[0][1]) if pieces else 0
    start, before = 0, 0.0
    for end in [*(match.end() for match in BLANK.finditer(body)), len(body)]:
        if end == start:
            continue
        while came < end:
            number += 1
            came += len(pieces[number][1])
        at = pieces[number][0]
        raw = body[start:end]
        yield Arrival(at, at - before, raw, end < len(body) or BLANK.search(raw) is not None)
        start, before = end, at


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second over an answer, in equal parts of its time."""

    rates: tuple[float, ...]
    """Of each part; estimated by the characters that came in it."""
    begun: float
    """Seconds since the attempt began, when the first of them came."""
    ended: float

    @property
    def peak(self) -> float:
        return max(self.rates, default=0.0)


def pace(pieces: Pieces, parts: int, tokens: int | None = None) -> Pace | None:
    """How the answer came: so many equal parts of its time. None where nothing came, or all of it at once.

    The characters share out the output tokens that were counted; without a count they are the usual guess.
    """
    came = list(_grown(pieces))
    if not came or parts < 1:
        return None
    begun, ended = came[0][0], came[-1][0]
    seconds = (ended - begun) / parts
    if seconds <= 0:
        return None
    per_character = tokens / sum(size for _, size in came) if tokens else 1 / CHARACTERS_PER_TOKEN
    sums = [0.0] * parts
    for at, size in came:
        sums[min(int((at - begun) / seconds), parts - 1)] += size * per_character
    return Pace(tuple(each / seconds for each in sums), begun, ended)


def _grown(pieces: Pieces) -> Iterator[tuple[float, int]]:
    """The characters of the answer that each piece brought."""
    decoder = Decoder()
    for at, piece in pieces:
        try:
            frames = decoder.feed(piece)
        except TooLargeError:
            return
        size = 0
        for frame in frames:
            match events.parse(frame):
                case events.TextDelta(text=text) | events.ThinkingDelta(thinking=text):
                    size += len(text)
                case events.InputJsonDelta(partial_json=text):
                    size += len(text)
                case _:
                    pass
        if size:
            yield at, size
