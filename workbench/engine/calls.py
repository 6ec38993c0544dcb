"""One request as it goes out: its address, headers and body; signed anew at each attempt where that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.core.cloud_urls import Call as Kind
from workbench.core.cloud_urls import UnsayableError
from workbench.core.clouds import lack
from workbench.core.endpoint import Endpoint
from workbench.core.problem import Problem
from workbench.core.request import Request
from workbench.engine import dialects
from workbench.engine.cloud_keys import CloudKey
from workbench.engine.failures import Broken
from workbench.engine.keys import Key
from workbench.engine.signing import CredentialError
from workbench.engine.veiled import Veiled

NO_ADDRESS = "Set the model: its id is part of the address here."


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent, the same at each attempt but for a signature."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    """With the secret in them."""
    body: bytes | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What an error body must not echo onto the screen."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """The headers as they may be shown."""
    signer: CloudKey | None = field(default=None, repr=False)
    """What signs it before it goes out."""

    @property
    def signed_by(self) -> str:
        """Where the credentials were found that signed it, in words; empty for a key that is sent."""
        return "" if self.signer is None or not self.signer.found else f"signed with {self.signer.found}"

    async def ready(self, method: str = "POST") -> Call:
        """The same with a fresh signature. Raises Broken where there is nothing to sign with."""
        if self.signer is None:
            return self
        try:
            signed = await self.signer.signed(method, self.url, self.headers, self.body or b"")
        except CredentialError as error:
            raise Broken(error.problem, "connect") from None
        headers = Veiled({**self.headers, **signed.headers})
        masked = {name: self._masked(name, text, signed.ending) for name, text in signed.headers.items()}
        return replace(self, headers=headers, shown={**self.shown, **masked}, secrets=signed.secrets)

    def _masked(self, name: str, text: str, ending: str) -> str:
        """A header of a signature as it may be shown: the last letters of what names the credentials, and the time."""
        if name == "authorization":
            return f"{text.partition(' ')[0]} …{ending}"
        return text if name == "x-amz-date" else "…"


def call_of(
    endpoint: Endpoint,
    key: Key | None,
    kind: Kind,
    version: str,
    *,
    model: str = "",
    body: bytes | None = None,
    extra: Mapping[str, str] | None = None,
) -> Call | Problem:
    """One request of its kind, or why this endpoint can't be asked so."""
    if (lacking := lack(endpoint.kind, kind)) is not None:
        return Problem("Not offered here", f"{lacking}.")
    dialect = dialects.of(endpoint.kind)
    try:
        url = dialect.url(endpoint, kind, model)
    except UnsayableError as error:
        return Problem("No model to ask", f"The model {error}.", NO_ADDRESS)
    headers = dialect.headers(endpoint, key, version, extra or {})
    signer = key if isinstance(key, CloudKey) else None
    secrets = key.secrets() if key is not None else ()
    return Call(url, headers, body, secrets, dialect.masked(headers, key), signer)


def of_request(endpoint: Endpoint, key: Key | None, request: Request, extra: Mapping[str, str]) -> Call | Problem:
    """A request for an answer, in the form that its endpoint takes."""
    betas = {"anthropic-beta": request.betas} if request.betas and request.shape.headed else {}
    return call_of(
        endpoint,
        key,
        "messages",
        request.version(endpoint.version, endpoint.kind),
        model=request.params.model or "",
        body=request.encoded,
        extra={**betas, **extra},
    )
