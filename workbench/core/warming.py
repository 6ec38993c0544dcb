"""Requests that share a cacheable prompt: started together, each of them pays to write it (claude-api §6.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core import breakpoints

if TYPE_CHECKING:
    from workbench.core.breakpoints import Breakpoint
    from workbench.core.models import Catalogue
    from workbench.core.request import Request

OWN_CACHE: Final = ("model", "speed", "effort", "thinking", "thinking_budget", "tool_choice")
"""Parameters that, where they differ, make another cache."""


@dataclass(frozen=True, slots=True)
class SharedPrefix:
    """Requests that could read what the first of them writes."""

    places: tuple[int, ...]
    """Which of the requests, from 0."""
    tokens: int
    """Of the shared prompt, estimated."""


def shared_prefixes(requests: Sequence[Request], catalogue: Catalogue) -> tuple[SharedPrefix, ...]:
    """The groups of two and more requests that are to be cached up to the same point, after the same prompt.

    A request is in one group: that of the longest prompt that it shares.
    """
    sharing: dict[object, list[int]] = {}
    sizes: dict[object, int] = {}
    for at, request in enumerate(requests):
        model = catalogue.recognise(request.params.model)
        for each in breakpoints.of_request(request, model):
            if each.tokens >= (model.cache_minimum if model else 0):
                key = (*(request.params[name] for name in OWN_CACHE), _upto(request, each))
                sharing.setdefault(key, []).append(at)
                sizes[key] = each.tokens
    found: list[SharedPrefix] = []
    taken: set[int] = set()
    for prefix in sorted(sharing, key=lambda each: -sizes[each]):
        places = [place for place in dict.fromkeys(sharing[prefix]) if place not in taken]
        if len(places) > 1:
            taken.update(places)
            found.append(SharedPrefix(tuple(places), sizes[prefix]))
    return tuple(sorted(found, key=lambda each: each.places))


def _upto(request: Request, at: Breakpoint) -> object:
    """What stands before a breakpoint, and so must be the same."""
    whole = request.params
    tools = whole.tools
    if at.where.startswith("tool"):
        return tools
    return tools, whole.system, request.turns[: at.turns]
