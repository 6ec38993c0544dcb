"""What the network did to a request, as a Problem; no message of a library is shown unread: some hold the key."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from workbench.core import errors
from workbench.core.errors import Problem

Stage: TypeAlias = Literal["connect", "tls", "head", "body"]
"""How far a request had come."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes, in words."""

    host: str
    port: int
    secure: bool = False
    proxy: str | None = None
    """Host and port of the proxy on the way."""

    @property
    def name(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Broken(Exception):  # noqa: N818  (caught one level up, and no error of this program)
    """A request that broke; the problem is all that may be shown of it."""

    def __init__(self, problem: Problem, stage: Stage, *, kept_closed: bool = False, nonsense: bool = False) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.stage: Stage = stage
        self.kept_closed = kept_closed
        """The connection was kept from an earlier request, and gave no byte of an answer (faults N14)."""
        self.nonsense = nonsense
        """What came is no answer, however it might go on."""


def not_connected(error: BaseException, place: Place) -> Problem:
    """No connection: the name, the port, the route or the certificate."""
    for cause in causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return errors.unreachable("tls", place.name, f"certificate: {cause.verify_message or 'not verified'}")
            case ssl.SSLError():
                return no_tls(place, _reason(cause))
            case socket.gaierror():
                return _unreachable("dns", place)
            case ConnectionRefusedError():
                return _unreachable("refused", place, "connection refused")
    for cause in causes(error):
        if isinstance(cause, OSError) and cause.strerror and cause.errno:
            return _unreachable("network", place, cause.strerror.lower())
    return _unreachable("network", place)


def no_tls(place: Place, why: str) -> Problem:
    """A handshake that failed for another reason than the certificate: mostly a server without TLS."""
    made = errors.unreachable("tls", place.name, why)
    return replace(made, title="No TLS connection", hint="If the server speaks plain http, write http://.")


def connect_timeout(place: Place, seconds: float, stage: Stage) -> Problem:
    if stage == "tls":
        return no_tls(place, f"no answer to the greeting in {seconds:g} s")
    return _unreachable("connect_timeout", place, f"{seconds:g} s")


def silent(place: Place, seconds: float, stage: Stage) -> Problem:
    """The read timeout: nothing is sent again, because an answer may be under way and is paid for."""
    if stage == "body":
        return errors.interrupted("stalled", f"no data for {seconds:g} s")
    return errors.unreachable("no_answer", place.name, f"{seconds:g} s")


def closed(place: Place, stage: Stage, *, reset: bool = False) -> Problem:
    if stage != "body":
        return _unreachable("closed", place, "connection reset" if reset else "")
    return errors.interrupted("reset" if reset else "truncated")


def not_http(place: Place, stage: Stage) -> Problem:
    """Bytes that are no HTTP: they are not shown, and after a head the answer just ends there."""
    return closed(place, stage) if stage == "body" else errors.unreachable("protocol", place.name)


def proxy_refused(place: Place, said: str) -> Problem:
    return errors.unreachable("proxy", place.proxy or place.name, said)


def unsendable(place: Place) -> Problem:
    """Only a header can be; the library's own message would show the key."""
    return errors.unreachable("bad_key", place.name, "a header holds what HTTP has no place for")


def bad_address(place: Place) -> Problem:
    return errors.unreachable("bad_address", place.name)


def bad_proxy(place: Place) -> Problem:
    return replace(errors.unreachable("proxy", place.proxy or "", "no http:// or https:// proxy"), retry=False)


def no_authorities(place: Place, error: OSError) -> Problem:
    """The file of certificates that the user named can't be read, so that nobody can be trusted."""
    why = error.strerror if error.errno and error.strerror else "it holds no certificates"
    made = errors.unreachable("tls", place.name, f"SSL_CERT_FILE or SSL_CERT_DIR: {why.lower()}")
    return replace(made, title="No certificates", hint="Correct the variable, or unset it.")


def too_large(limit: int) -> Problem:
    return replace(errors.malformed("too_large"), title="Answer too large", detail=f"It passed {limit // 2**20} MiB.")


def packed_wrongly(encoding: str) -> Problem:
    return replace(
        errors.malformed("not_stream"), detail=f"It says that it is packed as {encoding[:40]!r}, and can't be unpacked."
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it, and the members of groups among them, nearest first."""
    seen: set[int] = set()
    left = [error]
    while left:
        at = left.pop(0)
        if id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        if isinstance(at, BaseExceptionGroup):
            left.extend(at.exceptions)
        left.extend(each for each in (at.__cause__, at.__context__) if each is not None)


def _reason(error: ssl.SSLError) -> str:
    """`wrong version number`; an error that was not raised by the TLS library has none."""
    return (getattr(error, "reason", None) or "refused").replace("_", " ").lower()


def _unreachable(kind: str, place: Place, why: str = "") -> Problem:
    """With a proxy on the way it is the proxy that could not be reached."""
    if place.proxy is None:
        return errors.unreachable(kind, place.name, why)
    return errors.unreachable("proxy", place.proxy, why or PROXY_SAID[kind])


PROXY_SAID = {
    "dns": "its name could not be resolved",
    "network": "it cannot be reached",
    "closed": "it closed the connection",
    "connect_timeout": "it did not answer in time",
}
