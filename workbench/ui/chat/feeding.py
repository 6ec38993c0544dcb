"""What came of the answers since the last frame, handed to the views that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.growing_json import GrowingJson
from workbench.core.state import Phase
from workbench.ui.chat import entries, thinking_folds, tool_folds

if TYPE_CHECKING:
    from workbench.core.block import Block
    from workbench.ui.chat.live import Live
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.conversation import Conversation
    from workbench.ui.widgets.conversation_entry import Entry


def begin(chat: Chat, live: Live, view: Conversation) -> None:
    """Show an answer in that view from now on, with all that came of it so far."""
    live.seen.clear()
    live.inputs.clear()
    live.view = view
    view.open_live(_live_entry(chat, live))
    feed(chat, live)
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
