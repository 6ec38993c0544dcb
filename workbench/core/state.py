"""How far a run has come, and how it ended (the seven end states of the faults list)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.core.errors import Problem


CHARACTERS_PER_TOKEN = 3.5
"""Of ordinary prose; used only until the server has counted."""


class State(StrEnum):
    """The one way in which a run ended."""

    COMPLETE = "complete"
    """`message_stop` was seen."""
    UNCONFIRMED = "unconfirmed"
    """A stop reason and the final usage were seen, but no `message_stop`."""
    CANCELLED = "cancelled"
    """The user stopped it."""
    INTERRUPTED = "interrupted"
    """Bytes were coming, then the stream ended without a verdict."""
    REJECTED = "rejected"
    """The server answered with an error: an HTTP status, or an `error` event."""
    UNREACHABLE = "unreachable"
    """No response head ever arrived."""
    MALFORMED = "malformed"
    """The answer is not a Messages stream."""


FULL_STATES: Final = frozenset({State.COMPLETE, State.UNCONFIRMED})
"""Ends at which the whole answer and its count are there."""


class Phase(StrEnum):
    """What a run is doing now."""

    QUEUED = "queued"
    """Not sent yet: `Run.queued` says why, while it waits for its turn."""
    CONNECTING = "connecting"
    WAITING = "waiting"
    """The request is sent, no event has come."""
    STREAMING = "streaming"
    RETRYING = "retrying"
    """Between two attempts: `Run.waiting` says for how long."""
    ASKING = "asking"
    """The wait is so long that the user decides."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The pause before the next attempt, for the countdown."""

    attempt: int
    """The attempt that failed, counted from 1."""
    problem: Problem
    seconds: float
    until: float
    """On the engine's monotonic clock."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Why a run has not been sent yet: another's turn, or a bucket that is nearly empty."""

    reason: str
    """Empty for its turn; else `requests`, `input tokens`, `output tokens`, `tokens`, `rate limit` or `the cache`."""
    until: float | None
    """On the engine's monotonic clock, an estimate; None where it isn't known."""

    def text(self, now: float) -> str:
        """`waiting for output tokens · 12s`; `now` on the same clock."""
        what = {"": "its turn", "rate limit": "the rate limit"}.get(self.reason, self.reason)
        left = "" if self.until is None else f" · {max(math.ceil(self.until - now), 0)}s"
        return f"waiting for {what}{left}"
