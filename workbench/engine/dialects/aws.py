"""Claude Platform on AWS: the API as it is, in the workspace that a header names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.core.endpoint import Endpoint
from workbench.engine.dialects import anthropic
from workbench.engine.dialects.dialect import Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

WORKSPACE: Final = "anthropic-workspace-id"


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    workspace = {WORKSPACE: endpoint.workspace} if endpoint.workspace else {}
    return anthropic.headers(endpoint, key, version, {**workspace, **extra})


DIALECT: Final = Dialect(anthropic.url, headers)
