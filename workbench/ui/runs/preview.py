"""The highlighted run as a conversation of two turns: what was asked, and what came."""

from __future__ import annotations

from workbench.core.run_list import Row
from workbench.core.state import State
from workbench.ui.chat.entries import answer, failure
from workbench.ui.widgets.conversation_entry import Entry


def entries(row: Row) -> tuple[Entry, ...]:
    """The prompt, then the answer, and why there is none or not all of it."""
    record, key = row.record, "/".join(row.key)
    found = [Entry(f"prompt:{key}", "user", "you", text=row.prompt)] if row.prompt else []
    came = bool(row.answer or row.blocks)
    if came or record.state is State.COMPLETE:
        found.append(answer(f"answer:{key}", record, row.answer, row.blocks))
    if record.problem is not None or not (came or record.state is State.COMPLETE):
        found.append(failure(f"problem:{key}", record, title="why" if came else "no answer"))
    return tuple(found)
