"""What the side-by-side view shows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.compare import Differing
    from workbench.core.facts import Fact
    from workbench.ui.widgets.conversation_entry import Entry


@dataclass(frozen=True, slots=True)
class Head:
    """The lines above the lanes: what is asked, what they share, what differs."""

    prompt: str = ""
    same: tuple[str, ...] = ()
    """The most important first: what doesn't fit goes from the end."""
    differs: tuple[Differing, ...] = ()
    hint: str = ""
    """Stands behind the prompt; where there is only one lane, it says in the last line how to get another."""


@dataclass(frozen=True, slots=True)
class Card:
    """One lane."""

    id: str
    number: int
    """From 1; its colour is the lane colour of that number, those after the eighth begin again."""
    name: str = ""
    chips: tuple[str, ...] = ()
    """The values that differ, in the order of the header."""
    sign: str = ""
    """One character of how it stands: `⠹`, `✓`, `✗`, `!`."""
    tone: str = ""
    """Of sign and state: `ok`, `warning`, `problem`, or nothing special."""
    state: str = ""
    """In words: `streaming`, `waiting for output tokens · 12s`, `interrupted`."""
    entries: tuple[Entry, ...] = ()
    """Without the answer that is still growing: that is fed to the lane's view."""
    facts: tuple[Fact, ...] = ()
    """The whole line of facts, for where the lane has the width to itself."""
    rates: tuple[float, ...] = ()
    """Tokens a second over the answer, for the sparkline."""
    tail: str = ""
    """The end of the text."""
    out: str = ""
    """Such as `112 out`."""
    cost: str = ""
    ttft: str = ""
    rate: str = ""
    cheapest: bool = False
    fastest: bool = False
    """Whether its first token came soonest."""
    baseline: bool = False
    older: str = ""
    """In words, that the values of the lane are no more those that made its answer."""
    ttft_share: float | None = None
    """Time to first token against that of the slowest lane, 0 to 1."""
