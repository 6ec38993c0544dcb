"""Where a request asks for its prompt to be cached, and what is worth saying about it (claude-api §6.7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from workbench.core.accepts import Caution
from workbench.core.estimate import MESSAGE_OVERHEAD, estimate_tokens, is_newer, tokens_of, weight
from workbench.core.figures import grouped
from workbench.core.kinds import Json
from workbench.core.params import LASTING
from workbench.core.request import Request, Turn, texts
from workbench.core.thoughts import THOUGHTS

if TYPE_CHECKING:
    from workbench.core.model import Model

CONTROL: Final = "cache_control"
MOST: Final = 4
USUAL: Final = "5m"
HOUR: Final = "1h"
END: Final = "the last block"
"""Where the breakpoint of `cache_control` is."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """One place up to which the prompt is to be cached."""

    where: str
    """`tools`, `system prompt`, `turn 3`."""
    lifetime: str
    tokens: int
    """Of the prompt up to there, estimated."""
    allowed: bool = True
    """Whether a block of its type can carry one."""
    turns: int = 0
    """How many turns stand before it, the one that it is in included."""


@dataclass(frozen=True, slots=True)
class Split:
    """The tokens of a prompt that can be cached, by the lifetime they are written for."""

    write_5m: int = 0
    write_1h: int = 0


NOTHING: Final = Split()


def of_request(request: Request, model: Model | None) -> tuple[Breakpoint, ...]:
    """Every breakpoint, in the order in which the API reads: tools, system, messages."""
    return tuple(_all(request, model)) if request.cached else ()


def _all(request: Request, model: Model | None) -> list[Breakpoint]:
    head = replace(request, turns=()).body(stream=False)
    automatic = head.get(CONTROL)
    found: list[Breakpoint] = []
    newer = is_newer(model)
    tokens = 0
    for number, block in enumerate(_blocks(head.get("tools")), 1):
        tokens += estimate_tokens(json.dumps(_bare(block)), model)
        found += _at(block, "tools" if number == len(_blocks(head["tools"])) else f"tool {number}", tokens)
    for block in _blocks(head.get("system")):
        tokens += sum(estimate_tokens(text, model) for text in texts(block))
        found += _at(block, "system prompt", tokens)
    for number, turn in enumerate(request.turns, 1):
        before = tokens
        tokens += MESSAGE_OVERHEAD + turn.tokens[newer]
        tokens += sum(each.tokens(model) for each in turn.media if each.kind != "text")
        for at, lifetime, allowed in turn.marks:
            behind = tokens_of(map(weight, texts(_blocks(turn.wire["content"])[at + 1 :])), newer=newer)
            upto = max(tokens - behind, before + MESSAGE_OVERHEAD)
            found.append(Breakpoint(f"turn {number}", lifetime, upto, allowed, number))
    if isinstance(automatic, Mapping):
        end = Breakpoint(END, str(automatic.get("ttl") or USUAL), tokens, turns=len(request.turns))
        if not (found and found[-1].tokens == tokens):
            found.append(end)
    return found


def _at(block: Mapping[str, Any], where: str, tokens: int) -> Iterator[Breakpoint]:
    control = block.get(CONTROL)
    if isinstance(control, Mapping):
        yield Breakpoint(where, str(control.get("ttl") or USUAL), tokens)


def _blocks(value: object) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _bare(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key != CONTROL}


def split(request: Request, model: Model | None, counted: int, estimated: int) -> Split:
    """What would be written with an empty cache, of a prompt of so many tokens; `estimated` is its own guess."""
    written = {USUAL: 0, HOUR: 0}
    done = 0
    for each in of_request(request, model):
        tokens = min(round(each.tokens * counted / estimated), counted) if estimated else 0
        if each.where == END:
            tokens = counted
        if tokens > done and tokens >= (model.cache_minimum if model else 0):
            written[HOUR if each.lifetime == HOUR else USUAL] += tokens - done
            done = tokens
    return Split(written[USUAL], written[HOUR])


def cautions(request: Request, model: Model | None) -> Iterator[Caution]:
    """What the API would refuse, or silently not do."""
    params = request.params
    if params.cache_system is not None and not params.system:
        yield Caution("cache_system", "cache_system marks nothing: there is no system prompt.")
    if params.cache_tools is not None and (params.tools is None or params.tools.value == []):
        yield Caution("cache_tools", "cache_tools marks nothing: there are no tools.")
    found = of_request(request, model)
    if len(found) > MOST:
        places = ", ".join(each.where for each in found)
        more = len(found) - MOST
        yield Caution(CONTROL, f"{len(found)} cache breakpoints ({places}), and {MOST} is the most: take {more} away.")
    for before, after in pairwise(found):
        if before.lifetime != HOUR and after.lifetime == HOUR:
            text = f"The 1h breakpoint on {after.where} stands behind one of {before.lifetime} on {before.where}"
            yield Caution(CONTROL, f"{text}: those of 1h must come first.")
            break
    for each in found:
        if not each.allowed:
            yield Caution(CONTROL, f"A thinking block of {each.where} can't carry a cache breakpoint.")
    if model is not None and model.listed:
        short = [each for each in found if each.tokens < model.cache_minimum]
        if short:
            named = ", ".join(f"{each.where} ≈ {grouped(each.tokens)}" for each in short)
            least = f"{model.id} caches from {grouped(model.cache_minimum)} tokens on"
            yield Caution(CONTROL, f"Too short to be cached: {named} tokens; {least}.")


def marked_turn(turn: Turn, lifetime: str) -> Turn:
    """The turn with a breakpoint on its last block that can carry one."""
    blocks = _blocks(turn.content if isinstance(turn.content, str) else turn.content.value)
    at = next((at for at in reversed(range(len(blocks))) if carries(blocks[at])), None)
    if at is None:
        return turn
    marked = {**blocks[at], CONTROL: LASTING[lifetime]}
    return replace(turn, content=Json.of([*blocks[:at], marked, *blocks[at + 1 :]]))


def carries(block: Mapping[str, Any]) -> bool:
    """Whether a block can carry a breakpoint: not thinking, and no empty text."""
    return block.get("type") not in THOUGHTS and not (block.get("type") == "text" and not block.get("text"))
