"""Addresses of endpoints: what can be one, and the one way in which it is written and shown."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

API_PATH: Final = re.compile(r"/v1(/messages)?/*$")
"""What is added to a base URL, and so must not stand in it."""
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*(?:%[a-z0-9_.-]+)?")
"""A name or a number: whatever else stands in a host, two programs may read in two ways."""


def mistake(url: str) -> str | None:
    """Why an address can't be an endpoint, as the end of a sentence, or None when it can."""
    if url.lower().startswith("sk-"):
        return "is a key, not an address: it goes into ANTHROPIC_API_KEY"
    if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:
        return "must not hold a name or password: the key comes from key_env or key_file"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"is no address ({url[:80]!r}): a port goes to 65535, and [ ] go around an IPv6 address"
    if parts.scheme not in {"http", "https"}:
        return f"must begin with https:// or http://, not {url[:80]!r}"
    if not parts.hostname or not url.isprintable() or any(character.isspace() for character in url):
        return f"names no host ({url[:80]!r}): write https://HOST or http://127.0.0.1:PORT"
    if not _HOST.fullmatch(_ascii(parts.hostname) or "") or ("[" in parts.netloc) != (":" in parts.hostname):
        return f"names a host that can't be told for certain ({url[:80]!r}): write its plain or its xn-- form"
    if parts.query or parts.fragment or port == 0:
        return "must end with the path: no ?, no #, no port 0"
    if found := API_PATH.search(parts.path):
        return f"must not end in {found[0].rstrip('/')}: write {url.removesuffix(found[0])}"
    return None


def written(url: str) -> str:
    """An address without a mistake as it is kept: its host in ASCII, so that no letter passes for another."""
    address = url.strip().rstrip("/")
    host = urlsplit(address).hostname or ""
    if host.isascii():
        return address
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port is not None else ""
    return parts._replace(netloc=f"{_ascii(host)}{port}").geturl()


def _ascii(host: str) -> str | None:
    """The host in ASCII; None where that is another name than the one that was written, or none at all."""
    if host.isascii():
        return host
    try:
        made = host.encode("idna").decode("ascii").lower()
        return made if made.encode("ascii").decode("idna") == host else None
    except UnicodeError:
        return None
