"""Which proxy a request goes through: the environment's, and never one for this machine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from workbench.core.endpoint import LOOPBACK


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy; its address may hold a password, its place never does."""

    address: str

    @property
    def place(self) -> str:
        """Host and port, as it may be shown."""
        try:
            parts = urlsplit(self.address)
            return f"{parts.hostname or '?'}:{parts.port}" if parts.port else parts.hostname or "?"
        except ValueError:
            return "?"

    def __repr__(self) -> str:
        return f"Proxy({self.place})"


def proxy_for(url: str, proxies: Mapping[str, str] | None = None) -> Proxy | None:
    """The proxy for an address, from HTTP(S)_PROXY, ALL_PROXY and NO_PROXY (or the system's settings).

    Loopback is never proxied: a key for this machine would travel in clear to another.
    """
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in LOOPBACK:
        return None
    known = getproxies() if proxies is None else proxies
    address = known.get(parts.scheme) or known.get("all")
    if not address or proxy_bypass(host):
        return None
    return Proxy(address if "://" in address else f"http://{address}")
