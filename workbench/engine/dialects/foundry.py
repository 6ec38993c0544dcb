"""Microsoft Foundry: the API as it is, with the key under two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.core.endpoint import Endpoint
from workbench.engine.dialects import anthropic
from workbench.engine.dialects.dialect import Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """Gateways in front of it know the key by its older name."""
    made = dict(anthropic.headers(endpoint, key, version, extra))
    return Veiled({**made, "api-key": made["x-api-key"]} if "x-api-key" in made else made)


DIALECT: Final = Dialect(anthropic.url, headers)
