"""Every field that the API knows, as a table of checks: the top level, content blocks, tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.simulator import json_schema
from workbench.simulator.shape import (
    anything,
    boolean,
    dictionary,
    integer,
    list_of,
    literal,
    number,
    string,
    struct,
    tagged,
    text_or,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.simulator.shape import Check

CACHE: Final = struct({"type": literal("ephemeral")}, {"ttl": literal("5m", "1h")})
IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")

IMAGE: Final = struct(
    {
        "type": string,
        "source": tagged(
            {
                "base64": struct({"type": string, "media_type": literal(*IMAGE_TYPES), "data": string}),
                "url": struct({"type": string, "url": string}),
                "file": struct({"type": string, "file_id": string}),
            }
        ),
    },
    {"cache_control": CACHE, "transformations": dictionary},
)
TEXT: Final = struct({"type": string, "text": string}, {"citations": list_of(dictionary), "cache_control": CACHE})
INNER: Final = tagged({"text": TEXT, "image": IMAGE, "search_result": dictionary, "document": dictionary})
DOCUMENT: Final = struct(
    {
        "type": string,
        "source": tagged(
            {
                "base64": struct({"type": string, "media_type": literal("application/pdf"), "data": string}),
                "text": struct({"type": string, "media_type": literal("text/plain"), "data": string}),
                "content": struct({"type": string, "content": text_or(list_of(INNER))}),
                "url": struct({"type": string, "url": string}),
                "file": struct({"type": string, "file_id": string}),
            }
        ),
    },
    {"title": string, "context": string, "citations": dictionary, "cache_control": CACHE},
)
CALL: Final = struct(
    {"type": string, "id": string, "name": string, "input": dictionary},
    {"cache_control": CACHE, "caller": dictionary, "toolset_name": string},
)
BLOCKS: Final[Mapping[str, Check]] = {
    "text": TEXT,
    "image": IMAGE,
    "document": DOCUMENT,
    "search_result": dictionary,
    "thinking": struct({"type": string, "thinking": string, "signature": string}),
    "redacted_thinking": struct({"type": string, "data": string}),
    "tool_use": CALL,
    "tool_result": struct(
        {"type": string, "tool_use_id": string},
        {"content": text_or(list_of(INNER)), "is_error": boolean, "cache_control": CACHE},
    ),
    "server_tool_use": CALL,
    "container_upload": dictionary,
    "web_search_tool_result": dictionary,
    "web_fetch_tool_result": dictionary,
    "code_execution_tool_result": dictionary,
    "bash_code_execution_tool_result": dictionary,
    "text_editor_code_execution_tool_result": dictionary,
    "tool_search_tool_result": dictionary,
}
MESSAGE: Final = struct({"role": literal("user", "assistant", "system"), "content": text_or(list_of(tagged(BLOCKS)))})


def _object_schema(value: object, place: str) -> None:
    struct({"type": literal("object")}, extra=True)(value, place)
    json_schema.KEYWORDS(value, place)


CUSTOM_TOOL: Final = struct(
    {"name": string, "input_schema": _object_schema},
    {
        "type": literal("custom"),
        "description": string,
        "strict": boolean,
        "cache_control": CACHE,
        "defer_loading": boolean,
        "eager_input_streaming": boolean,
        "input_examples": list_of(dictionary),
        "allowed_callers": list_of(string),
    },
)
VENDOR_TOOL: Final = struct({"type": string}, {"name": string}, extra=True)
VENDOR_TOOLS: Final = (
    "web_search_",
    "web_fetch_",
    "code_execution_",
    "tool_search_tool_",
    "bash_",
    "text_editor_",
    "memory_",
    "computer_toolset_",
    "browser_toolset_",
)
TOOL: Final = tagged({"custom": CUSTOM_TOOL}, default="custom", stems=dict.fromkeys(VENDOR_TOOLS, VENDOR_TOOL))

PARALLEL: Final[Mapping[str, Check]] = {"disable_parallel_tool_use": boolean}
TOOL_CHOICE: Final = tagged(
    {
        "auto": struct({"type": string}, PARALLEL),
        "any": struct({"type": string}, PARALLEL),
        "tool": struct({"type": string, "name": string}, PARALLEL),
        "none": struct({"type": string}),
    }
)
DISPLAY: Final[Mapping[str, Check]] = {"display": literal("summarized", "omitted", "updates")}
THINKING: Final = tagged(
    {
        "adaptive": struct({"type": string}, DISPLAY),
        "enabled": struct({"type": string, "budget_tokens": integer(1024)}, DISPLAY),
        "disabled": struct({"type": string}),
        "between_tools": struct({"type": string}, DISPLAY),
    }
)
FORMAT: Final = struct({"type": literal("json_schema"), "schema": json_schema.KEYWORDS})
EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")

COUNTED: Final[Mapping[str, Check]] = {
    "system": text_or(list_of(tagged({"text": TEXT}))),
    "tools": list_of(TOOL),
    "tool_choice": TOOL_CHOICE,
    "thinking": THINKING,
    "output_config": struct({}, {"effort": literal(*EFFORTS), "format": FORMAT}),
    "cache_control": CACHE,
    "speed": literal("standard", "fast"),
}
"""What both a message and a token count may have."""
SAMPLERS: Final[Mapping[str, Check]] = {
    "temperature": number(0, 1),
    "top_p": number(0, 1),
    "top_k": integer(1),
}
"""Known to API version 2023-06-01 only."""
SENT: Final[Mapping[str, Check]] = {
    **COUNTED,
    "stop_sequences": list_of(string),
    "stream": boolean,
    "metadata": struct({}, {"user_id": string}),
    "service_tier": literal("auto", "standard_only"),
    "inference_geo": string,
    "container": anything,
    "diagnostics": struct({}, {"previous_message_id": string}),
    "output_format": FORMAT,
}
REQUIRED: Final[Mapping[str, Check]] = {"model": string, "messages": list_of(MESSAGE)}
VERSION_WITH_SAMPLERS: Final = "2023-06-01"
VERSION_WITHOUT: Final = "2026-10-21"

CREATE: Final[Mapping[str, Check]] = {
    VERSION_WITH_SAMPLERS: struct({**REQUIRED, "max_tokens": integer(0)}, {**SENT, **SAMPLERS}),
    VERSION_WITHOUT: struct({**REQUIRED, "max_tokens": integer(0)}, SENT),
}
COUNT: Final = struct(REQUIRED, COUNTED)
