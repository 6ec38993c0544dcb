"""A value for every parameter, written down apart from the code: how it is typed, and how it goes on the wire."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.core.params import Params, read_settings


class Sample(NamedTuple):
    """One parameter in every form that a person or the API meets it."""

    setting: str
    """As after `--set KEY=`."""
    path: str
    """Where it stands in the body; empty for a header."""
    wire: Any
    shown: str
    """In the panel."""
    needs: str = ""
    """Another parameter, without which it stands nowhere in the body."""


SCHEMA = {"type": "json_schema", "schema": {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}}
TOOL = {"name": "get_weather", "input_schema": {"type": "object"}, "default": None}
EPHEMERAL = {"type": "ephemeral"}

SAMPLES = {
    "model": Sample("claude-haiku-4-5", "model", "claude-haiku-4-5", "claude-haiku-4-5"),
    "max_tokens": Sample("2048", "max_tokens", 2048, "2 048"),
    "temperature": Sample("0.35", "temperature", 0.35, "0.35"),
    "top_p": Sample("0.9", "top_p", 0.9, "0.90"),
    "top_k": Sample("40", "top_k", 40, "40"),
    "stop_sequences": Sample(
        '["\\n\\nHuman:", "a\\r\\n"]', "stop_sequences", ["\n\nHuman:", "a\r\n"], '"\\n\\nHuman:" +1'
    ),
    "system": Sample(" Be brief.\n", "system", " Be brief.\n", "Be brief."),
    "thinking": Sample("enabled", "thinking.type", "enabled", "enabled"),
    "thinking_budget": Sample("1024", "thinking.budget_tokens", 1024, "1 024"),
    "thinking_display": Sample("omitted", "thinking.display", "omitted", "omitted"),
    "effort": Sample("high", "output_config.effort", "high", "high"),
    "output_format": Sample(
        '{"type": "json_schema", "schema": {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}}',
        "output_config.format",
        SCHEMA,
        "a",
    ),
    "tools": Sample(
        '[{"name": "get_weather", "input_schema": {"type": "object"}, "default": null}]',
        "tools",
        [TOOL],
        "1 · get_weather",
    ),
    "tool_choice": Sample(
        '{ type = "tool", name = "get_weather" }', "tool_choice", {"type": "tool", "name": "get_weather"}, "get_weather"
    ),
    "cache_control": Sample("1h", "cache_control", EPHEMERAL | {"ttl": "1h"}, "1h"),
    "cache_system": Sample("1h", "system[-1].cache_control", EPHEMERAL | {"ttl": "1h"}, "1h", "system"),
    "cache_tools": Sample("5m", "tools[-1].cache_control", EPHEMERAL | {"ttl": "5m"}, "5m", "tools"),
    "service_tier": Sample("standard_only", "service_tier", "standard_only", "standard_only"),
    "speed": Sample("fast", "speed", "fast", "fast"),
    "inference_geo": Sample("us", "inference_geo", "us", "us"),
    "user_id": Sample("0815", "metadata.user_id", "0815", "0815"),
    "container": Sample("container_011", "container", "container_011", '"container_011"'),
    "diagnostics": Sample(
        '{"previous_message_id": "msg_1"}',
        "diagnostics",
        {"previous_message_id": "msg_1"},
        '{"previous_message_id": "msg_1"}',
    ),
    "version": Sample("2023-06-01", "", "2023-06-01", "2023-06-01"),
}


def sample(key: str) -> Params:
    """The one parameter, as `--set` reads it."""
    params, unset = read_settings([f"{key}={SAMPLES[key].setting}"])
    assert unset == ()
    return params


def whole(key: str) -> Params:
    """The parameter with the one that it needs."""
    needs = SAMPLES[key].needs
    return sample(key).merge(sample(needs)) if needs else sample(key)


EVERYTHING = read_settings([f"{key}={each.setting}" for key, each in SAMPLES.items()])[0]
