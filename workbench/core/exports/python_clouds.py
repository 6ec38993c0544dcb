"""The Python SDK's clients of the clouds: what each is called, and what it must be told (`anthropic/lib`, 2.14.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core import clouds
from workbench.core.exports import sdk
from workbench.core.exports.call import Call
from workbench.core.exports.python_text import quoted


@dataclass(frozen=True, slots=True)
class Client:
    """One class of the SDK."""

    name: str
    settings: Mapping[str, str]
    """Our settings by the names of its arguments."""
    key: str = "api_key={}"
    """How it is handed a key."""
    unkeyed: str = "skip_auth=True"
    """What makes it send none."""


_AWS: Final = {"region": "aws_region", "profile": "aws_profile"}
CLIENTS: Final[Mapping[str, Client]] = {
    "bedrock": Client("AnthropicBedrock", _AWS, unkeyed='api_key="none"'),
    "bedrock-mantle": Client("AnthropicBedrockMantle", _AWS),
    "vertex": Client(
        "AnthropicVertex",
        {"region": "region", "project": "project_id"},
        key="access_token={}",
        unkeyed='access_token="none"',
    ),
    "foundry": Client("AnthropicFoundry", {"resource": "resource"}, unkeyed='api_key="none"'),
    "aws": Client("AnthropicAWS", {**_AWS, "workspace": "workspace_id"}),
    "google-cloud": Client(
        "AnthropicGoogleCloud",
        {"project": "project", "region": "location", "workspace": "workspace_id"},
        key="token_provider=lambda: {}",
    ),
}


def client(call: Call) -> tuple[str, list[str]]:
    """The class and its arguments; what the cloud's own tools keep is found by the SDK, as by Workbench."""
    endpoint, row = call.endpoint, CLIENTS[call.endpoint.kind]
    known = {name: text for name in row.settings if (text := getattr(endpoint, name)) is not None}
    usual = _usual(endpoint.kind, known)
    if endpoint.base_url != usual:
        known.pop("resource", None)  # Foundry takes one or the other
    arguments = [f"{row.settings[name]}={quoted(text)}" for name, text in known.items()]
    if endpoint.auth == "none":
        arguments.append(row.unkeyed)
    elif endpoint.kind == "foundry" and endpoint.auth == "bearer":
        arguments.append(f'azure_ad_token_provider=lambda: os.environ["{call.key_variable}"]')
    elif endpoint.auth in ("bearer", "x-api-key"):
        arguments.append(row.key.format(f'os.environ["{call.key_variable}"]'))
    if endpoint.base_url != usual:
        arguments.append(f"base_url={quoted(endpoint.base_url + ('/v1' if endpoint.kind == 'vertex' else ''))}")
    return row.name, arguments


def version(call: Call) -> dict[str, object]:
    """The version of the API, where it stands in the body and isn't the SDK's own."""
    chosen = call.request.at(call.endpoint).shape.version
    return {"anthropic_version": chosen} if chosen not in ("", sdk.VERSION) else {}


def headers(call: Call) -> dict[str, str]:
    """The headers that the client must be told to send; betas it brings into Bedrock's body by itself."""
    headed = call.request.at(call.endpoint).shape.kind == "messages"
    made = {"anthropic-version": call.version} if headed and call.version != sdk.VERSION else {}
    return made | ({"anthropic-beta": call.betas} if call.betas else {})


def _usual(kind: str, settings: Mapping[str, str]) -> str:
    """Where the cloud answers by itself."""
    row = clouds.of(kind)
    try:
        return clouds.address_of(row, settings) if row is not None else ""
    except KeyError:
        return ""
