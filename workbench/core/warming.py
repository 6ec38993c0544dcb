"""Requests that share a cacheable prompt: started together, each of them pays to write it (claude-api §6.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.forecast import request_tokens

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.core.request import Request

OWN_CACHE: Final = ("model", "speed", "effort", "thinking", "thinking_budget", "tools", "tool_choice", "system")
"""Parameters that, where they differ, make another cache."""


@dataclass(frozen=True, slots=True)
class SharedPrefix:
    """Requests that could read what the first of them writes."""

    places: tuple[int, ...]
    """Which of the requests, from 0."""
    tokens: int
    """Of the shared prompt, estimated."""


def shared_prefixes(requests: Sequence[Request], catalogue: Catalogue) -> tuple[SharedPrefix, ...]:
    """The groups of two and more requests that ask for caching and send the same prompt to the same model."""
    groups: dict[object, list[int]] = {}
    for at, request in enumerate(requests):
        if request.params.cache_control is not None:
            key = (tuple(request.params[name] for name in OWN_CACHE), request.turns)
            groups.setdefault(key, []).append(at)
    found = []
    for places in groups.values():
        request = requests[places[0]]
        model = catalogue.recognise(request.params.model)
        tokens = request_tokens(request, model)
        if len(places) > 1 and tokens >= (model.cache_minimum if model else 0):
            found.append(SharedPrefix(tuple(places), tokens))
    return tuple(found)
