"""Why a cache was missed: a request compared with an earlier one, as `diagnostics` asks (claude-api §2.1)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from workbench.simulator.ask import canonical
from workbench.simulator.chance import digest

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.cache import Prompt, Split
    from workbench.simulator.shape import Block

KEPT: Final = 1000
"""Requests that are remembered."""


@dataclass(frozen=True, slots=True)
class Print:
    """What of a request decides whether its cache can be read."""

    model: tuple[str, bool]
    system: bytes
    tools: bytes
    messages: tuple[bytes, ...]
    others: bytes
    cached: int
    """Tokens up to its last breakpoint."""


class Diagnoses:
    """The requests of late, by the id of their answer."""

    def __init__(self) -> None:
        self._prints: OrderedDict[str, Print] = OrderedDict()

    def take(self, message_id: str, ask: Ask, prompt: Prompt, split: Split) -> Block | None:
        """Remember the request; what `diagnostics` says of it, None where it didn't ask or nothing had changed."""
        now = print_of(ask, prompt)
        self._prints[message_id] = now
        while len(self._prints) > KEPT:
            self._prints.popitem(last=False)
        if ask.previous_message is None:
            return None
        reason = _reason(self._prints.get(ask.previous_message), now, split)
        return None if reason is None else {"cache_miss_reason": reason}


def print_of(ask: Ask, prompt: Prompt) -> Print:
    sums = list(accumulate(prompt.weights))
    return Print(
        (ask.model.id, ask.fast),
        _bare(ask.system),
        _bare(ask.tools),
        tuple(digest(turn.role, _bare((block,))) for turn in ask.turns for block in turn.blocks),
        digest(ask.thinking, str(ask.budget), ask.effort, canonical(ask.tool_choice)),
        sums[prompt.breakpoints[-1][0]] if prompt.breakpoints else 0,
    )


def _bare(blocks: tuple[Block, ...]) -> bytes:
    """Blocks by what is in them; a breakpoint on one changes nothing."""
    return digest(
        *(canonical({key: each for key, each in block.items() if key != "cache_control"}) for block in blocks)
    )


def _reason(before: Print | None, now: Print, split: Split) -> Block | None:
    if before is None:
        return {"type": "previous_message_not_found"}
    changed = (
        ("model_changed", before.model != now.model),
        ("system_changed", before.system != now.system),
        ("tools_changed", before.tools != now.tools),
        ("messages_changed", now.messages[: len(before.messages)] != before.messages),
    )
    for kind, differs in changed:
        if differs:
            return {"type": kind, "cache_missed_input_tokens": max(0, before.cached - split.read)}
    return {"type": "unavailable"} if before.others != now.others else None
