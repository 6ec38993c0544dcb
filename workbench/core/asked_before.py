"""Where a session that names no endpoint asked the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.core.session import Session

SAID: Final = frozenset({"--endpoint", "--base-url", "--replay"})
"""Choices of this time alone, which nobody is surprised by."""


def told(session: Session, name: str, why: str) -> str:
    """A sentence, where that was another endpoint than the one of this name, which `why` chose; empty where not."""
    if session.endpoint is not None or why in SAID:
        return ""
    last = session.runs[-1].endpoint if session.runs else ""
    if last in ("", name):
        return ""
    return f"the session names no endpoint: it asked {last} the last time, and {name} is asked now"
