"""The tools that the vendor defines, with their names and versions; lists of tools as people write and paste them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core.kinds import Json
from workbench.core.nearest import nearest

DATED: Final = re.compile(r"_\d{8}\Z")
CUSTOM: Final = "custom"


@dataclass(frozen=True, slots=True)
class Family:
    """One tool of the vendor's in all its versions (claude-api §6.6)."""

    stem: str
    """What its types begin with."""
    versions: tuple[str, ...]
    """Oldest first."""
    name: str
    """What it must be called; empty for a toolset, which has no name of its own."""
    help: str
    served: bool = True
    """Whether the server runs it; else the calls come back to be answered."""
    older_names: Mapping[str, str] | None = None
    """Names of single versions, where they differ."""

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(f"{self.stem}_{version}" for version in self.versions)

    @property
    def newest(self) -> str:
        return self.types[-1]

    def name_of(self, kind: str) -> str:
        return (self.older_names or {}).get(kind, self.name)

    def template(self) -> dict[str, object]:
        """The newest version with all that it must have."""
        return {"type": self.newest, "name": self.name} if self.name else {"type": self.newest}


FAMILIES: Final = (
    Family("web_search", ("20250305", "20260209", "20260318"), "web_search", "Searches the web; each search costs."),
    Family("web_fetch", ("20250910", "20260209", "20260309", "20260318"), "web_fetch", "Reads pages and PDFs by URL."),
    Family(
        "code_execution",
        ("20250522", "20250825", "20260120", "20260521"),
        "code_execution",
        "Runs code in a container of the server's.",
    ),
    Family("tool_search_tool_bm25", ("20251119",), "tool_search_tool_bm25", "Finds deferred tools by words."),
    Family("tool_search_tool_regex", ("20251119",), "tool_search_tool_regex", "Finds deferred tools by a pattern."),
    Family("bash", ("20250124",), "bash", "Shell commands: calls that you answer; nothing runs here.", served=False),
    Family(
        "text_editor",
        ("20250124", "20250429", "20250728"),
        "str_replace_based_edit_tool",
        "Views and edits files: calls that you answer.",
        served=False,
        older_names={"text_editor_20250124": "str_replace_editor"},
    ),
    Family("memory", ("20250818",), "memory", "Files of a memory: calls that you answer.", served=False),
    Family("computer_toolset", ("20260801",), "", "Mouse, keys and screenshots: calls that you answer.", served=False),
    Family("browser_toolset", ("20260801",), "", "A browser: calls that you answer.", served=False),
)
TYPES: Final[Mapping[str, Family]] = {kind: family for family in FAMILIES for kind in family.types}
UNDATED: Final = frozenset(family.stem for family in FAMILIES if family.stem.startswith("tool_search"))
"""Types that the API takes without a date too."""
TEMPLATE: Final[Mapping[str, object]] = {
    "name": "get_weather",
    "description": "The weather in a city now. Say when to call it, and what comes back.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "Such as Paris"}},
        "required": ["city"],
    },
}
"""A tool of one's own to begin with."""


def is_custom(tool: Mapping[str, object]) -> bool:
    return tool.get("type", CUSTOM) == CUSTOM


def is_served(tool: Mapping[str, object]) -> bool:
    """Whether the server itself answers its calls."""
    family = TYPES.get(str(tool.get("type")))
    return family is not None and family.served


def title_of(tool: Mapping[str, object]) -> str:
    """What a tool is called; a toolset by its type."""
    name = tool.get("name")
    return name if isinstance(name, str) and name else str(tool.get("type", "a tool without a name"))


def unknown_type(kind: object) -> str | None:
    """A sentence about a type that the table doesn't hold; None for one that it does, or that may be newer."""
    if not isinstance(kind, str):
        return 'type must be a word, like "web_search_20260318"; leave it out for a tool of your own'
    if kind == "function":
        return 'type "function" is the form of OpenAI\'s API; Tools… in Chat takes it over when it is pasted there'
    if kind in TYPES or kind in UNDATED or kind == CUSTOM:
        return None
    stem = DATED.sub("", kind)
    family = next((each for each in FAMILIES if each.stem == stem), None)
    if family is not None:
        if kind > family.newest and DATED.search(kind):
            return None
        return f"there is no {kind}; the newest is {family.newest}"
    near = nearest(kind, TYPES)
    return f"there is no tool of type {kind!r}; " + (f"did you mean {near}?" if near else f"there are {_stems()}")


def _stems() -> str:
    return ", ".join(family.newest for family in FAMILIES)


def wrong_name(tool: Mapping[str, object]) -> str | None:
    """A sentence about a vendor's tool that isn't called what it must be."""
    kind = str(tool.get("type"))
    family = TYPES.get(kind)
    if family is None:
        return None
    name, given = family.name_of(kind), tool.get("name")
    if name and given != name:
        return f'{kind} must be named "{name}"'
    if not name and given is not None:
        return f"{kind} takes no name; leave it out"
    return None


def listed(tools: Json | None) -> list[dict[str, object]]:
    """The tools of a list, as far as they are tables."""
    held = tools.value if tools is not None else None
    return [dict(tool) for tool in held if isinstance(tool, dict)] if isinstance(held, list) else []


def read_pasted(text: str) -> tuple[list[dict[str, object]], bool]:
    """The tools in JSON that was pasted, and whether some are in OpenAI's form. Raises KindError.

    A list, one tool alone, or a whole request that holds some.
    """
    value = Json.parse(text).value
    if isinstance(value, dict) and isinstance(value.get("tools"), list):
        value = value["tools"]
    tools = [tool for tool in (value if isinstance(value, list) else [value]) if isinstance(tool, dict)]
    return tools, any(is_function(tool) for tool in tools)


def is_function(tool: Mapping[str, object]) -> bool:
    """Whether a tool is in the form that OpenAI's API takes."""
    return tool.get("type") == "function"


def converted(tools: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """The same with each of OpenAI's form in this API's: its parameters are the input_schema."""
    for tool in tools:
        if not is_function(tool):
            yield dict(tool)
            continue
        inner = tool.get("function")
        function = inner if isinstance(inner, Mapping) else tool  # its newer form has no table inside
        made: dict[str, object] = {"name": function.get("name", "")}
        if function.get("description") is not None:
            made["description"] = function["description"]
        made["input_schema"] = function.get("parameters") or {"type": "object", "properties": {}}
        yield {**made, "strict": True} if function.get("strict") is True else made
