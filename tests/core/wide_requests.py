"""A wide table of requests: every shape of parameter and of content that the Messages API takes (claude-api §2, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.request import Request, Turn

PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
EPHEMERAL: Final = {"type": "ephemeral"}
PDF: Final = {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}
PLACE: Final = "https://example.org/"
IMAGE: Final = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "zone": {"type": ["string", "null"], "enum": ["UTC", None]},
        "after": {"type": "integer", "default": -3},
        "share": {"type": "number", "examples": [0.1, 1e-07, 1e22]},
        "list": {"type": "array", "items": {}, "default": []},
    },
    "required": ["zone"],
    "additionalProperties": False,
}
TOOL: Final[dict[str, Any]] = {"name": "clock", "description": "The time.", "input_schema": SCHEMA}
CALLED: Final = {"type": "tool_use", "id": "toolu_1", "name": "clock", "input": {"zone": "UTC", "deep": {"a": []}}}
OLDER, NEWER, FAST = "claude-sonnet-4-6", "claude-opus-5-5", "claude-opus-5"

Rows = Mapping[str, Request]


def rows(text: str = "Hello") -> Rows:
    """All of them, with the text wherever a request has room for one."""
    said = {"type": "text", "text": text}
    schema = {**SCHEMA, "description": text, "properties": {**SCHEMA["properties"], text: {"default": text}}}
    tool = {**TOOL, "description": text, "input_schema": schema}
    found = {"type": "web_search_result", "title": text, "url": PLACE, "encrypted_content": "x"}

    def asked(model: str = NEWER, *content: object, turns: tuple[Turn, ...] = (), **settings: Any) -> Request:
        params = Params(model=model, max_tokens=2100, **settings)
        last = Turn("user", Json.of([*content])) if content else Turn("user", text)
        return Request(params, (*turns, last))

    def formatted(value: object) -> Json:
        return Json.of({"type": "json_schema", "schema": value})

    thought = {"type": "thinking", "thinking": text, "signature": "EqQB"}
    redacted = {"type": "redacted_thinking", "data": "EmwK"}
    round_ = (Turn("user", text), Turn("assistant", Json.of([thought, redacted, said, CALLED])))
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [said, IMAGE], "is_error": True}
    return {
        "words": asked(system=text, stop_sequences=(text, "\n\nHuman:"), user_id=text),
        "conversation": asked(turns=(Turn("user", text), Turn("assistant", text), Turn("system", text))),
        "temperature": asked(OLDER, temperature=0.35, top_k=40),
        "top_p": asked(OLDER, top_p=1.0),
        "thinking budget": asked(OLDER, thinking="enabled", thinking_budget=1024, thinking_display="omitted"),
        "thinking adaptive": asked(thinking="adaptive", thinking_display="summarized", effort="max"),
        "thinking off": asked("claude-opus-5", thinking="disabled", effort="low"),
        "thinking between tools": asked("claude-sonnet-5-5", thinking="between_tools"),
        "format": asked(output_format=formatted(schema), effort="high"),
        "tools": asked(
            tools=Json.of(
                [
                    {**tool, "strict": True, "cache_control": EPHEMERAL, "input_examples": [{"zone": text}]},
                    {"type": "web_search_20260318", "name": "web_search", "max_uses": 3},
                    {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool", "max_characters": 10},
                ]
            ),
            tool_choice=Json.of({"type": "auto", "disable_parallel_tool_use": True}),
        ),
        "a tool chosen": asked(
            OLDER,
            tools=Json.of([{"name": "t", "input_schema": {"type": "object"}}]),
            tool_choice=Json.of({"type": "tool", "name": "t"}),
        ),
        "a round of tools": asked(NEWER, result, said, turns=round_, tools=Json.of([tool])),
        "a server's tools": asked(
            turns=(
                Turn("user", text),
                Turn(
                    "assistant",
                    Json.of(
                        [
                            {
                                "type": "server_tool_use",
                                "id": "srvtoolu_1",
                                "name": "web_search",
                                "input": {"query": text},
                            },
                            {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [found]},
                            said,
                        ]
                    ),
                ),
            ),
            container=Json.of("container_1"),
        ),
        "images": asked(
            NEWER,
            IMAGE,
            {
                "type": "image",
                "source": {"type": "url", "url": "https://example.org/a.png"},
                "cache_control": EPHEMERAL,
            },
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            said,
        ),
        "documents": asked(
            NEWER,
            {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="},
                "title": text,
            },
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": text}, "context": text},
            {"type": "document", "source": {"type": "content", "content": [said]}, "citations": {"enabled": True}},
            {"type": "document", "source": {"type": "url", "url": f"{PLACE}a.pdf"}},
            {"type": "search_result", "source": "a", "title": text, "content": [said]},
            said,
        ),
        "caching": asked(NEWER, {**said, "cache_control": {**EPHEMERAL, "ttl": "1h"}}, system=text, cache_control="5m"),
        "caching by itself": asked(cache_control="auto", diagnostics=Json.of({"previous_message_id": None})),
        "service": asked(
            service_tier="standard_only",
            inference_geo="us",
            container=Json.of({"id": "c", "skills": []}),
            version="2023-06-01",
        ),
        "fast": asked(FAST, speed="fast"),
    }
