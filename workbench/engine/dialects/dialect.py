"""What the client asks of a dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from workbench.core.endpoint import Endpoint
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

Call: TypeAlias = Literal["messages", "count_tokens", "models"]


class Address(Protocol):
    def __call__(self, endpoint: Endpoint, call: Call) -> str: ...


class Sign(Protocol):
    def __call__(self, endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of endpoint."""

    url: Address
    headers: Sign
    """With the secret in them: `masked` is what may be shown."""
    secrets: frozenset[str]
    """The headers that carry a secret, in lower case."""

    def masked(self, headers: Mapping[str, str], key: Key | None) -> dict[str, str]:
        """The same headers as they may be shown and stored."""
        shown = "…" if key is None else key.masked
        return {name: shown if name.lower() in self.secrets else text for name, text in headers.items()}
