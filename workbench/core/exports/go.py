"""The request as a Go program on the official SDK (v2).

Its typed parameters would send another body (the system prompt as a list of blocks, what is empty left out), so the
program holds the JSON itself and hands it over by the SDK's own way for that, `option.WithRequestBody`.
Shape: README and `examples/message-streaming` of anthropics/anthropic-sdk-go, `option/requestoption.go`.
"""

from __future__ import annotations

from typing import Final

from workbench.core.exports import sdk
from workbench.core.exports.call import Call
from workbench.core.exports.json_text import pretty
from workbench.core.exports.literals import by_eight_digits, doubly_quoted

MODULE: Final = "github.com/anthropics/anthropic-sdk-go/v2"


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    client = sdk.client(call)
    options = [
        'option.WithRequestBody("application/json", []byte(body))',
        *(f"option.WithHeader({quoted(name)}, {quoted(value)})" for name, value in sdk.headers(call).items()),
        *(['option.WithHeader("x-api-key", key)'] if client.also_x_api_key else []),
    ]
    lines = [
        "package main",
        "",
        "import (",
        '\t"context"',
        '\t"fmt"',
        *(['\t"os"'] if client.variable else []),
        "",
        f'\t"{MODULE}"',
        f'\t"{MODULE}/option"',
        ")",
        "",
        f"const body = {raw(pretty(call.body))}",
        "",
        "func main() {",
        *_client(client),
        "\tstream := client.Messages.NewStreaming(context.Background(), anthropic.MessageNewParams{},",
        *(f"\t\t{option}," for option in options),
        "\t)",
        "\tfor stream.Next() {",
        "\t\tswitch event := stream.Current().AsAny().(type) {",
        "\t\tcase anthropic.ContentBlockDeltaEvent:",
        "\t\t\tswitch delta := event.Delta.AsAny().(type) {",
        "\t\t\tcase anthropic.TextDelta:",
        "\t\t\t\tfmt.Print(delta.Text)",
        "\t\t\t}",
        "\t\t}",
        "\t}",
        "\tif err := stream.Err(); err != nil {",
        "\t\tpanic(err)",
        "\t}",
        "\tfmt.Println()",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _client(client: sdk.Client) -> list[str]:
    """The lines that make the client; another server gets the named key or none, whatever the environment holds."""
    before: list[str] = []
    options: list[str] = []
    if client.base_url:
        options += ["option.WithoutEnvironmentDefaults()", f"option.WithBaseURL({quoted(client.base_url)})"]
    if client.keyless:
        options.append(f"option.WithAPIKey({quoted(sdk.UNKEYED)})")
    elif client.variable:
        before = [
            f'\tkey, found := os.LookupEnv("{client.variable}")',
            "\tif !found {",
            f'\t\tpanic("{client.variable} is not set")',
            "\t}",
        ]
        options.append("option.WithAPIKey(key)")
    if len(options) < 2:
        return [*before, f"\tclient := anthropic.NewClient({''.join(options)})"]
    return [*before, "\tclient := anthropic.NewClient(", *(f"\t\t{each}," for each in options), "\t)"]


def raw(text: str) -> str:
    """JSON between backquotes, where Go takes all as it is; a backquote in it is written as JSON can."""
    return "`" + text.replace("`", "\\u0060").rstrip("\n") + "`"


def quoted(text: str) -> str:
    """A string literal in double quotes, in which what can't be seen stands as its escape."""
    return doubly_quoted(text, by_eight_digits)
