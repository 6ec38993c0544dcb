"""The request as a Python program on the official SDK (2.x)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.core.endpoint import OFFICIAL_URL
from workbench.core.exports.call import KEY_VARIABLE, Call, ExportError

SDK_VERSION: Final = "2026-10-21"
"""The API version that the SDK sends of its own accord."""
SDK_ARGUMENTS: Final = frozenset(
    {
        *("model", "max_tokens", "messages", "system", "stop_sequences", "thinking", "output_config", "tools"),
        *("tool_choice", "cache_control", "metadata", "service_tier", "speed", "inference_geo", "container"),
        "diagnostics",
    }
)
"""What `messages.stream` takes by name; the sampling parameters went with 1.0, and pass through `extra_body`."""
REQUIRED: Final = ("model", "max_tokens")
WIDTH: Final = 100
ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = {key: value for key, value in call.body.items() if key != "stream"}
    for key in REQUIRED:
        if key not in body:
            raise ExportError(f"the Python SDK can't leave {key} out: set it")
    arguments = {key: value for key, value in body.items() if key in SDK_ARGUMENTS}
    if extra := {key: value for key, value in body.items() if key not in SDK_ARGUMENTS}:
        arguments["extra_body"] = extra
    headers = {} if call.version == SDK_VERSION else {"anthropic-version": call.version}
    if call.betas:
        headers["anthropic-beta"] = call.betas
    if headers:
        arguments["extra_headers"] = headers
    client, needs_os = _client(call)
    lines = [
        *(["import os", ""] if needs_os else []),
        "from anthropic import Anthropic",
        "",
        client,
        "",
        "with client.messages.stream(",
        *(f"    {key}={literal(value, 1)}," for key, value in arguments.items()),
        ") as stream:",
        "    for text in stream.text_stream:",
        '        print(text, end="", flush=True)',
        "print()",
    ]
    return "\n".join(lines) + "\n"


def _client(call: Call) -> tuple[str, bool]:
    """The line that makes the client, and whether it reads the environment itself.

    Another server gets the named key or none: left to itself, the SDK would look for a token of Anthropic's too.
    The SDK sends a key as a bearer token, so a server that wants `x-api-key` is told in a header of its own.
    """
    endpoint = call.endpoint
    key = f'os.environ["{call.key_variable}"]'
    arguments: list[str] = []
    if endpoint.auth == "none":
        arguments.append('api_key="none"')
    elif call.key_variable != KEY_VARIABLE or endpoint.base_url != OFFICIAL_URL:
        arguments.append(f"api_key={key}")
    if endpoint.base_url != OFFICIAL_URL:
        arguments.append(f"base_url={quoted(endpoint.base_url)}")
        if endpoint.auth == "x-api-key":
            arguments.append(f'default_headers={{"x-api-key": {key}}}')
    return f"client = Anthropic({', '.join(arguments)})", any("os.environ" in each for each in arguments)


def literal(value: object, depth: int = 0) -> str:
    """A Python literal of a JSON value, on one line where it is short."""
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, str):
        return _text(value, depth)
    if isinstance(value, Mapping):
        open_, close = "{", "}"
        items = [f"{quoted(str(key))}: {literal(each, depth + 1)}" for key, each in value.items()]
    elif isinstance(value, list | tuple):
        open_, close = "[", "]"
        items = [literal(each, depth + 1) for each in value]
    else:
        return repr(value)
    line = open_ + ", ".join(items) + close
    if "\n" not in line and len(line) + 4 * depth <= WIDTH:
        return line
    return f"{open_}\n" + "".join(f"{inner}{item},\n" for item in items) + outer + close


def _text(text: str, depth: int) -> str:
    """A string; several lines of it as several literals side by side, never between triple quotes."""
    if len(text) + 4 * depth < WIDTH // 2 or "\n" not in text[:-1]:
        return quoted(text)
    lines = text.split("\n")
    pieces = [*(f"{line}\n" for line in lines[:-1]), *lines[-1:]]
    inner, outer = "    " * (depth + 1), "    " * depth
    return "(\n" + "".join(f"{inner}{quoted(line)}\n" for line in pieces if line) + outer + ")"


def quoted(text: str) -> str:
    """A string literal in double quotes, in which a character that can't be seen stands as its escape."""
    return '"' + "".join(_character(each) for each in text) + '"'


def _character(each: str) -> str:
    return ESCAPES.get(each) or (each if each.isprintable() else repr(each)[1:-1])
