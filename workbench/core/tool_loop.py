"""A tool loop: which calls wait for a result, what follows an answer, and the message that carries the results."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from workbench.core import thoughts
from workbench.core.block import PARTIAL
from workbench.core.cost import Basis, Cost, total
from workbench.core.kinds import Json
from workbench.core.session import Message, Session
from workbench.core.state import State

if TYPE_CHECKING:
    from workbench.core.canned import Call, Result
    from workbench.core.record import RunRecord

MOST_ROUNDS: Final = 16
"""Answers of one loop that are asked for without a person."""
PAUSED: Final = "pause_turn"
REFUSED: Final = "refusal"
CUT_SHORT: Final = ("max_tokens", "model_context_window_exceeded")
SHOWN: Final = 60
"""Characters of a call's input in a sentence."""
NAMED: Final = 4
"""Calls that a sentence names."""
Step: TypeAlias = Literal["done", "calls", "paused", "cut"]
"""What an answer leaves to do: nothing, results to give, going on as it is, or a call that can't be answered."""


def calls_of(message: Message) -> tuple[Call, ...]:
    """The calls that a person answers; those of the server's own tools it answers itself."""
    blocks = [block for block in message.blocks if block.get("type") == "tool_use" and PARTIAL not in block]
    if not blocks:
        return ()
    from workbench.core.canned import Call

    return tuple(Call(str(each.get("id", "")), str(each.get("name", "")), each.get("input")) for each in blocks)


def with_calls(text: str, blocks: Iterable[Mapping[str, object]]) -> str:
    """The text of an answer, and under it what it calls: two answers that say the same may call something else."""
    calls = (
        f"→ {block.get('name')}\n{json.dumps(block.get('input'), indent=2, ensure_ascii=False, default=str)}"
        for block in blocks
        if block.get("type") in ("tool_use", "server_tool_use")
    )
    return "\n\n".join((*([text] if text.strip() else []), *calls))


def answered_by(message: Message) -> Iterator[str]:
    """The ids of the calls that a message has results for."""
    return (str(block.get("tool_use_id", "")) for block in message.blocks if block.get("type") == "tool_result")


def only_results(message: Message) -> bool:
    """Whether a turn of the user holds results of tools and nothing that a person said."""
    blocks = message.blocks
    return message.role == "user" and bool(blocks) and all(each.get("type") == "tool_result" for each in blocks)


def step(session: Session, message: Message) -> Step:
    """What an answer leaves to do."""
    record = session.run_by_id.get(message.run or "")
    reason = record.stop_reason if record is not None else None
    if reason == REFUSED:  # neither it nor what would answer it is sent
        return "done"
    calls = [block for block in message.blocks if block.get("type") == "tool_use"]
    if any(PARTIAL in block for block in calls) or (calls and reason in CUT_SHORT):
        return "cut"
    if calls:
        return "calls"
    if reason == PAUSED:
        return "paused"
    last = message.blocks[-1] if message.blocks else {}
    return "paused" if record is None and last.get("type") == "server_tool_use" else "done"


def made_by(session: Session, message: Message) -> RunRecord | None:
    """The run that an answer came of; of one with calls that was edited by hand, the run that its thinking came of."""
    record = session.run_by_id.get(message.run or "")
    if record is not None or message.run or not thoughts.calls(message.blocks):
        return record
    mine = thoughts.of(message.blocks)
    beside = (each for each in session.siblings(message.id) if each.run and mine == thoughts.of(each.blocks))
    return next((session.run_by_id.get(each.run or "") for each in beside if mine), None)


def refused(session: Session, message: Message) -> bool:
    """Whether an answer was refused: it isn't sent back."""
    record = session.run_by_id.get(message.run or "")
    return record is not None and record.stop_reason == REFUSED


def why_cut(session: Session, message: Message) -> tuple[str, str]:
    """Why nothing can answer the calls of such an answer, and what to change before it is asked for again."""
    record = session.run_by_id.get(message.run or "")
    reason = record.stop_reason if record is not None else None
    if reason in CUT_SHORT or record is None or record.state is not State.COMPLETE:
        remedy = {"max_tokens": "raise max_tokens", CUT_SHORT[1]: "shorten the conversation"}.get(reason or "", "")
        return "the call was cut off before its end", remedy
    return "the input of the call is no JSON", ""


def is_open(record: RunRecord) -> bool:
    """Whether there may be something to do after a run: asked of every one, so it is quick."""
    return record.stop_reason == PAUSED or any(block.get("type") == "tool_use" for block in record.content)


def standing(session: Session, tip: str | None) -> Step:
    """What the conversation that ends in `tip` leaves to do."""
    message = session.by_id.get(tip or "")
    return step(session, message) if message is not None and message.role == "assistant" else "done"


