"""An answer of a sweep as the conversation view takes it: whole, failed, or as far as it has come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.session import Lane, Message, Session, content_of
from workbench.ui.chat import entries as turns
from workbench.ui.widgets.conversation_entry import Entry

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.run import Run
    from workbench.core.sweep_plan import Spot


def entries(name: str, spot: Spot, record: RunRecord | None, run: Run | None) -> tuple[Entry, ...]:
    """The one answer, or why there is none; nothing for what wasn't sent yet."""
    key = f"{spot.cell}:{spot.repeat}"
    title = f"{name} · {spot.repeat + 1}"
    if record is None:
        text = run.text if run is not None else ""
        return (Entry(f"{key}:live", "assistant", title, text=text),) if run is not None else ()
    return tuple(
        replace(entry, key=f"{key}:{record.id or record.started}", title=_title(title, record), number=0)
        for entry in _turn(record)
    )


def _title(title: str, record: RunRecord) -> str:
    return f"{title} · simulated" if record.simulated else title


def _turn(record: RunRecord) -> tuple[Entry, ...]:
    """As in a chat with this one answer, so that facts, thinking and failures are told as there."""
    content = content_of(record.content) or record.text
    asked = Message("m1", "user", "")
    answer = (Message("m2", "assistant", content, "m1", record.id or "r1"),) if content else ()
    made = replace(record, id=record.id or "r1", parent="m1")
    session = Session(messages=(asked, *answer), runs=(made,))
    return turns.entries(session, Lane(tip="m2" if answer else "m1"))[1:]
