"""`Problem`: a failure as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure as sentences; expected failures travel as this value, never as exceptions."""

    title: str
    """What happened, in a few words."""
    detail: str = ""
    """Why: the server's own words, or the system's."""
    hint: str = ""
    """What to do next."""
    retry: bool = False
    """Whether the engine may send the same request again by itself."""
    status: int | None = None
    """The HTTP status, when a response head arrived."""
    type: str | None = None
    """The API's `error.type`, as sent."""

    def __str__(self) -> str:
        return " · ".join(part for part in (self.title, self.detail, self.hint) if part)
