"""What went over the wire for one run, byte for byte, for the wire view; the key is masked in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.core.errors import Problem
from workbench.core.masking import Flow


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt that failed."""

    problem: Problem
    seconds: float
    """How long it took."""
    waited: float | None = None
    """Seconds until the next attempt, planned; None where none followed."""


@dataclass(slots=True)
class Wire:
    """Hand an empty one to the runner: it fills it while it streams."""

    url: str = ""
    route: str = ""
    """What was on the way: a proxy, certificates of the user's own."""
    signed_by: str = ""
    """Where the credentials were found that signed it; empty where a key was sent, or none."""
    request_headers: dict[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    status: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    """Seconds since the last attempt began, and the bytes that came then."""
    tries: list[Try] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    """What of the stream made no sense, as the run notes it."""
    keep: bool = True
    """Whether the pieces are kept; they are as large as the answer."""

    hear: Callable[[bytes], None] | None = None
    """Takes each piece of an answer as it comes, as a journal does; what an error says is none."""

    flow: Flow = field(default_factory=Flow, repr=False)
    """Takes the key out of what comes, where a server sends it back."""

    def add(self, seconds: float, piece: bytes) -> None:
        if self.hear is not None or self.keep:
            self._take(seconds, self.flow.feed(piece))

    def end(self, seconds: float) -> None:
        """No more comes in this attempt."""
        self._take(seconds, self.flow.rest())

    def _take(self, seconds: float, piece: bytes) -> None:
        if not piece:
            return
        if self.hear is not None and 200 <= (self.status or 0) < 300:
            self.hear(piece)
        if self.keep:
            self.pieces.append((seconds, piece))
