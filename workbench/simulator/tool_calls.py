"""Which tools an answer calls, and with what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator import ask as asking
from workbench.simulator import schema_values
from workbench.simulator.prose_tables import PREAMBLES

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.chance import Chance
    from workbench.simulator.shape import Block

AT_ONCE: Final = 3
"""The most tools that one answer calls."""
SHORT: Final = 3
"""Words of a tool's name up to this length say nothing about it."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    name: str
    input: object


def choose(ask: Ask, chance: Chance) -> tuple[ToolCall, ...]:
    """A call of each tool that the question names, or else of the likeliest; none once results are there."""
    own = [tool for tool in ask.tools if "input_schema" in tool]
    choice = ask.tool_choice.get("type")
    if not own or choice == "none" or (choice == "auto" and asking.tool_results(ask.last)):
        return ()
    if choice == "tool":
        wanted = [tool for tool in own if tool["name"] == ask.tool_choice.get("name")]
    else:
        named = [tool for tool in own if _fit(tool, ask.question) >= 10]
        wanted = named[:AT_ONCE] or [max(own, key=lambda tool: _fit(tool, ask.question))]
        if ask.tool_choice.get("disable_parallel_tool_use"):
            wanted = wanted[:1]
    return tuple(
        ToolCall(
            str(tool["name"]),
            schema_values.fill(cast("Block", tool["input_schema"]), chance, ask.question),
        )
        for tool in wanted
    )


def preamble(calls: tuple[ToolCall, ...], chance: Chance) -> str:
    """What is said before the calls."""
    names = " and ".join(f"`{call.name}`" for call in calls)
    return f"{chance.pick(PREAMBLES)} Calling {names}."


def _fit(tool: Block, question: str) -> int:
    """How well a tool goes with a question: ten for its whole name, one for each word in common."""
    name, asked = str(tool["name"]), question.lower()
    said = set(re.findall(r"[a-z]+", asked))
    words = re.findall(r"[a-z]+", f"{name} {tool.get('description', '')}".lower().replace("_", " "))
    common = sum(word in said for word in set(words) if len(word) > SHORT)
    parts = [part for part in re.split(r"[_-]", name.lower()) if len(part) > SHORT]
    whole = name.lower() in asked or (bool(parts) and all(part in said for part in parts))
    return common + 10 * whole
