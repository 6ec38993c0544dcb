"""Tools that the server runs itself: their calls and results stand in the answer, and a long turn is paused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core import tool_table
from workbench.simulator import topic

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.chance import Chance
    from workbench.simulator.shape import Block

WISHES: Final = {
    "web_search": re.compile(r"\b(?:search|look up|latest|news)\b", re.IGNORECASE),
    "web_fetch": re.compile(r"\bfetch\b|https?://", re.IGNORECASE),
    "code_execution": re.compile(r"\b(?:run|execute|compute|calculate)\b", re.IGNORECASE),
    "tool_search_tool_bm25": re.compile(r"\btools?\b", re.IGNORECASE),
    "tool_search_tool_regex": re.compile(r"\btools?\b", re.IGNORECASE),
}
"""What a question says that wants each."""
PAUSE: Final = "pause_turn"
"""A question that says this gets its answer in one more piece each time that it does."""
FIRST_CODE: Final = "code_execution_20250522"
URL: Final = re.compile(r"https?://[^\s<>\"')]+")


@dataclass(frozen=True, slots=True)
class Served:
    """One use of a tool, and what came of it."""

    name: str
    """In the call: of code, that differs from the tool's."""
    input: Block
    result: Block
    """Its block, all but the id of the call."""


def choose(ask: Ask, chance: Chance) -> tuple[tuple[Served, ...], bool]:
    """What the server does before it answers, and whether it pauses then."""
    served = [tool for tool in ask.tools if tool_table.is_served(tool)]
    choice = ask.tool_choice.get("type")
    if not served or choice == "none":
        return (), False
    done = [block for block in ask.last.blocks if block.get("type") == "server_tool_use"]
    going_on = ask.last.role == "assistant"
    pauses = len(done) < ask.question.count(PAUSE)
    if (going_on and not pauses) or any(block.get("type") == "tool_result" for block in ask.last.blocks):
        return (), False
    wanted = [tool for tool in served if WISHES[_stem(tool)].search(ask.question)]
    if choice in {"any", "tool"}:
        wanted = [tool for tool in served if choice == "any" or tool.get("name") == ask.tool_choice.get("name")][:1]
    if pauses:
        wanted = (wanted or served)[:1]
    return tuple(_use(tool, ask, chance) for tool in wanted), bool(pauses and wanted)


def _stem(tool: Block) -> str:
    return tool_table.DATED.sub("", str(tool["type"]))


def _use(tool: Block, ask: Ask, chance: Chance) -> Served:
    about = topic.bare(topic.read(ask.question.replace(PAUSE, "")).main) or "this"
    stem = _stem(tool)
    match stem:
        case "web_search":
            found = [_page(about, number, chance) for number in range(1, chance.between(2, 4) + 1)]
            return Served("web_search", {"query": about}, {"type": "web_search_tool_result", "content": found})
        case "web_fetch":
            named = URL.search(ask.question)
            url = named[0] if named else "https://example.com/"
            source = {"type": "text", "media_type": "text/plain", "data": f"A page about {about}."}
            page = {"type": "document", "source": source, "title": about.capitalize()}
            found_page = {"type": "web_fetch_result", "url": url, "content": page, "retrieved_at": None}
            return Served("web_fetch", {"url": url}, {"type": "web_fetch_tool_result", "content": found_page})
        case "code_execution":
            old = tool["type"] == FIRST_CODE
            name, field = ("code_execution", "code") if old else ("bash_code_execution", "command")
            code = "print(6 * 7)" if old else "python3 -c 'print(6 * 7)'"
            out = {"type": f"{name}_result", "stdout": "42\n", "stderr": "", "return_code": 0, "content": []}
            return Served(name, {field: code}, {"type": f"{name}_tool_result", "content": out})
        case _:
            deferred = [str(each["name"]) for each in ask.tools if each.get("defer_loading") and "name" in each]
            references = [{"type": "tool_reference", "tool_name": each} for each in deferred[:3]]
            listed = {"type": "tool_search_tool_search_result", "tool_references": references}
            field = "query" if stem.endswith("bm25") else "pattern"
            return Served(stem, {field: about}, {"type": "tool_search_tool_result", "content": listed})


def _page(about: str, number: int, chance: Chance) -> Block:
    return {
        "type": "web_search_result",
        "title": f"{about.capitalize()}, part {number}",
        "url": f"https://example.com/{re.sub(r'[^a-z0-9]+', '-', about.lower())[:40].strip('-')}/{number}",
        "encrypted_content": chance.letters(48),
        "page_age": None,
    }
