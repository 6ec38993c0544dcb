"""The request as a TypeScript program on the official SDK (1.x, tried with 1.14.0), and JavaScript as it stands."""

from __future__ import annotations

import re
from typing import Final

from workbench.core.exports import literals, sdk
from workbench.core.exports.call import Call
from workbench.core.exports.literals import Style, by_code_point, doubly_quoted, joined

NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
LARGEST: Final = 2**53 - 1
"""JavaScript's every number is a float."""
TAG: Final = re.compile(r"<(?=[/!])")
"""What ends a script, or hides the rest of it, where a program is pasted into a page."""


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = sdk.body(call, "TypeScript")
    sdk.expect_exact(body, LARGEST, "JavaScript")
    known = {key: value for key, value in body.items() if key in sdk.ARGUMENTS}
    extra = {key: value for key, value in body.items() if key not in sdk.ARGUMENTS}
    headers = sdk.headers(call)
    options = f", {{ headers: {literal(headers)} }}" if headers else ""
    lines = [
        'import Anthropic from "@anthropic-ai/sdk";',
        "",
        *_client(sdk.client(call)),
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


def _client(client: sdk.Client) -> list[str]:
    """The lines that make the client.

    A key that isn't there stops the program: the SDK would take Anthropic's in its place, for whatever server.
    """
    before: list[str] = []
    arguments: list[str] = []
    if client.keyless:
        arguments.append(f"apiKey: {quoted(sdk.UNKEYED)}")
    elif client.variable:
        before = [
            f"const key = process.env.{client.variable};",
            f'if (!key) throw new Error("{client.variable} is not set");',
        ]
        arguments.append("apiKey: key")
    if client.base_url:
        arguments.append(f"baseURL: {quoted(client.base_url)}")
    if client.also_x_api_key:
        arguments.append('defaultHeaders: { "x-api-key": key }')
    inside = f"{{ {', '.join(arguments)} }}" if arguments else ""
    return [*before, f"const client = new Anthropic({inside});"]


def literal(value: object, depth: int = 0) -> str:
    """A literal of a JSON value, on one line where it is short."""
    return literals.literal(STYLE, value, depth)


def _name(key: str) -> str:
    """A member's name; `__proto__`, however quoted, would set the prototype, and only a computed one is a member."""
    if key == "__proto__":
        return f"[{quoted(key)}]: "
    return f"{key if NAME.fullmatch(key) else quoted(key)}: "


def quoted(text: str) -> str:
    """A string literal in double quotes, in which a character that can't be seen stands as its escape."""
    return TAG.sub("\\\\u003c", doubly_quoted(text, by_code_point))


STYLE: Final = Style(quoted, _name, joined(quoted, "[", '].join("\\n")'), padding=" ")
