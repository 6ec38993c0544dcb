"""The request as a PHP program on the official SDK (1.x).

Shape: README of anthropics/anthropic-sdk-php (`createStream`, `requestOptions` with `extraBodyParams` and
`extraHeaders`), `src/Client.php`, `src/Core/BaseClient.php` and `Util::mergeBody` (extras win, and stay as they are).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from workbench.core.exports import literals, sdk
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.literals import Code, Style, by_code_point, doubly_quoted, joined

NAMED: Final = {"model": "model", "max_tokens": "maxTokens", "system": "system", "stop_sequences": "stopSequences"}
"""What is handed over by name; in the rest the SDK has other names, and leaves out a null, so it goes past it."""
LARGEST: Final = 2**63 - 1
NUMERIC: Final = re.compile(r"-?[0-9]+")
"""A name that PHP takes for a place in a list."""


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = sdk.body(call, "PHP")
    sdk.expect_exact(body, LARGEST, "PHP")
    named = {NAMED[key]: value for key, value in body.items() if key in NAMED}
    extra = {key: value for key, value in body.items() if key not in NAMED}
    plain = all(isinstance(turn.content, str) for turn in call.request.turns)
    named["messages"] = extra.pop("messages") if plain else []
    client = sdk.client(call)
    headers = sdk.headers(call) | ({"x-api-key": Code("$key")} if client.also_x_api_key else {})
    options = {"extraBodyParams": extra, "extraHeaders": headers}
    if given := {key: value for key, value in options.items() if value}:
        named["requestOptions"] = given
    lines = [
        "<?php",
        "",
        "require 'vendor/autoload.php';",
        "",
        "use Anthropic\\Client;",
        "use Anthropic\\Messages\\RawContentBlockDeltaEvent;",
        "use Anthropic\\Messages\\TextDelta;",
        "",
        *_client(client),
        "$stream = $client->messages->createStream(",
        *(f"    {key}: {literals.literal(STYLE, value, 1)}," for key, value in named.items()),
        ");",
        "foreach ($stream as $event) {",
        "    if ($event instanceof RawContentBlockDeltaEvent && $event->delta instanceof TextDelta) {",
        "        echo $event->delta->text;",
        "    }",
        "}",
        "echo PHP_EOL;",
    ]
    return "\n".join(lines) + "\n"


def _client(client: sdk.Client) -> list[str]:
    """The lines that make the client; an expression that throws stops the program where the key isn't there."""
    before: list[str] = []
    arguments: list[str] = []
    if client.keyless:
        arguments.append(f"apiKey: {quoted(sdk.UNKEYED)}")
    elif name := client.variable:
        before = [f"$key = getenv('{name}') ?: throw new RuntimeException('{name} is not set');"]
        arguments.append("apiKey: $key")
    if client.base_url:
        arguments += ["authToken: ''", f"baseUrl: {quoted(client.base_url)}"]
    return [*before, f"$client = new Client({', '.join(arguments)});"]


def quoted(text: str) -> str:
    """A string literal in double quotes; nothing in it is a variable, and what can't be seen is its escape."""
    return doubly_quoted(text, by_code_point).replace("$", "\\$")


def _as_object(each: Mapping[str, object]) -> str:
    """An array with no names, or with numbers for names, would be sent as a list; an object can't have all names."""
    if each and not any(NUMERIC.fullmatch(name) for name in each):
        return ""
    if any(name.startswith("\0") for name in each):
        raise ExportError("PHP can't send a name that begins with a NUL beside one that is a number: use json")
    return "(object) "


STYLE: Final = Style(
    quoted,
    lambda name: f"{quoted(name)} => ",
    joined(quoted, 'implode("\\n", [', "])"),
    indent="    ",
    map_open="[",
    map_close="]",
    as_object=_as_object,
)
