"""From a run to its wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.screen import Chat


def open_wire(chat: Chat, record: RunRecord) -> None:
    """What went over the wire for this run, with all that was kept of it."""
    from workbench.ui.wire.screen import WireScreen

    chat.app.push_screen(WireScreen(chat, record, chat.wires.get(record.id)))
