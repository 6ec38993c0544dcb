"""Requests that share a cacheable prompt: started together, each of them pays to write it (claude-api §6.7)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.core import breakpoints
from workbench.core.estimate import MESSAGE_OVERHEAD, is_newer
from workbench.core.kinds import Json

if TYPE_CHECKING:
    from workbench.core.breakpoints import Breakpoint
    from workbench.core.models import Catalogue
    from workbench.core.request import Request, Turn

OWN_CACHE: Final = ("model", "speed", "effort", "thinking", "thinking_budget", "tool_choice")
"""Parameters that, where they differ, make another cache."""


LASTS_S: Final = {breakpoints.USUAL: 300.0, breakpoints.HOUR: 3600.0}
"""How long what is cached can be read, from the start of the request that wrote or read it last."""
LOOKS_BACK: Final = 20
"""How many turns before a breakpoint an earlier prompt may have ended and is found."""
Prefix: TypeAlias = tuple[object, ...]
"""What stands before a breakpoint, with the parameters that make another cache."""


@dataclass(frozen=True, slots=True)
class SharedPrefix:
    """Requests that could read what the first of them writes."""

    places: tuple[int, ...]
    """Which of the requests, from 0."""
    tokens: int
    """Of the shared prompt, what isn't cached yet, estimated."""


def shared_prefixes(
    requests: Sequence[Request], catalogue: Catalogue, cached: Set[Prefix] = frozenset()
) -> tuple[SharedPrefix, ...]:
    """The groups of two and more requests that are to be cached up to the same point, after the same prompt.

    A request is in one group: that of the longest prompt that it shares. Of a prompt that is `cached` up to nearly
    there, too little would be written to wait for.
    """
    sharing: dict[Prefix, list[int]] = {}
    sizes: dict[Prefix, tuple[int, int]] = {}
    for at, request in enumerate(requests):
        model = catalogue.recognise(request.params.model)
        least = model.cache_minimum if model else 0
        for each in breakpoints.of_request(request, model):
            if each.tokens >= least:
                new = min(_uncached(request, each, cached, newer=is_newer(model)), each.tokens)
                if new and new >= least:
                    key = _upto(request, each)
                    sharing.setdefault(key, []).append(at)
                    sizes[key] = each.tokens, new
    found: list[SharedPrefix] = []
    taken: set[int] = set()
    for prefix in sorted(sharing, key=lambda each: -sizes[each][0]):
        places = [place for place in dict.fromkeys(sharing[prefix]) if place not in taken]
        if len(places) > 1:
            taken.update(places)
            found.append(SharedPrefix(tuple(places), sizes[prefix][1]))
    return tuple(sorted(found, key=lambda each: each.places))


def left_cached(request: Request, tokens: int, age_s: float, catalogue: Catalogue) -> frozenset[Prefix]:
    """What can still be read of a request that was begun so long ago and had so many tokens written or read."""
    model = catalogue.recognise(request.params.model)
    least = model.cache_minimum if model else 0
    return frozenset(
        _upto(request, each)
        for each in breakpoints.of_request(request, model)
        if least <= each.tokens and 2 * each.tokens <= 3 * tokens and age_s < LASTS_S.get(each.lifetime, 0.0)
    )


def _uncached(request: Request, at: Breakpoint, cached: Set[Prefix], *, newer: bool) -> int:
    """How many tokens of the prompt up to a breakpoint would be written, estimated."""
    if not cached:
        return at.tokens
    if _upto(request, at) in cached:
        return 0
    new = 0
    for turns in reversed(range(max(at.turns - LOOKS_BACK, 0), at.turns)):
        turn = request.turns[turns]
        new += MESSAGE_OVERHEAD + turn.tokens[newer]
        new += sum(each.tokens(None) for each in turn.media if each.kind != "text")
        if _before(request, turns) in cached:
            return new
    return at.tokens


def _upto(request: Request, at: Breakpoint) -> Prefix:
    """What stands before a breakpoint, and so must be the same."""
    if at.where.startswith("tool"):
        return *_own(request), request.params.tools
    return _before(request, at.turns)


def _before(request: Request, turns: int) -> Prefix:
    whole = request.params
    return *_own(request), whole.tools, whole.system, tuple(map(_unmarked, request.turns[:turns]))


def _own(request: Request) -> Prefix:
    return tuple(request.params[name] for name in OWN_CACHE)


def _unmarked(turn: Turn) -> tuple[str, str | Json]:
    """What a turn says: a breakpoint on it changes nothing in the cache."""
    if not turn.marks or isinstance(turn.content, str):
        return turn.role, turn.content
    value = turn.content.value
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    blocks = [{key: value for key, value in each.items() if key != breakpoints.CONTROL} for each in found]
    if len(blocks) == 1 and blocks[0].keys() == {"type", "text"}:
        return turn.role, str(blocks[0]["text"])
    return turn.role, Json.of(blocks)
