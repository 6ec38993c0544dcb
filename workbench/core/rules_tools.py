"""What models take of tools: the list itself, which must be called, and whether one can be made to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from workbench.core import schema, tool_table
from workbench.core.kinds import Json
from workbench.core.rule import Case, Rule
from workbench.core.rules_request import fault_words

TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
MOST_STRICT_TOOLS: Final = 20


def _choice(case: Case) -> Mapping[str, object]:
    held = case.params.tool_choice.value if case.params.tool_choice is not None else None
    return held if isinstance(held, Mapping) else {}


def _forced(case: Case) -> bool:
    return _choice(case).get("type") in ("any", "tool")


def _tool_fault(case: Case) -> schema.Fault | None:
    held = case.params.tools
    return None if held is None else list_fault(held)


@lru_cache(maxsize=64)
def list_fault(held: Json) -> schema.Fault | None:
    """The first thing wrong with a list of tools."""
    value = held.value
    if isinstance(value, list) and not all(isinstance(tool, Mapping) for tool in value):
        return schema.Fault(
            "each of the tools must be a table, like { name = … }", "tools.0: Input should be an object"
        )
    tools = tool_table.listed(held)
    for place, tool in enumerate(tools):
        fault = _custom_fault(tool, place) if tool_table.is_custom(tool) else _vendor_fault(tool, place)
        if fault is not None:
            return fault
    names = [tool.get("name") for tool in tools]
    twice = next((name for name in names if name is not None and names.count(name) > 1), None)
    if twice is not None:
        return schema.Fault(f"two tools are named {twice}", "tools: Tool names must be unique.")
    if sum(tool.get("strict") is True for tool in tools) > MOST_STRICT_TOOLS:
        return schema.Fault(f"at most {MOST_STRICT_TOOLS} tools can be strict", schema.TOO_COMPLEX)
    return None


def _custom_fault(tool: Mapping[str, object], place: int) -> schema.Fault | None:
    name, given = tool.get("name"), tool.get("input_schema")
    where = f"tools.{place}.custom"
    if not isinstance(name, str) or not TOOL_NAME.match(name):
        return schema.Fault(
            f"tool {place + 1} needs a name of 1 to 64 letters, digits, _ and -",
            f"{where}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'",
        )
    if not isinstance(given, Mapping):
        return schema.Fault(f"the tool {name} needs an input_schema", f"{where}.input_schema: Field required")
    if given.get("type") != "object":
        return schema.Fault(
            f'the input_schema of {name} must be of "type": "object"',
            f"{where}.input_schema.type: Input should be 'object'",
        )
    fault = schema.schema_fault(given) if tool.get("strict") is True else None
    return fault and schema.Fault(f"{name} is strict, and {fault.text}", f"{where}.input_schema: {fault.api}")


def _vendor_fault(tool: Mapping[str, object], place: int) -> schema.Fault | None:
    kind = tool.get("type")
    if (unknown := tool_table.unknown_type(kind)) is not None:
        tag = f"tools.{place}: Input tag '{kind}' found using 'type' does not match any of the expected tags"
        return schema.Fault(f"tool {place + 1}: {unknown}", tag)
    wrong = tool_table.wrong_name(tool)
    return None if wrong is None else schema.Fault(wrong, f"tools.{place}.{kind}.name: Input should be valid")


def _missing_tool(case: Case) -> bool:
    named = _choice(case).get("type") == "tool"
    return named and _choice(case).get("name") not in [
        tool.get("name") for tool in tool_table.listed(case.params.tools)
    ]


TOOL_RULES: Final = (
    Rule(
        "tools",
        lambda case: _tool_fault(case) is not None,
        fault_words(_tool_fault, lambda fault: fault.text),
        fault_words(_tool_fault, lambda fault: fault.api),
    ),
    Rule(
        "tool_choice",
        lambda case: (
            case.params.tool_choice is not None and _choice(case).get("type") not in ("auto", "any", "tool", "none")
        ),
        "tool_choice must be of type auto, any, tool or none",
        "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'",
    ),
    Rule(
        "tool_choice",
        lambda case: case.params.tool_choice is not None and not tool_table.listed(case.params.tools),
        "tool_choice needs tools; set them, or unset it",
        "tool_choice may only be specified while providing tools.",
    ),
    Rule(
        "tool_choice",
        lambda case: _forced(case) and not case.model.forced_tool,
        "{m.id} can't be made to call a tool; use auto, and ask for the tool in the prompt",
        "tool_choice: forced tool use is not supported on this model; use 'auto' or 'none'",
    ),
    Rule(
        "tool_choice",
        lambda case: _forced(case) and case.params.thinking == "enabled",
        "with thinking enabled, a tool call can't be forced; use auto",
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
    Rule(
        "tool_choice",
        _missing_tool,
        "tool_choice names a tool that is not among the tools",
        lambda case: f"Tool '{_choice(case).get('name')}' not found in provided tools",
    ),
)
