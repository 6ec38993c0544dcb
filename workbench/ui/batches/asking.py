"""What is asked before a key goes out or a batch is given up; and the requests whose answers are still to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workbench.core.batch import Batch, Status
from workbench.core.run_list import Row
from workbench.engine import batch_manifest
from workbench.engine.files import StoreError
from workbench.ui.chat import permission

if TYPE_CHECKING:
    from workbench.ui.batches.following import Following
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat

SHOWN: Final = 2_000
"""Requests that are listed while their answers are still to come."""


async def allowed(chat: Chat, looks: Following, batch: Batch) -> bool:
    """Whether the batch's endpoint can be asked, and the key may go there; who was never asked is asked now."""
    found = looks.reach(batch)
    if found.chosen is None:
        chat.tell(f"{batch.id} is with {batch.endpoint}. {found.why}", "warning")
        return False
    return await permission.answered(chat, permission.where(chat, found.chosen))


async def away(chat: Chat, looks: Following, batch: Batch) -> None:
    """Cancel it at the server, or take it off the list, once the person agrees. Raises StoreError."""
    from workbench.ui.screens.confirm import Answer, Confirm

    if batch.status is Status.IN_PROGRESS:
        answers = (Answer("cancel", "c", "Cancel the batch"), Answer("stay", "n", "Let it go on"))
        lines = ("What is answered by now is kept, and paid for; the rest costs nothing, and is missing again.",)
        wanted = await chat.app.push_screen_wait(Confirm(f"Cancel {batch.id}?", lines, answers, "stay"))
        if wanted == "cancel" and await allowed(chat, looks, batch):
            await looks.cancel(batch)
        return
    if batch.status is Status.CANCELING:
        chat.tell(f"{batch.id} is being cancelled already.")
        return
    there = batch.status is Status.COLLECTED and looks.reach(batch).chosen is not None
    also = (Answer("delete", "d", "And delete it at the server"),) if there else ()
    answers = (Answer("remove", "r", "Take it off"), *also, Answer("stay", "n", "Keep it"))
    lost = {
        Status.INTENDED: "If the server has it after all, its answers will be paid for and not be fetched.",
        Status.ENDED: "Its answers are paid for, and were not fetched yet: they would be lost.",
    }
    lines = (lost.get(batch.status, "Its answers stay where they are; only this row goes."),)
    title = f"Take {batch.id} off the list?"
    wanted = await chat.app.push_screen_wait(Confirm(title, lines, answers, "stay"))
    if wanted == "delete":
        if not await allowed(chat, looks, batch):
            return
        if why := await looks.delete(batch):
            chat.tell(f"{batch.id} is not deleted: {why}", "error")
            return
    if wanted in {"remove", "delete"}:
        await looks.forget(batch)


async def which(chat: Chat, looks: Following, batch: Batch) -> None:
    """Where several of the server's may be it, the person says which. Raises StoreError."""
    from workbench.ui.screens.choose import Choose, Item

    found = await looks.candidates(batch)
    if not found:
        return
    items = [*(Item(name, name) for name in found), Item("", "None of these", "it was not sent")]
    chosen = await chat.app.push_screen_wait(Choose(f"Which of these is {batch.id}?", items, keep_order=True))
    if chosen:
        await looks.adopt(batch, chosen)
        await looks.look()
    elif chosen is not None:
        await looks.forget(batch)


def to_come(document: Document, batch: Batch) -> Iterator[Row]:
    """A row for each request of a batch, up to so many, as it was written down before it was sent."""
    if document.path is None:
        return
    try:
        begun = batch_manifest.first(batch_manifest.path_of(document.path, batch.id), SHOWN)
    except StoreError:
        return
    asked = {sweep.id: sweep.prompt or "" for sweep in document.session.sweeps}
    for number, each in enumerate(begun):
        yield Row(batch_manifest.named(each, batch, number), asked.get(str(each.extra.get("sweep")), ""))
