"""Which turns and which live answer each view shows: the one conversation, or a lane each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.growing_json import GrowingJson
from workbench.core.state import Phase
from workbench.ui.chat import entries, thinking_folds, tool_folds

if TYPE_CHECKING:
    from workbench.core.block import Block
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
            coming.seen.clear()
            coming.inputs.clear()
            coming.view = view
            view.open_live(_live_entry(chat, coming))
            feed(chat, coming)
            view.draw_new()


def _live_entry(chat: Chat, live: Live) -> Entry:
    number = len(chat.session.path(live.run.parent)) + 1
    siblings = [each for each in chat.session.children.get(live.run.parent, []) if each.role == "assistant"]
    return entries.live_entry(live.run, number, len(siblings), simulated=live.simulated)


def feed(chat: Chat, live: Live) -> None:
    """Hand its view what came since the last frame; text and thinking are told apart by their block."""
    view, run = live.view, live.run
    if view is None:
        return
    for block in run.blocks:
        seen = live.seen.get(block.index, -1 if block.field == "thinking" else 0)
        parts = block.parts[max(seen, 0) :]
        live.seen[block.index] = len(block.parts)
        if block.field == "thinking" and (parts or seen < 0):  # one that is omitted has no parts
            view.feed(parts, fold=_fold_title(block), count=thinking_folds.live_size(block))
        elif block.field == "input" and parts:
            laid_out = live.inputs.setdefault(block.index, GrowingJson())
            shown = [*map(laid_out.feed, parts)]
            title = tool_folds.live_title(run.blocks, block)
            view.feed(shown, fold=title, count=tool_folds.COMING, opened=block.type == "tool_use")
        elif parts:
            view.feed(parts, fold="" if block.field == "text" else _fold_title(block))
    now = chat.workbench.runner.clock()
    tone = "warning" if run.phase in {Phase.RETRYING, Phase.ASKING} else ""
    view.set_facts(entries.live_facts(run, live.speed.rate, now, live.started), tone)


def count(chat: Chat) -> None:
    """Take each run's tokens for the speeds, and note when limits came."""
    now = chat.workbench.runner.clock()
    total = chat.streamed
    for live in chat.lives:
        tokens = live.run.output_tokens_so_far
        total += tokens
        if live.run.events:
            live.begun.set()
        if live.run.limits is not None and live.limits_at is None:
            live.limits_at = now
        if live.run.phase is Phase.STREAMING:
            live.speed.add(now, tokens)
    if any(live.run.phase is Phase.STREAMING for live in chat.lives):
        chat.speed.add(now, total)


def _fold_title(block: Block) -> str:
    name = block.start.get("name")
    return f"{block.type.replace('_', ' ')} {name}" if isinstance(name, str) else block.type or "block"


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
        chat.view.entries = entries.of_lane(chat, chat.lane)
    place(chat)


def show_lanes(chat: Chat) -> None:
    """The header and a card for each lane, as they are now."""
    from workbench.ui.chat import lane_cards

    chat.lanes.head = lane_cards.head(chat)
    chat.lanes.cards = tuple(lane_cards.cards(chat))
    chat.lanes.focused_lane = chat.lane.id
