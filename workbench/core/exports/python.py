"""The request as a Python program on the official SDK (2.x, tried with 2.14.0)."""

from __future__ import annotations

from typing import Final

from workbench.core.exports import literals, python_clouds, sdk
from workbench.core.exports.call import Call
from workbench.core.exports.literals import Style
from workbench.core.exports.python_text import quoted


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = sdk.body(call, "Python")
    arguments = {key: value for key, value in body.items() if key in sdk.ARGUMENTS}
    extra = {key: value for key, value in body.items() if key not in sdk.ARGUMENTS}
    clouded = call.endpoint.kind in python_clouds.CLIENTS
    if extra := {**python_clouds.version(call), **extra}:
        arguments["extra_body"] = extra
    if headers := python_clouds.headers(call) if clouded else sdk.headers(call):
        arguments["extra_headers"] = headers
    maker, made = python_clouds.client(call) if clouded else ("Anthropic", _client(sdk.client(call)))
    lines = [
        *(["import os", ""] if any("os.environ" in each for each in made) else []),
        f"from anthropic import {maker}",
        "",
        f"client = {maker}({', '.join(made)})",
        "",
        "with client.messages.stream(",
        *(f"    {key}={literal(value, 1)}," for key, value in arguments.items()),
        ") as stream:",
        "    for text in stream.text_stream:",
        '        print(text, end="", flush=True)',
        "print()",
    ]
    return "\n".join(lines) + "\n"


def _client(client: sdk.Client) -> list[str]:
    """The arguments that make the client."""
    key = f'os.environ["{client.variable}"]'
    arguments: list[str] = []
    if client.keyless:
        arguments.append(f"api_key={quoted(sdk.UNKEYED)}")
    elif client.variable:
        arguments.append(f"api_key={key}")
    if client.base_url:
        arguments.append(f"base_url={quoted(client.base_url)}")
    if client.also_x_api_key:
        arguments.append(f'default_headers={{"x-api-key": {key}}}')
    return arguments


def literal(value: object, depth: int = 0) -> str:
    """A Python literal of a JSON value, on one line where it is short."""
    return literals.literal(STYLE, value, depth)


def _lines(text: str) -> tuple[str, list[str], str]:
    """Literals side by side, each with its line break, never between triple quotes."""
    lines = text.split("\n")
    pieces = [*(f"{line}\n" for line in lines[:-1]), *lines[-1:]]
    return "(", [quoted(line) for line in pieces if line], ")"


STYLE: Final = Style(
    quoted,
    lambda name: f"{quoted(name)}: ",
    _lines,
    indent="    ",
    comma="",
    null="None",
    true="True",
    false="False",
)
