"""What is on the way of a request: the environment's proxy, never one for this machine itself; its certificates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from workbench.core.endpoint import LOOPBACK


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy; its address may hold a password, its place never does."""

    address: str = field(repr=False)

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


def route(url: str) -> str:
    """What is on the way there, in words; nothing where it is the usual."""
    proxy = proxy_for(url)
    own = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")
    parts = [f"via the proxy {proxy.place}"] if proxy is not None else []
    parts += [f"certificates of {own}"] if own and urlsplit(url).scheme == "https" else []
    return " · ".join(parts)
