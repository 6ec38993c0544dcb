"""Which tools an answer calls, and with what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from workbench.core import tool_table
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
THEN: Final = re.compile(r"\b(?:then|after that|afterwards|step by step|one by one)\b", re.IGNORECASE)
INPUTS: Final[dict[str, Block]] = {
    "bash": {"type": "object", "properties": {"command": {"enum": ["ls -la", "pwd", "cat README.md"]}}},
    "text_editor": {
        "type": "object",
        "properties": {"command": {"const": "view"}, "path": {"enum": ["README.md", "src/main.py"]}},
    },
    "memory": {"type": "object", "properties": {"command": {"const": "view"}, "path": {"const": "/memories"}}},
}
"""What is called with, of the tools that have no schema of their own in a request."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    name: str
    input: object


def choose(ask: Ask, chance: Chance) -> tuple[ToolCall, ...]:
    """A call of each tool that the question names, or else of the likeliest; once results are there, of those left.

    A question that says `then`, or a request that disables parallel calls, gets them one round after the other.
    """
    own = [(str(tool["name"]), tool) for tool in map(_with_schema, ask.tools) if "input_schema" in tool]
    choice = ask.tool_choice.get("type")
    if not own or choice == "none":
        return ()
    one = bool(ask.tool_choice.get("disable_parallel_tool_use"))
    if choice == "tool":
        wanted = [tool for name, tool in own if name == ask.tool_choice.get("name")]
    else:
        named = [(name, tool) for name, tool in own if _fit(tool, ask.question) >= 10]
        if THEN.search(ask.question):
            one = True
            named.sort(key=lambda pair: _place(pair[0], ask.question))
        if choice == "auto" and asking.tool_results(ask.last):
            called = _called(ask)
            wanted = [tool for name, tool in named if name not in called]
        elif choice == "auto" and ask.last.role == "assistant":
            wanted = []  # an answer that was paused goes on
        else:
            wanted = [tool for _, tool in named] or [
                max((tool for _, tool in own), key=lambda t: _fit(t, ask.question))
            ]
    return tuple(
        ToolCall(
            str(tool["name"]),
            schema_values.fill(cast("Block", tool["input_schema"]), chance, ask.question),
        )
        for tool in wanted[: 1 if one else AT_ONCE]
    )


def _with_schema(tool: Block) -> Block:
    """A tool that the vendor defines and the client runs, with the part of its input that is made up."""
    stem = tool_table.DATED.sub("", str(tool.get("type", "")))
    return {**tool, "input_schema": INPUTS[stem]} if stem in INPUTS else tool


def _called(ask: Ask) -> set[str]:
    """The tools that were called since somebody last said something."""
    names: set[str] = set()
    for turn in reversed(ask.turns):
        if turn.role == "user" and asking.text_of(turn.blocks).strip():
            break
        names |= {str(block["name"]) for block in turn.blocks if block.get("type") == "tool_use"}
    return names


def _place(name: str, question: str) -> int:
    """Where a question speaks of a tool."""
    asked, parts = question.lower(), [part for part in re.split(r"[_-]", name.lower()) if len(part) > SHORT]
    return min((at for each in (name.lower(), *parts) if (at := asked.find(each)) >= 0), default=len(asked))


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