def pending(session: Session, tip: str | None) -> tuple[Call, ...]:
    """The calls of the conversation's last answer, where nothing was said since."""
    message = session.by_id.get(tip or "")
    return calls_of(message) if message is not None and message.role == "assistant" else ()


def about_calls(path: Iterable[Message]) -> tuple[Message, ...]:
    """The turns of a conversation that call tools or answer calls."""
    return tuple(
        each for each in path if not isinstance(each.content, str) and (calls_of(each) or [*answered_by(each)])
    )


def unanswered(turns: Iterable[Message]) -> tuple[Call, ...]:
    """The calls that the turns behind them leave without a result: the API refuses those."""
    waiting: dict[str, Call] = {}
    for message in turns:
        if message.role == "assistant":
            if waiting:
                break
            waiting = {call.id: call for call in calls_of(message)}
        else:
            for name in answered_by(message):
                waiting.pop(name, None)
    return tuple(waiting.values())


def left(session: Session, turns: Iterable[Message], draft: str | Json | None) -> tuple[Call, ...]:
    """The same of what is sent: refused answers aren't, and a turn that was edited has its results with it."""
    said = (Message("", "user", draft),) if isinstance(draft, Json) else ()
    return unanswered((*(each for each in turns if not refused(session, each)), *said))


def earlier(session: Session, tip: str | None) -> tuple[Call, ...]:
    """All calls of the conversation before its last answer, in order."""
    return tuple(
        call for message in session.path(tip)[:-1] if message.role == "assistant" for call in calls_of(message)
    )


def rounds(session: Session, tip: str | None) -> tuple[Message, ...]:
    """The answers since a person last said something, newest first: one loop."""
    found: list[Message] = []
    message = session.by_id.get(tip or "")
    while message is not None and (message.role == "assistant" or only_results(message)):
        if message.role == "assistant":
            found.append(message)
        message = session.by_id.get(message.parent or "")
    return tuple(found)


def together(session: Session, tip: str | None) -> tuple[int, Cost]:
    """Of how many rounds the loop is that an answer ends, and what they cost together."""
    found = (session.run_by_id.get(each.run or "") for each in rounds(session, tip))
    costs = [each.cost for each in found if each is not None]
    return len(costs), total(costs)


def spent(session: Session, tip: str | None, before: Collection[str] = ()) -> str:
    """`3 rounds $0.0108`: what the loop that an answer ends cost together; empty where it is the only round.

    Where some of its runs were there `before`, it says which part of it is of now.
    """
    number, cost = together(session, tip)
    if number < 2:
        return ""
    text = f"{number} rounds{_money(cost)}"
    found = [session.run_by_id.get(each.run or "") for each in rounds(session, tip)]
    now = [each.cost for each in found if each is not None and each.id not in before]
    return text if len(now) == number else f"{text}, {len(now)} of them now{_money(total(now))}"


def _money(cost: Cost) -> str:
    return f" {str(cost).removesuffix(f' {Basis.SIMULATED}')}" if cost.usd is not None else ""


def answer(calls: Iterable[Call], results: Mapping[str, Result], said: str | Json | None = None) -> Json:
    """One turn with a result for each call, and what a person says after them."""
    if isinstance(said, Json):
        return Json.of([*(results[call.id].block(call) for call in calls), *_listed(said)])
    blocks: list[dict[str, object]] = [results[call.id].block(call) for call in calls]
    return Json.of([*blocks, {"type": "text", "text": said}] if said else blocks)


def _listed(said: Json) -> list[object]:
    return said.value if isinstance(said.value, list) else []


def source(message: Message) -> str:
    """What a turn without any text says: the inputs of its calls, or the contents of its results."""
    parts: list[str] = []
    for block in message.blocks:
        held = block.get("content") if block.get("type") == "tool_result" else block.get("input", block.get(PARTIAL))
        if held is not None:
            parts.append(held if isinstance(held, str) else json.dumps(held, ensure_ascii=False, indent=2))
    return "\n\n".join(parts)


def named(calls: Sequence[Call]) -> str:
    """Calls in a sentence, the first few of many."""
    more = len(calls) - NAMED
    return ", ".join((*map(told, calls[:NAMED]), *((f"and {more} more",) if more > 0 else ())))


def told(call: Call) -> str:
    """A call in a sentence: `get_weather {"city": "Paris"}`."""
    text = Json.of(call.input).text if call.input not in (None, {}) else ""
    return f"{call.name} {text if len(text) <= SHOWN else f'{text[: SHOWN - 1]}…'}".rstrip()
