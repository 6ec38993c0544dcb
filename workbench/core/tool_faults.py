"""What is wrong with a list of tools, in a person's words and in the API's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from workbench.core import schema, tool_table
from workbench.core.kinds import Json
from workbench.core.schema_grammar import Fault, grammar_fault

TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
MOST_STRICT_TOOLS: Final = 20


@lru_cache(maxsize=64)
def list_fault(held: Json) -> Fault | None:
    """The first thing wrong with a list of tools."""
    value = held.value
    if isinstance(value, list) and not all(isinstance(tool, Mapping) for tool in value):
        return Fault("each of the tools must be a table, like { name = … }", "tools.0: Input should be an object")
    tools = tool_table.listed(held)
    for place, tool in enumerate(tools):
        fault = _custom_fault(tool, place) if tool_table.is_custom(tool) else _vendor_fault(tool, place)
        if fault is not None:
            return fault
    names = [tool.get("name") for tool in tools]
    twice = next((name for name in names if name is not None and names.count(name) > 1), None)
    if twice is not None:
        return Fault(f"two tools are named {twice}", "tools: Tool names must be unique.")
    if sum(tool.get("strict") is True for tool in tools) > MOST_STRICT_TOOLS:
        return Fault(f"at most {MOST_STRICT_TOOLS} tools can be strict", schema.TOO_COMPLEX)
    return None


def _custom_fault(tool: Mapping[str, object], place: int) -> Fault | None:
    name, given = tool.get("name"), tool.get("input_schema")
    where = f"tools.{place}.custom"
    if not isinstance(name, str) or not TOOL_NAME.match(name):
        return Fault(
            f"tool {place + 1} needs a name of 1 to 64 letters, digits, _ and -",
            f"{where}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'",
        )
    if not isinstance(given, Mapping):
        return Fault(f"the tool {name} needs an input_schema", f"{where}.input_schema: Field required")
    if given.get("type") != "object":
        return Fault(
            f'the input_schema of {name} must be of "type": "object"',
            f"{where}.input_schema.type: Input should be 'object'",
        )
    if (fault := grammar_fault(given)) is not None:
        return Fault(f"the input_schema of {name}: {fault.text}", f"{where}.input_schema: {fault.api}")
    fault = schema.schema_fault(given) if tool.get("strict") is True else None
    return fault and Fault(f"{name} is strict, and {fault.text}", f"{where}.input_schema: {fault.api}")


def _vendor_fault(tool: Mapping[str, object], place: int) -> Fault | None:
    kind = tool.get("type")
    if (unknown := tool_table.unknown_type(kind)) is not None:
        tag = f"tools.{place}: Input tag '{kind}' found using 'type' does not match any of the expected tags"
        return Fault(f"tool {place + 1}: {unknown}", tag)
    wrong = tool_table.wrong_name(tool)
    return None if wrong is None else Fault(wrong, f"tools.{place}.{kind}.name: Input should be valid")
