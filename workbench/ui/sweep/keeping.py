"""The file of results beside a session: read when its sweeps are first looked at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.ui.chat.document import Document


async def load(document: Document) -> tuple[bool, tuple[str, ...]]:
    """Fill the document's results from its file, unless they are there; whether it did, and what is to be said."""
    from workbench.engine.results import Results, results_path
    from workbench.engine.store import StoreError

    if document.results or document.path is None:
        return False, ()
    try:
        records, notes = await asyncio.to_thread(Results(results_path(document.path)).load)
    except StoreError as error:
        return False, (str(error.problem),)
    if document.results:
        return False, notes
    document.results.extend(records)
    return bool(records), notes
