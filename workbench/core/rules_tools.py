"""What models take of tools: the list itself, which must be called, and whether one can be made to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from workbench.core.rule import Case, Rule
from workbench.core.rules_request import fault_words

if TYPE_CHECKING:
    from workbench.core.schema_grammar import Fault


def _choice(case: Case) -> Mapping[str, object]:
    held = case.params.tool_choice.value if case.params.tool_choice is not None else None
    return held if isinstance(held, Mapping) else {}


def _forced(case: Case) -> bool:
    return _choice(case).get("type") in ("any", "tool")


def _tool_fault(case: Case) -> Fault | None:
    held = case.params.tools
    if held is None:
        return None
    from workbench.core.tool_faults import list_fault

    return list_fault(held)


def _tools(case: Case) -> tuple[Mapping[str, object], ...]:
    if case.params.tools is None:
        return ()
    from workbench.core import tool_table

    return tuple(tool_table.listed(case.params.tools))


def _missing_tool(case: Case) -> bool:
    named = _choice(case).get("type") == "tool"
    return named and _choice(case).get("name") not in [tool.get("name") for tool in _tools(case)]


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
        lambda case: case.params.tool_choice is not None and not _tools(case),
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
