"""What models take besides sampling and thinking: length, output format, tools, speed, place, lifetime."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from workbench.core import schema
from workbench.core.rule import FAST_BETA, Case, Rule

TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
MOST_STRICT_TOOLS: Final = 20
LITTLE: Final = 1024
"""Fewer tokens than this are easily spent on thinking alone."""
SOON: Final = timedelta(days=60)
NO_MAX_TOKENS: Final = "max_tokens is required: say how long the answer may be"

LENGTH_RULES: Final = (
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens is None,
        NO_MAX_TOKENS,
        "max_tokens: Field required",
    ),
    Rule(
        "max_tokens",
        lambda case: (case.params.max_tokens or 0) < 0,
        "max_tokens can't be negative",
        "max_tokens: Input should be greater than or equal to 0",
    ),
    Rule(
        "max_tokens",
        lambda case: case.model.max_output is not None and (case.params.max_tokens or 0) > case.model.max_output,
        "{m.id} answers with {m.max_output} tokens at most; lower max_tokens",
        "max_tokens: {value} > {m.max_output}, which is the maximum allowed number of output tokens for {m.id}",
    ),
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens == 0 and case.params.thinking == "enabled",
        "max_tokens 0, which only warms the cache, does not go with thinking enabled",
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ),
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens == 0 and case.params.thinking != "enabled",
        "max_tokens 0 only warms the cache: no answer will come",
    ),
    Rule(
        "max_tokens",
        lambda case: case.thinks and 0 < (case.params.max_tokens or 0) < LITTLE,
        "max_tokens counts thinking too: {value} may leave none for the answer",
    ),
    Rule(
        "stop_sequences",
        lambda case: "" in (case.params.stop_sequences or ()),
        "a stop sequence is empty; each must have a character that is not white space",
        "stop_sequences: each stop sequence must be non-empty",
    ),
    Rule(
        "stop_sequences",
        lambda case: any(stop and not stop.strip() for stop in case.params.stop_sequences or ()),
        "a stop sequence is only white space; each must have another character",
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
)


def _format_fault(case: Case) -> schema.Fault | None:
    held = case.params.output_format
    return None if held is None else schema.format_fault(held)


def _fault_words(
    find: Callable[[Case], schema.Fault | None], part: Callable[[schema.Fault], str]
) -> Callable[[Case], str]:
    def words(case: Case) -> str:
        fault = find(case)
        return "" if fault is None else part(fault)

    return words


FORMAT_RULES: Final = (
    Rule(
        "output_format",
        lambda case: not case.model.structured and case.params.output_format is not None,
        "{m.id} takes no output format; ask for it in the prompt",
        "output_config.format: structured outputs are not supported on this model",
        lambda case: not case.model.structured,
    ),
    Rule(
        "output_format",
        lambda case: _format_fault(case) is not None,
        _fault_words(_format_fault, lambda fault: fault.text),
        _fault_words(_format_fault, lambda fault: f"output_config.format.{fault.api}"),
    ),
)


def _tools(case: Case) -> list[Mapping[str, object]]:
    held = case.params.tools.value if case.params.tools is not None else None
    return [tool for tool in held if isinstance(tool, Mapping)] if isinstance(held, list) else []


def _choice(case: Case) -> Mapping[str, object]:
    held = case.params.tool_choice.value if case.params.tool_choice is not None else None
    return held if isinstance(held, Mapping) else {}


def _forced(case: Case) -> bool:
    return _choice(case).get("type") in ("any", "tool")


def _tool_fault(case: Case) -> schema.Fault | None:
    """The first thing wrong with the list of tools."""
    tools = _tools(case)
    names = [tool.get("name") for tool in tools]
    for place, (tool, name) in enumerate(zip(tools, names, strict=True)):
        if tool.get("type", "custom") != "custom":
            continue
        if not isinstance(name, str) or not TOOL_NAME.match(name):
            return schema.Fault(
                f"tool {place + 1} needs a name of 1 to 64 letters, digits, _ and -",
                f"tools.{place}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'",
            )
        if not isinstance(tool.get("input_schema"), Mapping):
            return schema.Fault(
                f"the tool {name} needs an input_schema", f"tools.{place}.custom.input_schema: Field required"
            )
    twice = next((name for name in names if name is not None and names.count(name) > 1), None)
    if twice is not None:
        return schema.Fault(f"two tools are named {twice}", "tools: Tool names must be unique.")
    if sum(tool.get("strict") is True for tool in tools) > MOST_STRICT_TOOLS:
        return schema.Fault(f"at most {MOST_STRICT_TOOLS} tools can be strict", schema.TOO_COMPLEX)
    return None


def _missing_tool(case: Case) -> bool:
    named = _choice(case).get("type") == "tool"
    return named and _choice(case).get("name") not in [tool.get("name") for tool in _tools(case)]


TOOL_RULES: Final = (
    Rule(
        "tools",
        lambda case: _tool_fault(case) is not None,
        _fault_words(_tool_fault, lambda fault: fault.text),
        _fault_words(_tool_fault, lambda fault: fault.api),
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


def _fast(case: Case) -> bool:
    return case.params.speed == "fast"


def _fast_over(case: Case) -> bool:
    return case.today is not None and case.model.fast_until is not None and case.today > case.model.fast_until


SERVICE_RULES: Final = (
    Rule(
        "speed",
        lambda case: _fast(case) and (case.model.fast_mode == "no" or _fast_over(case)),
        "{m.id} has no fast mode; unset speed",
        "speed: 'fast' is not supported on this model",
        lambda case: case.model.fast_mode == "no" or _fast_over(case),
    ),
    Rule(
        "speed",
        lambda case: _fast(case) and case.model.fast_mode == "ignored",
        "{m.id} has no fast mode: it answers at standard speed and price",
        never=lambda case: case.model.fast_mode == "ignored",
    ),
    Rule(
        "speed",
        lambda case: (
            _fast(case) and case.model.fast_mode == "beta" and case.betas is not None and FAST_BETA not in case.betas
        ),
        f"fast mode of {{m.id}} is a beta; send the header anthropic-beta: {FAST_BETA}",
        "speed: Extra inputs are not permitted",
    ),
    Rule(
        "speed",
        lambda case: _fast(case) and case.model.fast_until is not None and not _fast_over(case),
        "fast mode of {m.id} ends on {m.fast_until}",
    ),
    Rule(
        "inference_geo",
        lambda case: case.params.inference_geo is not None and not case.model.geo,
        "{m.id} takes no inference_geo: that came with the 4.6 generation; unset it",
        "inference_geo: not supported for this model",
        lambda case: not case.model.geo,
    ),
)


def _gone(case: Case) -> bool:
    return case.model.lifecycle == "retired" or (case.days_left is not None and case.days_left < 0)


def _retiring(case: Case) -> bool:
    if _gone(case):
        return False
    soon = case.days_left is not None and 0 <= case.days_left <= SOON.days
    return soon or case.model.lifecycle == "deprecated"


def _retired_words(case: Case) -> str:
    on = f" on {case.model.retires}" if case.model.retires else ""
    return f"{case.model.id} was retired{on} and no longer answers{_use_instead(case)}"


def _retiring_words(case: Case) -> str:
    days = case.days_left
    left = "" if days is None else " (today)" if days == 0 else f" (in {days} day{'s' if days > 1 else ''})"
    when = f"retires on {case.model.retires}{left}" if case.model.retires else "is deprecated"
    return f"{case.model.id} {when}{_use_instead(case)}"


def _use_instead(case: Case) -> str:
    return f"; use {case.model.successor}" if case.model.successor else ""


LIFETIME_RULES: Final = (
    Rule("model", _gone, _retired_words),
    Rule("model", _retiring, _retiring_words),
)
