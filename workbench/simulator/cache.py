"""Prompt caching by real prefixes: tools, then system, then messages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator import weigh
from workbench.simulator.ask import canonical
from workbench.simulator.chance import digest
from workbench.simulator.errors import invalid

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.shape import Block

LOOKBACK: Final = 20
"""How many blocks before a breakpoint are searched for an entry."""
BREAKPOINTS: Final = 4
LIFETIMES: Final = {"5m": 300.0, "1h": 3600.0}
UNCACHEABLE: Final = ("thinking", "redacted_thinking")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request's prefix: what each block weighs, is called up to there, and asks to be cached for."""

    weights: tuple[int, ...]
    names: tuple[bytes, ...]
    breakpoints: tuple[tuple[int, str], ...]
    """Block numbers, ascending, each with its lifetime."""
    minimum: int

    @property
    def total(self) -> int:
        return sum(self.weights)


@dataclass(frozen=True, slots=True)
class Split:
    """How a prompt's tokens are billed."""

    uncached: int
    written_5m: int = 0
    written_1h: int = 0
    read: int = 0

    @property
    def limited(self) -> int:
        """What counts against the input limit: all but what was read from the cache."""
        return self.uncached + self.written_5m + self.written_1h


@dataclass(slots=True)
class Entry:
    lifetime: str
    expires: float


def prompt_of(ask: Ask) -> Prompt:
    """Raises ApiError 400 when there are too many breakpoints, or an hour's after a shorter one."""
    model = ask.model
    weights: list[int] = []
    names: list[bytes] = []
    asked: list[tuple[int, str]] = []
    thinking = (ask.thinking, ask.budget)
    name = digest(model.id, ask.fast, ask.effort, thinking)

    def add(block: Block, kind: str, extra: int) -> None:
        nonlocal name
        name = digest(name, kind, canonical({k: v for k, v in block.items() if k != "cache_control"}))
        control = block.get("cache_control")
        if control:
            asked.append((len(weights), str(cast("Block", control).get("ttl") or "5m")))
        weights.append(weigh.block(block, model) + extra)
        names.append(name)

    for at, tool in enumerate(ask.tools):
        add(tool, "tool", 0 if at else weigh.hidden_for_tools(ask.tool_choice))
    for block in ask.system:
        add(block, "system", 0)
    for turn in ask.turns:
        for at, block in enumerate(turn.blocks):
            add(block, turn.role, 0 if at else weigh.MESSAGE)
    if ask.automatic_cache:
        cacheable = _last_cacheable(ask)
        if cacheable is not None and all(at != cacheable for at, _ in asked):
            asked.append((cacheable, str(ask.automatic_cache.get("ttl") or "5m")))
    asked.sort()
    if len(asked) > BREAKPOINTS:
        raise invalid(f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided. Found {len(asked)}.")
    lifetimes = [lifetime for _, lifetime in asked]
    if lifetimes != sorted(lifetimes):
        raise invalid(
            "cache_control: a ttl='1h' block must not come after a ttl='5m' block. "
            "Note that blocks are processed in the following order: `tools`, `system`, `messages`."
        )
    weights[0] += weigh.ANSWER
    return Prompt(tuple(weights), tuple(names), tuple(asked), model.cache_minimum)


def _last_cacheable(ask: Ask) -> int | None:
    kinds = [block.get("type") for block in (*ask.tools, *ask.system)]
    kinds += [block.get("type") for turn in ask.turns for block in turn.blocks]
    return next((at for at in reversed(range(len(kinds))) if kinds[at] not in UNCACHEABLE), None)


class Cache:
    """What was written, by the prefix's name; times are monotonic seconds."""

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}

    def look_up(self, prompt: Prompt, now: float) -> Split:
        """How this prompt would be billed at this moment; changes nothing but forgets what is too old."""
        self._entries = {name: each for name, each in self._entries.items() if each.expires > now}
        sums = list(accumulate(prompt.weights))
        wanted = [each for each in prompt.breakpoints if sums[each[0]] >= prompt.minimum]
        if not wanted:
            return Split(prompt.total)
        hit = self._hit(prompt)
        read = sums[hit] if hit is not None else 0
        written = dict.fromkeys(LIFETIMES, 0)
        done = read
        for at, lifetime in wanted:
            written[lifetime] += max(0, sums[at] - done)
            done = max(done, sums[at])
        return Split(prompt.total - done, written["5m"], written["1h"], read)

    def _hit(self, prompt: Prompt) -> int | None:
        for at, _ in reversed(prompt.breakpoints):
            for before in range(at, max(-1, at - LOOKBACK - 1), -1):
                if prompt.names[before] in self._entries:
                    return before
        return None

    def remember(self, prompt: Prompt, started: float) -> None:
        """Make the prefix readable: called when the response begins, with the time the request began."""
        sums = list(accumulate(prompt.weights))
        hit = self._hit(prompt)
        if hit is not None:
            entry = self._entries[prompt.names[hit]]
            entry.expires = max(entry.expires, started + LIFETIMES[entry.lifetime])
        for at, lifetime in prompt.breakpoints:
            if sums[at] >= prompt.minimum and (hit is None or at > hit):
                self._entries[prompt.names[at]] = Entry(lifetime, started + LIFETIMES[lifetime])
