"""Google Vertex AI: the project, the region and the model in the address, the version in the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.core import cloud_urls
from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.anthropic import common, proof
from workbench.engine.dialects.dialect import Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """The version stands in the body."""
    return Veiled({**common({}, extra), **proof(endpoint, key)})


DIALECT: Final = Dialect(cloud_urls.vertex, headers)
