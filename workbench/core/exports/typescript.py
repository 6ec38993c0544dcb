"""The request as a TypeScript program on the official SDK (1.x), which is JavaScript as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from workbench.core.endpoint import OFFICIAL_URL
from workbench.core.exports.call import KEY_VARIABLE, Call, ExportError, unlike
from workbench.core.exports.python import SDK_ARGUMENTS, SDK_VERSION, WIDTH

REQUIRED: Final = ("model", "max_tokens", "messages")
NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
LARGEST: Final = 2**53 - 1
ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
TAG: Final = re.compile(r"<(?=[/!])")
"""What ends a script, or hides the rest of it, where a program is pasted into a page."""


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = {key: value for key, value in call.body.items() if key != "stream"}
    for key in REQUIRED:
        if key not in body:
            raise ExportError(f"the TypeScript SDK can't leave {key} out: set it")
    if (where := unlike(_exact, body)) is not None:
        raise ExportError(f"{where} is a number that JavaScript would round: use json")
    known = {key: value for key, value in body.items() if key in SDK_ARGUMENTS}
    extra = {key: value for key, value in body.items() if key not in SDK_ARGUMENTS}
    headers = {} if call.version == SDK_VERSION else {"anthropic-version": call.version}
    if call.betas:
        headers["anthropic-beta"] = call.betas
    options = f", {{ headers: {literal(headers)} }}" if headers else ""
    lines = [
        'import Anthropic from "@anthropic-ai/sdk";',
        "",
        *_client(call),
        *([f"const extra = {literal(extra)};"] if extra else []),
        "const stream = client.messages.stream({",
        *(f"  {key}: {literal(value, 1)}," for key, value in known.items()),
        *(["  ...extra,"] if extra else []),
        f"}}{options});",
        'stream.on("text", (text) => process.stdout.write(text));',
        "await stream.finalMessage();",
        "console.log();",
    ]
    return "\n".join(lines) + "\n"


def _client(call: Call) -> list[str]:
    """The lines that make the client.

    A key that isn't there stops the program: the SDK would take Anthropic's in its place, for whatever server.
    """
    endpoint = call.endpoint
    before: list[str] = []
    arguments: list[str] = []
    elsewhere = endpoint.base_url != OFFICIAL_URL
    if endpoint.auth == "none":
        arguments.append('apiKey: "none"')
    elif call.key_variable != KEY_VARIABLE or elsewhere:
        before = [
            f"const key = process.env.{call.key_variable};",
            f'if (!key) throw new Error("{call.key_variable} is not set");',
        ]
        arguments.append("apiKey: key")
    if elsewhere:
        arguments.append(f"baseURL: {quoted(endpoint.base_url)}")
    if elsewhere and endpoint.auth == "x-api-key":
        arguments.append('defaultHeaders: { "x-api-key": key }')
    inside = f"{{ {', '.join(arguments)} }}" if arguments else ""
    return [*before, f"const client = new Anthropic({inside});"]


def _exact(value: object) -> bool:
    """Whether JavaScript, where every number is a float, has this number."""
    return not isinstance(value, int) or isinstance(value, bool) or abs(value) <= LARGEST


def literal(value: object, depth: int = 0) -> str:
    """A literal of a JSON value, on one line where it is short."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, str):
        return _text(value, depth)
    if isinstance(value, Mapping):
        open_, close, space = "{", "}", " "
        items = [f"{_name(str(key))}: {literal(each, depth + 1)}" for key, each in value.items()]
    elif isinstance(value, list | tuple):
        open_, close, space = "[", "]", ""
        items = [literal(each, depth + 1) for each in value]
    else:
        return json.dumps(value)
    line = open_ + space + ", ".join(items) + space + close if items else open_ + close
    if "\n" not in line and len(line) + 2 * depth <= WIDTH:
        return line
    return f"{open_}\n" + "".join(f"{inner}{item},\n" for item in items) + outer + close


def _name(key: str) -> str:
    """A member's name; `__proto__`, however quoted, would set the prototype, and only a computed one is a member."""
    if key == "__proto__":
        return f"[{quoted(key)}]"
    return key if NAME.fullmatch(key) else quoted(key)


def _text(text: str, depth: int) -> str:
    """A string; several lines of it as a list that is joined, never as a template."""
    if len(text) + 2 * depth < WIDTH // 2 or "\n" not in text[:-1]:
        return quoted(text)
    inner, outer = "  " * (depth + 1), "  " * depth
    return "[\n" + "".join(f"{inner}{quoted(line)},\n" for line in text.split("\n")) + outer + '].join("\\n")'


def quoted(text: str) -> str:
    """A string literal in double quotes, in which a character that can't be seen stands as its escape."""
    return TAG.sub("\\\\u003c", '"' + "".join(_character(each) for each in text) + '"')


def _character(each: str) -> str:
    return ESCAPES.get(each) or (each if each.isprintable() else f"\\u{{{ord(each):x}}}")
