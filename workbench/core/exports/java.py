"""The request as a Java program (Java 15 or later) on the official SDK (3.x).

What is text goes through the typed builder, the rest as JSON by the SDK's own way for that, a `JsonValue`.
Shape: README of anthropics/anthropic-sdk-java ("Undocumented API functionality"), `MessagesStreamingExample.java`;
Jackson comes with the SDK (`anthropic-java-core/build.gradle.kts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.core.exports import sdk
from workbench.core.exports.call import Call
from workbench.core.exports.json_text import pretty
from workbench.core.exports.literals import WIDTH, doubly_quoted

LONGEST: Final = 60_000
"""Bytes; a constant of a class has at most 65,535."""
PIECE: Final = 10_000
"""Characters, of six bytes at most each."""
STEP: Final = "    "
DEEP: Final = 4 * STEP
"""How deep a value stands."""
ROLES: Final = {"user": "addUserMessage", "assistant": "addAssistantMessage"}


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    client = sdk.client(call)
    settings = [*_settings(call, client)]
    as_json = any("json(" in each for each in settings)
    valued = as_json or any("JsonValue." in each for each in settings)
    lines = [
        "import com.anthropic.client.AnthropicClient;",
        "import com.anthropic.client.okhttp.AnthropicOkHttpClient;",
        *(["import com.anthropic.core.JsonValue;"] if valued else []),
        "import com.anthropic.core.http.StreamResponse;",
        "import com.anthropic.models.messages.MessageCreateParams;",
        "import com.anthropic.models.messages.RawMessageStreamEvent;",
        *(["import com.fasterxml.jackson.databind.ObjectMapper;"] if as_json else []),
        *(["import java.util.Objects;"] if client.variable else []),
        "",
        "public class Main {",
        "    public static void main(String[] args) throws Exception {",
        *(f"        {line}" for line in _client(client)),
        "        MessageCreateParams params = MessageCreateParams.builder()",
        *(f"            {each}" for each in settings),
        "            .build();",
        "        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {",
        "            stream.stream()",
        "                .flatMap(event -> event.contentBlockDelta().stream())",
        "                .flatMap(event -> event.delta().text().stream())",
        "                .forEach(delta -> System.out.print(delta.text()));",
        "        }",
        "        System.out.println();",
        "    }",
        *(READER if as_json else []),
        "}",
    ]
    return "\n".join(lines) + "\n"


READER: Final = (
    "",
    "    private static JsonValue json(String text) throws Exception {",
    "        return JsonValue.from(new ObjectMapper().readTree(text));",
    "    }",
)


def _client(client: sdk.Client) -> list[str]:
    """The lines that make the client; another server gets the named key or none, whatever the environment holds."""
    before: list[str] = []
    settings: list[str] = []
    if client.keyless:
        settings.append(f".apiKey({quoted(sdk.UNKEYED)})")
    elif name := client.variable:
        before = [f'String key = Objects.requireNonNull(System.getenv("{name}"), "{name} is not set");']
        settings.append(".apiKey(key)")
    if client.base_url:
        settings.append(f".baseUrl({quoted(client.base_url)})")
    if not settings:
        return [*before, "AnthropicClient client = AnthropicOkHttpClient.fromEnv();"]
    made = ["AnthropicClient client = AnthropicOkHttpClient.builder()", *(f"    {each}" for each in settings)]
    return [*before, *made, "    .build();"]


def _settings(call: Call, client: sdk.Client) -> Iterator[str]:
    """The calls on the builder, one for each part of the request."""
    turns = call.request.turns
    said = all(isinstance(each.content, str) and each.role in ROLES for each in turns)
    for key, value in sdk.body(call, "Java").items():
        match key, value:
            case "model", str():
                yield f".model({string(value)})"
            case "max_tokens", int():
                yield f".maxTokens({value}L)"
            case "system", str():
                yield f".system({string(value)})"
            case "stop_sequences", list():
                yield from (f".addStopSequence({string(each)})" for each in value)
            case "messages", _ if said and turns:
                yield from (f".{ROLES[each.role]}({string(str(each.content))})" for each in turns)
            case "messages", _:
                yield f".messages({_value(value)})"
            case _:
                yield f".putAdditionalBodyProperty({quoted(key)}, {_value(value)})"
    yield from (f".putAdditionalHeader({quoted(name)}, {quoted(each)})" for name, each in sdk.headers(call).items())
    if client.also_x_api_key:
        yield '.putAdditionalHeader("x-api-key", key)'


def _value(value: object) -> str:
    if isinstance(value, str):
        return f"JsonValue.from({string(value)})"
    if isinstance(value, float):
        return f"JsonValue.from({value!r})"
    return f"json({string(pretty(value))})"


def string(text: str) -> str:
    """A literal of a text of any length: in one line, line by line, or in pieces that a class can hold."""
    if len(text.encode("utf-16-le", "surrogatepass")) * 3 // 2 > LONGEST:
        pieces = (quoted(text[at : at + PIECE]) for at in range(0, len(text), PIECE))
        return 'String.join("",' + ",".join(f"\n{DEEP}{piece}" for piece in pieces) + ")"
    many = "\n" in text[:-1] and len(text) >= WIDTH // 2
    # In a text block an escape by number would be taken for a blank, and a blank at the end of a line goes.
    return _block(text) if many and all(each.isprintable() or each <= "\xff" for each in text) else quoted(text)


def _block(text: str) -> str:
    """Lines between three quotes, each as deep as the last quotes, which is what is taken away again."""
    lines = [_line(each) for each in text.split("\n")]
    lines = lines[:-1] if not lines[-1] else [*lines[:-1], lines[-1] + "\\"]
    return '"""\n' + "".join(f"{DEEP}{line}\n" if line else "\n" for line in lines) + f'{DEEP}"""'


def _line(line: str) -> str:
    inside = quoted(line)[1:-1].replace('\\"', '"').replace('""', '\\"\\"')
    return inside[:-1] + "\\040" if inside.endswith(" ") else inside


def quoted(text: str) -> str:
    """A string literal in double quotes, in which a character that can't be seen stands as its escape.

    `\\uXXXX` is read before anything else in a program, so it stands only for what a string may hold as it is.
    """
    return doubly_quoted(text, _unseen)


def _unseen(each: str) -> str:
    if each <= "\xff":
        return f"\\{ord(each):03o}"
    units = each.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
