"""What endpoints listed as their models, kept on disk with its time: an answer for one address is used for no other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.core import clouds, model_live, strict_json
from workbench.core.problem import Problem
from workbench.engine import files, keys, names

if TYPE_CHECKING:
    from workbench.core.endpoint import Endpoint
    from workbench.engine.keys import Key
    from workbench.engine.origins import Origins
    from workbench.engine.runner import Runner

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a kept list; the longest one known has a tenth."""
FRESH: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """What one endpoint listed, and when."""

    rows: tuple[dict[str, Any], ...]
    fetched: datetime

    def old(self, now: datetime) -> bool:
        return not timedelta(0) <= now - self.fetched < FRESH


class ModelLists:
    """The lists on disk; there are no keys in them, and nobody misses one that is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, endpoint: Endpoint) -> Path:
        digest = sha256(endpoint.base_url.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return self.folder / f"models-{names.slug(endpoint.name)}-{digest}.json"

    def read(self, endpoint: Endpoint) -> Listed | None:
        """What this endpoint listed last; None where nothing is kept, or what is kept makes no sense."""
        try:
            text = files.read(self.path(endpoint), LARGEST + 1)[0]
            kept = strict_json.loads(text.decode()) if len(text) <= LARGEST else None
            fetched = datetime.fromisoformat(str(kept["fetched"])) if isinstance(kept, dict) else None
        except (files.StoreError, ValueError, KeyError, strict_json.BadJsonError):
            return None
        if not isinstance(kept, dict) or fetched is None or kept.get("base_url") != endpoint.base_url:
            return None
        rows = kept.get("models")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or fetched.tzinfo is None:
            return None
        return Listed(tuple(rows[: model_live.MOST]), fetched.astimezone(UTC))

    def keep(self, endpoint: Endpoint, rows: Iterable[dict[str, Any]], now: datetime) -> Listed:
        """Remember a list for the next start. Raises StoreError."""
        listed = Listed(tuple(rows), now)
        kept = {"base_url": endpoint.base_url, "fetched": now.isoformat(), "models": listed.rows}
        files.write(self.path(endpoint), json.dumps(kept, ensure_ascii=False).encode(errors="replace"), overwrite=True)
        return listed


async def ask(
    runner: Runner,
    endpoint: Endpoint,
    key: Key | None,
    lists: ModelLists,
    now: datetime,
    origins: Origins | None = None,
) -> Listed | Problem:
    """The endpoint's list of now, kept for the next start where that can be done.

    A key goes there only where the user has agreed to it, in this start or in one before.
    """
    if (lacking := clouds.lack(endpoint.kind, "models")) is not None:
        return Problem("No list of models", f"{lacking}.", "The built-in table is used.")
    if origins is not None and (way := keys.way(endpoint, key)) is not None and way in origins.known():
        runner.confirmed |= {way}
    rows = await runner.models(endpoint, key)
    if isinstance(rows, Problem):
        return rows
    if endpoint.simulated:
        return Listed(tuple(rows), now)
    try:
        return lists.keep(endpoint, rows, now)
    except files.StoreError:
        return Listed(tuple(rows), now)
