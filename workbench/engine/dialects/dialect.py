"""What the client asks of a dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from workbench.core.cloud_urls import Call
from workbench.core.endpoint import Endpoint
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

SECRETS: Final = frozenset({"x-api-key", "api-key", "authorization", "x-amz-security-token"})


class Address(Protocol):
    def __call__(self, endpoint: Endpoint, call: Call, model: str = "") -> str:
        """Raises UnsayableError for a model that can't stand in an address."""


class Sign(Protocol):
    def __call__(self, endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of endpoint; what a `CloudKey` adds to the headers is signed at each attempt, in `engine/calls.py`."""

    url: Address
    headers: Sign
    """With the secret in them: `masked` is what may be shown."""
    secrets: frozenset[str] = SECRETS
    """The headers that carry a secret, in lower case."""

    def masked(self, headers: Mapping[str, str], key: Key | None) -> dict[str, str]:
        """The same headers as they may be shown and stored."""
        shown = "…" if key is None else key.masked
        return {name: shown if name.lower() in self.secrets else text for name, text in headers.items()}
