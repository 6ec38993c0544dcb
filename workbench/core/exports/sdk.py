"""What every program on an official SDK is made of: the client, the headers, the arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core.endpoint import OFFICIAL_URL
from workbench.core.exports.call import KEY_VARIABLE, Call, ExportError, unlike
from workbench.core.exports.proving import expect_plain

VERSION: Final = "2026-10-21"
"""The API version that the SDKs send of their own accord, each since its release of that day (claude-api §0)."""
ARGUMENTS: Final = frozenset(
    {
        *("model", "max_tokens", "messages", "system", "stop_sequences", "thinking", "output_config", "tools"),
        *("tool_choice", "cache_control", "metadata", "service_tier", "speed", "inference_geo", "container"),
        "diagnostics",
    }
)
"""What the SDKs take by name; the sampling parameters went with that release, and pass through the way past it."""
REQUIRED: Final = ("model", "max_tokens", "messages")
UNKEYED: Final = "none"
"""In place of a key for a server that wants none: the SDKs don't start without."""


@dataclass(frozen=True, slots=True)
class Client:
    """How the SDK's client is made; all empty where it needs to be told nothing."""

    variable: str | None
    """Where the key is, if the SDK must be told. It isn't left to itself with another server:
    it would look for a token of Anthropic's too."""
    base_url: str | None
    keyless: bool
    also_x_api_key: bool
    """The SDKs send a key as a bearer token, so a server that wants `x-api-key` is told in that header too."""


def client(call: Call) -> Client:
    """Raises ExportError for a cloud that the SDK has a client of its own for."""
    expect_plain(call)
    endpoint = call.endpoint
    elsewhere = endpoint.base_url != OFFICIAL_URL
    keyless = endpoint.auth == "none"  # whether a key is set here and now says nothing of where the export will run
    named = not keyless and (elsewhere or call.key_variable != KEY_VARIABLE)
    return Client(
        call.key_variable if named else None,
        endpoint.base_url if elsewhere else None,
        keyless,
        elsewhere and not keyless and endpoint.auth == "x-api-key",
    )


def headers(call: Call) -> dict[str, str]:
    """The headers that the SDK must be told to send."""
    made = {} if call.version == VERSION else {"anthropic-version": call.version}
    own = {name: text for name, text in call.headers.items() if name in ("anthropic-workspace-id", "anthropic-beta")}
    return made | own


def body(call: Call, language: str) -> dict[str, object]:
    """The body without `stream`, which the SDK adds. Raises ExportError where the SDK can't leave something out."""
    made = {key: value for key, value in call.plain.items() if key != "stream"}
    for key in REQUIRED:
        if key not in made:
            raise ExportError(f"the {language} SDK can't leave {key} out: set it")
    return made


def expect_exact(made: Mapping[str, object], largest: int, language: str) -> None:
    """Raises ExportError for a whole number that the language would round."""

    def exact(value: object) -> bool:
        return not isinstance(value, int) or isinstance(value, bool) or -largest - 1 < value <= largest

    if (where := unlike(exact, made)) is not None:
        raise ExportError(f"{where} is a number that {language} would round: use json")
