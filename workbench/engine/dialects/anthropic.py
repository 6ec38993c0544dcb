"""The Messages API as Anthropic and the servers that imitate it speak it (claude-api §1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench import __version__
from workbench.core import cloud_urls
from workbench.core.cloud_urls import Call
from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.dialect import Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled


def url(endpoint: Endpoint, call: Call, model: str = "") -> str:
    return cloud_urls.plain(endpoint, call)


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """What is sent to the API itself."""
    made = common({"anthropic-version": version}, extra)
    made |= proof(endpoint, key)
    return Veiled(made)


def common(own: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """What every request has; compression is not asked for, because it holds back tokens and blurs their times."""
    made = {
        "accept": "application/json, text/event-stream",
        "accept-encoding": "identity",
        **own,
        "content-type": "application/json",
        "user-agent": f"workbench/{__version__}",
    }
    for name, text in extra.items():
        made[name.lower()] = text
    return made


def proof(endpoint: Endpoint, key: Key | None) -> dict[str, str]:
    """The key as the endpoint wants it; what signs instead of being sent gives none."""
    auth = endpoint.auth if key is None else key.auth or endpoint.auth
    if key is not None and auth == "bearer":
        return {"authorization": f"Bearer {key.reveal()}"}
    if key is not None and auth == "x-api-key":
        return {"x-api-key": key.reveal()}
    return {}


DIALECT: Final = Dialect(url, headers)
