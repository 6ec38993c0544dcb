"""Where a key may go: to the official address and this machine, and wherever else the user agreed to, once each.

A file or a variable that somebody else wrote may name an address; only the user's own yes sends a key there.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from workbench.core.endpoint import OFFICIAL_NAME, OFFICIAL_ORIGIN, Endpoint
from workbench.engine import files, proxies

LARGEST: Final = 1024 * 1024
OTHERS_WRITE: Final = 0o022


class Way(NamedTuple):
    """One way for a key: which endpoint, to which origin, with the key of which source; nothing of the key itself."""

    endpoint: str
    origin: str
    key: str
    """Where the key comes from, in words."""
    proxy: str = ""
    """Host and port of a proxy that would read it; one that only passes encrypted bytes on is none."""


def way(endpoint: Endpoint, source: str) -> Way | None:
    """What the user must have agreed to before a key of this source goes there; None where nothing is asked."""
    if endpoint.home:
        return None
    proxy = None if endpoint.encrypted else proxies.proxy_for(endpoint.base_url)
    return Way(endpoint.name, endpoint.origin, source, proxy.place if proxy is not None else "")


def told(wanted: Way, key: str, address_from: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """What a person must know before agreeing, a sentence each; the first line is the whole origin by itself."""
    lines = [wanted.origin, f"This address comes from {address_from or 'the program'}.", f"The key is {key}."]
    if before:
        lines.append(f'Until now "{wanted.endpoint}" was {" or ".join(before)}.')
    else:
        lines.append("This key has not gone there before.")
    if not wanted.origin.startswith("https://"):
        lines.append("It is not encrypted: anyone on the way could read the key.")
    if wanted.proxy:
        lines.append(f"The proxy {wanted.proxy} would read it too.")
    return tuple(lines)


class Origins:
    """What the user agreed to, in this start and in those before it; kept in a file that nobody else can write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._agreed: set[Way] = set()

    def known(self) -> frozenset[Way]:
        """Every way that was agreed to; a file that can't be trusted counts as none."""
        return frozenset(self._agreed | _read(self.path))

    def before(self, wanted: Way) -> tuple[str, ...]:
        """The other origins that an endpoint of this name had when they were agreed to."""
        found = {each.origin for each in self.known() if each.endpoint == wanted.endpoint}
        found |= {OFFICIAL_ORIGIN} if wanted.endpoint == OFFICIAL_NAME else set()
        return tuple(sorted(found - {wanted.origin}))

    def agree(self, wanted: Way) -> None:
        """Until the program ends, whatever becomes of the file."""
        self._agreed.add(wanted)

    def keep(self) -> None:
        """Write what was agreed to, for the next start; mode 0600. Raises StoreError."""
        rows = [each._asdict() for each in sorted(self.known())]
        text = json.dumps({"agreed": rows}, indent=1, ensure_ascii=False)
        with suppress(OSError):
            if not _trusted(self.path.stat()):
                self.path.unlink()  # a new file has the mode that it should have
        files.write(self.path, f"{text}\n".encode(), overwrite=True)


def _read(path: Path) -> set[Way]:
    try:
        if not _trusted(path.stat()):
            return set()
        found = json.loads(files.read(path, LARGEST)[0])
    except (OSError, files.StoreError, ValueError, RecursionError):
        return set()
    rows = found.get("agreed") if isinstance(found, dict) else None
    return set(_ways(rows if isinstance(rows, list) else ()))


def _ways(rows: Iterable[object]) -> Iterable[Way]:
    """The rows that are whole; what else stands in the file is left alone."""
    for row in rows:
        if isinstance(row, dict):
            texts = [row.get(name, Way._field_defaults.get(name)) for name in Way._fields]
            if all(isinstance(text, str) for text in texts):
                yield Way(*map(str, texts))


def _trusted(found: os.stat_result) -> bool:
    """Whether nobody but the user can have written it."""
    own = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
    return stat.S_ISREG(found.st_mode) and own and not found.st_mode & OTHERS_WRITE
