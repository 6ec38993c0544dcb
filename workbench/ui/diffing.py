"""Which two answers a diff is about: lanes against the baseline, or runs of one turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core import facts
from workbench.core.compare import compare
from workbench.core.figures import grouped
from workbench.core.safe import display
from workbench.core.tool_loop import with_calls
from workbench.ui.chat import choosing, lane_cards, shortcuts
from workbench.ui.diff.values import Side

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.session import Lane, Message
    from workbench.ui.chat.screen import Chat


def sides(chat: Chat) -> tuple[Side, Side] | None:
    """Left and right, or None where it was said why there are none."""
    return _lanes(chat) if chat.comparing else _runs(chat)


def _lanes(chat: Chat) -> tuple[Side, Side] | None:
    """The baseline on the left; without one the first lane, or the one before where the first is in focus."""
    lanes, here = chat.session.lanes, chat.lane
    if len(lanes) < 2:
        chat.tell(f"A diff takes two lanes; {shortcuts.label(chat, 'add')} clones this one.")
        return None
    base = next((each for each in lanes if each.id == chat.baseline), lanes[0])
    if base.id == here.id:
        here = lanes[(lanes.index(here) + 1) % len(lanes)]
    return _lane_side(chat, base), _lane_side(chat, here)


def _lane_side(chat: Chat, lane: Lane) -> Side:
    lanes = chat.session.lanes
    at = lanes.index(lane)
    chips = compare(chat.session, lanes).chips(at)
    live = next((each for each in chat.lives if each.run.lane == lane.id), None)
    message = chat.session.by_id.get(lane.tip or "")
    answer = message if message is not None and message.role == "assistant" else None
    text, blocks = ("", []) if answer is None else (answer.text, answer.blocks)
    if live is not None:
        text, blocks = live.run.text, []
    record = lane_cards.record_of(chat, lane)
    older = live is None and record is not None and not lane_cards.made_by(chat.session, lane, record)
    chips = (*chips, lane_cards.OLDER) if older else chips
    return Side(at + 1, display(lane.name), chips, with_calls(text, blocks), note(text, record))


def _runs(chat: Chat) -> tuple[Side, Side] | None:
    """The chosen answer on the right; on the left the baseline, else the run before it, else the one behind."""
    chosen = choosing.chosen_message(chat)
    siblings = chat.session.siblings(chosen.id) if chosen is not None else ()
    base = chat.session.by_id.get(chat.baseline or "")
    if chosen is not None and base is not None and base.id != chosen.id:
        return _message_side(chat, base), _message_side(chat, chosen)
    if chosen is None or len(siblings) < 2:
        chat.tell(f"There is nothing to compare this with yet: {shortcuts.label(chat, 'rerun')} runs it again.")
        return None
    at = siblings.index(chosen)
    before, after = (siblings[at - 1], chosen) if at else (chosen, siblings[1])
    return _message_side(chat, before), _message_side(chat, after)


def _message_side(chat: Chat, message: Message) -> Side:
    record = chat.session.run_by_id.get(message.run or "")
    siblings = chat.session.siblings(message.id)
    word = "run" if message.role == "assistant" else "version"
    title = f"{word} {siblings.index(message) + 1} of {len(siblings)}"
    return Side(None, title, settings(record), with_calls(message.text, message.blocks), note(message.text, record))


def settings(record: RunRecord | None) -> tuple[str, ...]:
    """The model and the samplers of a run, short."""
    if record is None:
        return ()
    names = {"temperature": "T", "top_p": "top p", "top_k": "top k", "effort": "effort", "thinking": "thinking"}
    model = record.model.removeprefix("claude-")
    return (model, *(f"{label} {record.params[key]}" for key, label in names.items() if key in record.params))


def note(text: str, record: RunRecord | None) -> str:
    """`112 words · $0.0032`."""
    words = len(text.split())
    cost = str(record.cost) if record is not None and record.cost_usd is not None else ""
    ended = facts.verdict(record).text if record is not None and record.state != "complete" else ""
    return " · ".join(part for part in (f"{grouped(words)} words", cost, ended) if part)
