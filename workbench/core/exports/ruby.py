"""The request as a Ruby program on the official SDK (2.x).

Shape: README and `helpers.md` of anthropics/anthropic-sdk-ruby (`messages.stream`, `stream.text`, `request_options`
with `extra_body` and `extra_headers`), `lib/anthropic/client.rb` and `base_client.rb` (`build_request`).
"""

from __future__ import annotations

import re
from typing import Final

from workbench.core.exports import literals, sdk
from workbench.core.exports.call import Call
from workbench.core.exports.literals import Code, Style, by_code_point, doubly_quoted, joined

NAMED: Final = {
    **{key: key for key in ("model", "max_tokens", "messages", "stop_sequences", "thinking", "tools", "tool_choice")},
    "system": "system_",
    "metadata": "metadata",
}
"""What is handed over by name; the rest is merged into the body as it is."""
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
INTERPOLATION: Final = re.compile(r"#(?=[{$@])")


def write(call: Call) -> str:
    """A program that streams the answer to standard output; the key comes from the environment."""
    body = sdk.body(call, "Ruby")
    arguments = {NAMED[key]: value for key, value in body.items() if key in NAMED}
    extra = {key: value for key, value in body.items() if key not in NAMED}
    client = sdk.client(call)
    headers = sdk.headers(call) | ({"x-api-key": Code("key")} if client.also_x_api_key else {})
    options = {"extra_body": extra, "extra_headers": headers}
    if given := {key: value for key, value in options.items() if value}:
        arguments["request_options"] = given
    lines = [
        'require "anthropic"',
        "",
        *_client(client),
        "stream = client.messages.stream(",
        ",\n".join(f"  {key}: {literals.literal(STYLE, value, 1)}" for key, value in arguments.items()),
        ")",
        "stream.text.each { |text| print(text) }",
        "puts",
    ]
    return "\n".join(lines) + "\n"


def _client(client: sdk.Client) -> list[str]:
    """The lines that make the client; `fetch` stops the program where the key isn't there."""
    before: list[str] = []
    arguments: list[str] = []
    if client.keyless:
        arguments.append(f"api_key: {quoted(sdk.UNKEYED)}")
    elif client.variable:
        before = [f'key = ENV.fetch("{client.variable}")']
        arguments.append("api_key: key")
    if client.base_url:
        arguments += ["auth_token: nil", f"base_url: {quoted(client.base_url)}"]
    inside = f"({', '.join(arguments)})" if arguments else ""
    return [*before, f"client = Anthropic::Client.new{inside}"]


def quoted(text: str) -> str:
    """A string literal in double quotes; nothing in it is interpolated, and what can't be seen is its escape."""
    return INTERPOLATION.sub(r"\\#", doubly_quoted(text, by_code_point))


def _name(key: str) -> str:
    return f"{key}: " if NAME.fullmatch(key) else f"{quoted(key)} => "


STYLE: Final = Style(quoted, _name, joined(quoted, "[", '].join("\\n")'), null="nil")
