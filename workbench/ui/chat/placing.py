"""Which turns and which live answer each view shows: the one conversation, or a lane each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.session import Lane
    from workbench.ui.chat.live import Live
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.conversation import Conversation
    from workbench.ui.widgets.conversation_entry import Entry


def live_of(chat: Chat, lane: Lane) -> Live | None:
    """The run that answers where the lane stands."""
    return next((each for each in chat.lives if each.run.lane == lane.id and each.run.parent == lane.tip), None)


def place(chat: Chat) -> None:
    """Show every answer that is coming where it belongs: only while its lane stands on its question."""
    wanted: dict[Conversation, Live | None] = {}
    if chat.comparing:
        for lane in chat.session.lanes:
            wanted[chat.lanes.view(lane.id)] = live_of(chat, lane)
    else:
        wanted[chat.view] = live_of(chat, chat.lane)
    for live in chat.lives:
        if live.view is not None and wanted.get(live.view) is not live:
            live.view.close_live()
            live.view = None
    for view, coming in wanted.items():
        if coming is None and view.live:
            view.close_live()
        elif coming is not None and coming.view is not view:
            from workbench.ui.chat import feeding

            feeding.begin(chat, coming, view)


def show(chat: Chat) -> None:
    """Hand the views their turns, where any of them changed."""
    session = chat.session
    stands = tuple((lane.id, lane.tip) for lane in session.lanes) if chat.comparing else chat.lane.tip
    awaited = tuple((each.id, each.status) for each in session.batches)
    shown = (session.messages, session.runs, stands, len(chat.lives), chat.comparing, chat.lane.id, awaited)
    if chat.comparing:
        show_lanes(chat)
    if shown[0] is chat.shown[0] and shown[1] is chat.shown[1] and shown[2:] == chat.shown[2:]:
        return
    chat.shown = shown
    if not chat.comparing:
        chat.view.entries = _turns(chat)
    place(chat)


def _turns(chat: Chat) -> tuple[Entry, ...]:
    """What makes turns is loaded with the first."""
    if chat.lane.tip is None:
        return ()
    from workbench.ui.chat import entries

    return entries.of_lane(chat, chat.lane)


def show_lanes(chat: Chat) -> None:
    """The header and a card for each lane, as they are now."""
    from workbench.ui.chat import lane_cards

    chat.lanes.head = lane_cards.head(chat)
    chat.lanes.cards = tuple(lane_cards.cards(chat))
    chat.lanes.focused_lane = chat.lane.id
