"""Credentials of clouds: keys of their own variables, and what signs each request or fetches its token when needed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from workbench.core import clouds
from workbench.core.clouds import Cloud
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.core.problem import Problem
from workbench.engine import keys
from workbench.engine.keys import Found, Key
from workbench.engine.signing import CredentialError, Signed, Signing

AWS_VARIABLES: Final = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Secrets of AWS beside the key variables of the clouds."""
SECONDS: Final = 120.0
"""How long a look-up may take: a command of a profile's, or a token service, may never answer."""
SLOW: Final = Problem(
    "No credentials in time",
    f"They were looked for for {SECONDS:g} s.",
    "Try what looks them up by itself: the profile's credential_process, or the token service.",
)


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
        try:
            async with asyncio.timeout(SECONDS):
                return await _in_a_thread(lambda gone: self._sign(gone, method, url, headers, body))
        except TimeoutError:
            raise CredentialError(SLOW) from None

    def secrets(self) -> tuple[str, ...]:
        return self._last().secrets

    @property
    def masked(self) -> str:
        return f"…{self._last().ending}"

    @property
    def found(self) -> str:
        """Where the credentials were found, once they were."""
        return self._last().found

    def _sign(self, gone: Callable[[], bool], method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        with self._lock:  # one look-up for all lanes
            if gone():  # a command that hangs is not begun again for those who left
                raise CredentialError(SLOW)
            made = self._signing()(method, url, headers, body)
        self._last = lambda: made
        return made


async def _in_a_thread(work: Callable[[Callable[[], bool]], Signed]) -> Signed:
    """In one that nobody waits for at the end of the program: `asyncio.to_thread` would be waited for, however long.

    The work can ask whether whoever wanted it is gone.
    """
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Signed] = loop.create_future()

    def settle(signed: Signed | None, error: BaseException | None) -> None:
        if made.done():  # cancelled
            return
        if signed is not None:
            made.set_result(signed)
        elif error is not None:
            made.set_exception(error)

    def run() -> None:
        signed, failed = None, None
        try:
            signed = work(made.done)
        except BaseException as error:  # it belongs to whoever waits
            failed = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, signed, failed)

    threading.Thread(target=run, name="signing", daemon=True).start()
    return await made


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
        from workbench.engine.aws_signing import AwsSigning

        return Found(CloudKey(*AwsSigning.of(cloud.service, endpoint, environ)))
    if endpoint.auth == "google":
        notes = keys.exposed(endpoint.key_file) if endpoint.key_file is not None else ()
        from workbench.engine.google_tokens import GoogleTokens

        return Found(CloudKey(*GoogleTokens.of(endpoint, environ)), notes=notes)
    if endpoint.key_env is not None:
        return keys.from_variable(endpoint, endpoint.key_env, environ)
    if endpoint.key_file is not None:
        return keys.from_file(endpoint, endpoint.key_file)
    name = next((name for name in cloud.key_variables if environ.get(name, "").strip()), None)
    return Found(problem=keys.missing(endpoint)) if name is None else keys.from_variable(endpoint, name, environ)
