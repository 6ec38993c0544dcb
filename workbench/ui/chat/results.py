"""The results of a session's sweeps: read from the file beside it when the session is opened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat


async def read(chat: Chat) -> None:
    """Fill the open session's results, for its costs, its runs and its sweeps."""
    document = chat.document
    loaded, notes = await load(document)
    for note in notes:
        chat.tell(note, "warning")
    if loaded and document is chat.document:
        chat.show()


async def load(document: Document) -> tuple[bool, tuple[str, ...]]:
    """Fill the document's results from its file, unless they are there; whether it did, and what is to be said."""
    from workbench.engine.results import Results, results_path
    from workbench.engine.store import StoreError

    if document.results_read or document.path is None:
        return False, ()
    document.results_read = True
    try:
        records, notes = await asyncio.to_thread(Results(results_path(document.path)).load)
    except StoreError as error:
        return False, (str(error.problem),)
    if document.results:
        return False, notes
    document.results.extend(records)
    return bool(records), notes
