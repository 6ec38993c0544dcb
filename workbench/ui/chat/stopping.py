"""Stop what runs: the focused lane, again all; or copy what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.chat import drafting, shortcuts

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def stop(chat: Chat) -> None:
    """Copy what is selected; else stop the focused lane's run, again all; with nothing running, say what quits."""
    selected = drafting.selected_text(chat)
    if selected:
        drafting.copy_text(chat, selected)
        return
    here = [live for live in chat.lives if live.run.lane == chat.lane.id and not live.stopped]
    last = chat.lasts.get(chat.lane.id)
    if not here and not (last is not None and last.stopped) and not all(live.warned for live in chat.lives):
        for live in chat.lives:
            live.warned = True
        chat.tell(f"Lane {chat.lane_number} isn't running; {shortcuts.label(chat, 'stop')} again stops the others.")
        return
    for live in here or chat.lives:
        live.stop()
    if here and len(chat.lives) > len(here):
        chat.tell(f"Lane {chat.lane_number} stops; {shortcuts.label(chat, 'stop')} again stops all.")
    if not chat.lives and chat.sweeping is not None and chat.sweeping.active:
        chat.sweeping.stop()
    elif not chat.lives:
        chat.tell(f"Nothing is running; {shortcuts.label(chat, 'quit')} quits.")
