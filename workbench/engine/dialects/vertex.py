"""Google Vertex AI: the project, the region and the model in the address, the version in the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.anthropic import common, proof
from workbench.engine.dialects.dialect import Call, Dialect, UnsayableError
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled


def url(endpoint: Endpoint, call: Call, model: str = "") -> str:
    """Tokens are counted at an address of their own, whatever the model."""
    project, region = quote(endpoint.project or "", safe=":"), quote(endpoint.region or "", safe="")
    models = f"{endpoint.base_url.rstrip('/')}/v1/projects/{project}/locations/{region}/publishers/anthropic/models"
    if call == "count_tokens":
        return f"{models}/count-tokens:rawPredict"
    if not model.strip() or model in (".", ".."):
        raise UnsayableError(f"{model!r} can't stand in an address")
    return f"{models}/{quote(model, safe='@')}:streamRawPredict"


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """The version stands in the body."""
    return Veiled({**common({}, extra), **proof(endpoint, key)})


DIALECT: Final = Dialect(url, headers)
