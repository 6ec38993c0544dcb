"""Credentials of clouds: keys of their own variables, and what signs each request or fetches its token when needed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Final

from workbench.core import clouds
from workbench.core.clouds import Cloud
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.engine import keys
from workbench.engine.aws_signing import AwsSigning
from workbench.engine.google_tokens import GoogleTokens
from workbench.engine.keys import Found, Key
from workbench.engine.signing import Signed, Signing

AWS_VARIABLES: Final = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Secrets of AWS beside the key variables of the clouds."""


class CloudKey(Key):
    """What stands in a key's place where every request is signed anew: nothing is read before the first one."""

    __slots__ = ("_last", "_lock", "_signing")

    def __init__(self, source: str, signing: Signing) -> None:
        super().__init__("", source)
        self._signing: Callable[[], Signing] = lambda: signing
        self._lock = threading.Lock()
        nothing = Signed({}, (), "", "")
        self._last: Callable[[], Signed] = lambda: nothing

    async def signed(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """The headers that this request needs now: signatures and tokens age. Raises CredentialError."""
        return await asyncio.to_thread(self._sign, method, url, headers, body)

    def secrets(self) -> tuple[str, ...]:
        return self._last().secrets

    @property
    def masked(self) -> str:
        return f"…{self._last().ending}"

    @property
    def found(self) -> str:
        """Where the credentials were found, once they were."""
        return self._last().found

    def _sign(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        with self._lock:  # one look-up for all lanes
            made = self._signing()(method, url, headers, body)
        self._last = lambda: made
        return made


def variables(config: Config) -> tuple[str, ...]:
    """The variables that hold secrets of the clouds which the configuration names."""
    rows = [row for each in config.endpoints.values() if (row := clouds.of(each.kind)) is not None]
    found = [name for row in rows for name in row.key_variables]
    return tuple(dict.fromkeys((*found, *(AWS_VARIABLES if any(row.service for row in rows) else ()))))


def find(endpoint: Endpoint, cloud: Cloud, environ: Mapping[str, str]) -> Found:
    """A cloud's own credentials: Anthropic's key is never sent there."""
    if endpoint.auth == "none":
        return Found()
    if endpoint.auth == "sigv4":
        return Found(CloudKey(*AwsSigning.of(cloud.service, endpoint, environ)))
    if endpoint.auth == "google":
        notes = keys.exposed(endpoint.key_file) if endpoint.key_file is not None else ()
        return Found(CloudKey(*GoogleTokens.of(endpoint, environ)), notes=notes)
    if endpoint.key_env is not None:
        return keys.from_variable(endpoint, endpoint.key_env, environ)
    if endpoint.key_file is not None:
        return keys.from_file(endpoint, endpoint.key_file)
    name = next((name for name in cloud.key_variables if environ.get(name, "").strip()), None)
    return Found(problem=keys.missing(endpoint)) if name is None else keys.from_variable(endpoint, name, environ)
