"""The results of a session's sweeps: read from the file beside it, when it is opened and before more are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.ui.chat.handlers import beyond

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.core.record import RunRecord
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat


async def read(chat: Chat) -> bool:
    """Fill the open session's results, for its costs, its runs and its sweeps; whether they are known now."""
    document = chat.document
    loaded, notes = await load(document)
    for note in notes:
        chat.tell(note, "warning")
    if document is chat.document and document.session.batches:
        beyond("follow_batches")(chat)
    if loaded and document is chat.document:
        if chat.sweeping is not None:
            chat.sweeping.outdated = True
        chat.show()
    return document.path is None or document.results_size is not None


async def load(document: Document) -> tuple[bool, tuple[str, ...]]:
    """Add to the document's results what its file has besides them; whether it did, and what is to be said.

    Another program may have added to the file since it was read.
    """
    from workbench.engine.results import Results, results_path
    from workbench.engine.store import StoreError

    if document.path is None:
        return False, ()
    async with document.writing:  # who comes second waits for the first, and finds everything there
        results = Results(results_path(document.path))
        size = results.size
        if document.results_size == size:
            return False, ()
        try:
            records, notes = await asyncio.to_thread(results.load)
        except StoreError as error:
            document.results_size = None
            return False, (str(error.problem),)
        fresh = _besides(records, document.results)
        document.results.extend(fresh)
        told = document.results_size is not None
        document.results_size = size
    return bool(fresh), () if told else notes


async def follow(document: Document, before: Path | None) -> str | None:
    """Take the results along to where the session was saved now; what went wrong. What is there already stays."""
    from workbench.engine import batch_manifest
    from workbench.engine.results import Results, results_path
    from workbench.engine.store import StoreError

    if before is None or document.path is None or results_path(before) == results_path(document.path):
        return None
    try:
        await asyncio.to_thread(Results(results_path(document.path)).take, results_path(before))
    except StoreError as error:
        return str(error.problem)
    if not document.session.batches:
        return None
    return await asyncio.to_thread(batch_manifest.follow, before, document.path, document.session.batches)


def _besides(records: Iterable[RunRecord], there: Iterable[RunRecord]) -> list[RunRecord]:
    known = set(map(_identity, there))
    return [record for record in records if _identity(record) not in known]


def _identity(record: RunRecord) -> tuple[object, ...]:
    """What no two runs share, whichever programs made them."""
    return record.id, record.started, record.request_id, record.request_sha256
