"""The Messages API as Anthropic and the servers that imitate it speak it (claude-api §1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench import __version__
from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.dialect import Call, Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

PATHS: Final[Mapping[Call, str]] = {
    "messages": "/v1/messages",
    "count_tokens": "/v1/messages/count_tokens",
    "models": "/v1/models",
}


def url(endpoint: Endpoint, call: Call) -> str:
    """A path in the base URL is kept: gateways live under one."""
    return endpoint.base_url.rstrip("/") + PATHS[call]


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """What is sent; compression is not asked for, because it holds back tokens and blurs their times."""
    made = {
        "accept": "application/json, text/event-stream",
        "accept-encoding": "identity",
        "anthropic-version": version,
        "content-type": "application/json",
        "user-agent": f"workbench/{__version__}",
    }
    for name, text in extra.items():
        made[name.lower()] = text
    auth = endpoint.auth if key is None else key.auth or endpoint.auth
    if key is not None and auth == "bearer":
        made["authorization"] = f"Bearer {key.reveal()}"
    elif key is not None and auth == "x-api-key":
        made["x-api-key"] = key.reveal()
    return Veiled(made)


DIALECT: Final = Dialect(url, headers, frozenset({"x-api-key", "authorization"}))
