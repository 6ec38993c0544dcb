"""The question before a sweep asks one endpoint what a batch of another one asks already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.engine import batch_manifest
from workbench.engine.files import StoreError
from workbench.ui.chat.permission import Question

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.sweep.sweeping import Sweeping


def questions(chat: Chat, sweeping: Sweeping) -> Iterator[Question]:
    """One where the answers of such a batch are to come: the endpoint may have been chosen by a key that is missing."""
    path, name = chat.document.path, chat.desk.chosen.endpoint.name
    if path is None:
        return
    missing = sweeping.sweeper.missing or sweeping.sweeper.failed
    try:
        others = batch_manifest.elsewhere(path, chat.session.batches, sweeping.plan, missing, name)
        told = batch_manifest.told_elsewhere(others)
    except StoreError as error:
        told = str(error.problem)
    if told:
        yield Question(f"Ask {name} the same?", (f"{told}.",), lambda: None)
