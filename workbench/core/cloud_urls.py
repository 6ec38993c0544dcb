"""Where a request goes: the address of each call at each kind of endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import quote

from workbench.core import clouds

if TYPE_CHECKING:
    from workbench.core.endpoint import Endpoint

Call: TypeAlias = Literal["messages", "count_tokens", "models", "batches"]
PATHS: Final[Mapping[Call, str]] = {
    "messages": "/v1/messages",
    "count_tokens": "/v1/messages/count_tokens",
    "models": "/v1/models",
    "batches": "/v1/messages/batches",
}


class UnsayableError(ValueError):
    """A model's id that can't stand in an address; the text is the end of a sentence."""


def url_of(endpoint: Endpoint, call: Call, model: str = "") -> str:
    """The address of a call. Raises UnsayableError where the model is part of it, and can't be."""
    row = clouds.of(endpoint.kind)
    form = "messages" if row is None else row.shape
    if form == "bedrock":
        return bedrock(endpoint, model)
    return vertex(endpoint, call, model) if form == "vertex" else plain(endpoint, call)


def plain(endpoint: Endpoint, call: Call) -> str:
    """A path in the base URL is kept: gateways live under one."""
    return endpoint.base_url.rstrip("/") + PATHS[call]


def bedrock(endpoint: Endpoint, model: str) -> str:
    """Everything in an id is quoted: an ARN has slashes in it."""
    return f"{endpoint.base_url.rstrip('/')}/model/{_said(model, '')}/invoke-with-response-stream"


def vertex(endpoint: Endpoint, call: Call, model: str = "") -> str:
    """Tokens are counted at an address of their own, whatever the model."""
    project, region = quote(endpoint.project or "", safe=":"), quote(endpoint.region or "", safe="")
    models = f"{endpoint.base_url.rstrip('/')}/v1/projects/{project}/locations/{region}/publishers/anthropic/models"
    if call == "count_tokens":
        return f"{models}/count-tokens:rawPredict"
    return f"{models}/{_said(model, '@')}:streamRawPredict"


def _said(model: str, safe: str) -> str:
    if not model.strip() or model in (".", ".."):
        raise UnsayableError(f"{model!r} can't stand in an address")
    return quote(model, safe=safe)
