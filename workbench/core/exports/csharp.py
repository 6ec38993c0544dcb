"""The request as a C# program (C# 12 or later) on the official SDK (13.x).

The types of its messages change from release to release, so the program holds the JSON itself and hands it over by
the SDK's own way for that, `FromRawUnchecked`. A header is set where the request leaves: what is given with the
parameters stands beside the SDK's own value and does not take its place (`Core/ParamsBase.cs`).
Shape: README and `examples/MessagesStreamingExample` of anthropics/anthropic-sdk-csharp, `MessageCreateParams.cs`.
"""

from __future__ import annotations

import re
from typing import Final

from workbench.core.exports import sdk
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.json_text import pretty
from workbench.core.exports.literals import by_eight_digits, doubly_quoted

LONGEST: Final = 8_000_000
"""Characters; the compiler takes 16 MiB of strings a program, in UTF-16."""
QUOTES: Final = re.compile('"+')


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = pretty(sdk.body(call, "C#"))
    if len(body) > LONGEST:
        raise ExportError("the body is larger than C#'s compiler takes in one program: use json, or another language")
    client = sdk.client(call)
    headers = [f"{quoted(name)}, {quoted(value)}" for name, value in sdk.headers(call).items()]
    headers += ['"x-api-key", key'] if client.also_x_api_key else []
    lines = [
        "using System;",
        "using System.Collections.Generic;",
        "using System.Net.Http;",
        "using System.Text.Json;",
        "using System.Threading;",
        "using System.Threading.Tasks;",
        "using Anthropic;",
        "using Anthropic.Models.Messages;",
        "",
        *_client(client, handled=bool(headers)),
        "Dictionary<string, JsonElement> none = new();",
        "var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(",
        f"{raw(body)})!;",
        "await foreach (var item in client.Messages.CreateStreaming(",
        "    MessageCreateParams.FromRawUnchecked(none, none, body)))",
        "{",
        "    if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))",
        "    {",
        "        Console.Write(text.Text);",
        "    }",
        "}",
        "Console.WriteLine();",
        *(_handler(headers, client) if headers else []),
    ]
    return "\n".join(lines) + "\n"


def _client(client: sdk.Client, *, handled: bool) -> list[str]:
    """The lines that make the client; an expression that throws stops the program where the key isn't there."""
    before: list[str] = []
    settings: list[str] = []
    if client.keyless:
        settings.append(f"ApiKey = {quoted(sdk.UNKEYED)}")
    elif name := client.variable:
        missing = f'throw new InvalidOperationException("{name} is not set")'
        before = [f'var key = Environment.GetEnvironmentVariable("{name}")', f"    ?? {missing};"]
        settings.append("ApiKey = key")
    if client.base_url:
        settings += ["AuthToken = null", f"BaseUrl = {quoted(client.base_url)}"]
    if handled:
        handler = "new WithHeaders(key)" if client.also_x_api_key else "new WithHeaders()"
        settings.append(f"HttpClient = new({handler}) {{ Timeout = System.Threading.Timeout.InfiniteTimeSpan }}")
    if not settings:
        return [*before, "AnthropicClient client = new();"]
    return [*before, "AnthropicClient client = new()", "{", *(f"    {each}," for each in settings), "};"]


def _handler(headers: list[str], client: sdk.Client) -> list[str]:
    """The class that sets headers on what leaves."""
    given = "string key" if client.also_x_api_key else ""
    return [
        "",
        f"sealed class WithHeaders({given}) : DelegatingHandler(new HttpClientHandler())",
        "{",
        "    protected override Task<HttpResponseMessage> SendAsync(",
        "        HttpRequestMessage request, CancellationToken token)",
        "    {",
        *(f"        Set(request, {each});" for each in headers),
        "        return base.SendAsync(request, token);",
        "    }",
        "",
        "    static void Set(HttpRequestMessage request, string name, string value)",
        "    {",
        "        request.Headers.Remove(name);",
        "        request.Headers.Add(name, value);",
        "    }",
        "}",
    ]


def raw(text: str) -> str:
    """JSON between three quotes or more, where C# takes all as it is."""
    longest = max((len(each) for each in QUOTES.findall(text)), default=0)
    marks = '"' * max(longest + 1, 3)
    return f"{marks}\n{text}{marks}"


def quoted(text: str) -> str:
    """A string literal in double quotes, in which what can't be seen stands as its escape."""
    return doubly_quoted(text, by_eight_digits)
