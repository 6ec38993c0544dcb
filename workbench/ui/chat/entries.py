"""The turns of a lane as the conversation view takes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.core import attached, citations, facts, stop_reasons, thoughts, tool_loop
from workbench.core.figures import grouped
from workbench.core.state import Phase, State
from workbench.core.usage import Tokens
from workbench.ui.chat import attachment_folds, shortcuts, thinking_folds, tool_folds
from workbench.ui.chat.meters_of import silence
from workbench.ui.widgets.conversation_entry import Entry, Fact, Fold

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.run import Run
    from workbench.core.session import Lane, Message, Session
    from workbench.ui.chat.screen import Chat

SIMULATED = "simulated"
RESULTS = "results"
ENTRY = "entry"
"""Where a message keeps what is shown of it, for of ten thousand one changes at a time, …"""
ENTRIES = "entries"
"""… and a session what is shown of a conversation."""


class Made(NamedTuple):
    """The turns of a conversation, and what the session was that they were made from."""

    turns: tuple[Entry, ...]
    messages: int
    runs: tuple[RunRecord, ...]


def entries(session: Session, lane: Lane, *, failures: bool = True) -> tuple[Entry, ...]:
    """The conversation that the lane stands in, and after a question without an answer why there is none."""
    found = _turns(session, lane.tip)
    if found and found[-1].role == "user":
        if where := awaited(session, lane):
            found = (*found[:-1], replace(found[-1], marks=(*found[-1].marks, where)))
        if failures:
            found = (*found, *_failures(session, lane, session.by_id[found[-1].key]))
    return found


def _turns(session: Session, tip: str | None) -> tuple[Entry, ...]:
    """Those of the conversation that ends in `tip`; of one that went on, only what came is made."""
    if tip is None:
        return ()
    before: tuple[Entry, ...] = ()
    for at in (tip, session.by_id[tip].parent):
        known: Made | None = session.memo.get((ENTRIES, at))
        if known is not None and _holds(session, known, at):
            before = known.turns
            break
    came = enumerate(session.path(tip)[len(before) :], len(before) + 1)
    turns = (*before, *(_turn(session, message, number) for number, message in came))
    session.memo[ENTRIES, tip] = Made(turns, len(session.messages), session.runs)
    return turns


def _holds(session: Session, known: Made, tip: str | None) -> bool:
    """Whether no turn up to `tip` has got another beside it since, and no run was told anew."""
    came = session.messages[known.messages :]
    alone = all(each.parent == tip or len(session.children[each.parent]) == 1 for each in came)
    return alone and len(known.runs) <= len(session.runs) and all(map(is_, known.runs, session.runs))


def awaited(session: Session, lane: Lane) -> str:
    """`in batch b1`, which will answer the question that the lane stands at; else empty."""
    asked = session.by_id.get(lane.tip or "")
    if asked is None or asked.role != "user" or not session.batches:
        return ""
    from workbench.core.batch import WAITING

    waiting = [row.id for row in session.batches if row.status in WAITING and lane.id in row.lanes]
    return f"in batch {waiting[-1]}" if waiting else ""


def of_lane(chat: Chat, lane: Lane) -> tuple[Entry, ...]:
    """What is shown of a lane; while its last turn is answered anew, not why it had no answer before."""
    running = any(live.run.lane == lane.id for live in chat.lives)
    every = entries(chat.session, lane, failures=not running)
    shown = _last_turn(chat.session, lane, every) if chat.comparing else every
    found = tuple(attachment_folds.known(chat, entry) if entry.folds else entry for entry in shown)
    calls = tool_loop.pending(chat.session, lane.tip) if found and not running else ()
    if calls and found[-1].key == lane.tip:
        found = (*found[:-1], tool_folds.waiting(found[-1], len(calls), shortcuts.either(chat, "run", "answer")))
    return found


def _last_turn(session: Session, lane: Lane, found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The lane's last answer, or why there is none; its question too where it isn't everybody's."""
    if not found:
        return ()
    asked = question(session, lane)
    others = {text_of(question(session, each)) for each in session.lanes}
    last = tuple(tool_folds.traced(session, found) for entry in found[-1:] if entry.role != "user")
    if asked is not None and len(others) > 1:
        last = (*(entry for entry in found if entry.key == asked.id), *last)
    return last


def question(session: Session, lane: Lane) -> Message | None:
    """What a person asked last: not the results of tools."""
    path = reversed(session.path(lane.tip))
    return next((each for each in path if each.role == "user" and not tool_loop.only_results(each)), None)


def text_of(message: Message | None) -> str | None:
    return message.text if message is not None else None


def _turn(session: Session, message: Message, number: int) -> Entry:
    siblings = session.siblings(message.id)
    word = "run" if message.role == "assistant" else "version"
    note = f"{word} {siblings.index(message) + 1} of {len(siblings)} ‹ ›" if len(siblings) > 1 else ""
    record = session.run_by_id.get(message.run or "")
    made: tuple[Entry, RunRecord | None] | None = message.memo.get(ENTRY)
    if made is None or made[1] is not record or (made[0].number, made[0].note) != (number, note):
        made = message.memo[ENTRY] = (_made(session, message, record, number, note), record)
    return made[0]


def _made(session: Session, message: Message, record: RunRecord | None, number: int, note: str) -> Entry:
    before = session.by_id.get(message.parent or "")
    if message.role != "assistant":
        title = RESULTS if tool_loop.only_results(message) else "you" if message.role == "user" else message.role
        folds = _folds(message.blocks, names=tool_folds.names_of(before))
        return Entry(message.id, message.role, title, number, note, message.text, folds=folds, marks=_cached(message))
    made = answer(message.id, record, message.text, message.blocks, number, note)
    follows = before is not None and (before.role == "assistant" or tool_loop.only_results(before))
    spent = tool_loop.spent(session, message.id) if follows else ""
    loop = (Fact(spent, 65),) if spent else ()
    return replace(made, facts=(*made.facts, *loop), marks=(*made.marks, *_cached(message)))


def _cached(message: Message) -> tuple[str, ...]:
    """That the prompt is to be cached up to this turn."""
    return () if message.cache is None else (f"cache {message.cache}",)


def answer(
    key: str, record: RunRecord | None, text: str, blocks: Sequence[dict[str, Any]], number: int = 0, note: str = ""
) -> Entry:
    """An answer with its facts; without a record it was written by hand."""
    return Entry(
        key,
        "assistant",
        title_of(record.model if record else "", simulated=record is not None and record.simulated),
        number,
        note,
        text,
        _facts(record) if record else (Fact("written by hand", 1),),
        _tone(record),
        _folds(blocks, record),
        marks=_marks(record),
        remarks=stop_reasons.remarks(record) if record else (),
        tree=record is not None and "output_format" in record.params,
    )


def title_of(model: str, *, simulated: bool) -> str:
    """`claude-sonnet-4-6` as `sonnet-4-6`; what the simulator said is always marked."""
    name = model.removeprefix("claude-") or "answer"
    return f"{name} · {SIMULATED}" if simulated else name


def _marks(record: RunRecord | None) -> tuple[str, ...]:
    if record is None or record.state in {State.COMPLETE, None}:
        return ()
    return (str(record.state),)


def _tone(record: RunRecord | None) -> str:
    if record is None or record.state is State.COMPLETE:
        return ""
    return "warning" if record.state in {State.CANCELLED, State.UNCONFIRMED} else "problem"


def _facts(record: RunRecord) -> tuple[Fact, ...]:
    found = [*facts.of_record(record)]
    if record.problem is not None:
        found.append(Fact(record.problem.title, 75))
    return tuple(found)


def _failures(session: Session, lane: Lane, question: Message) -> Iterator[Entry]:
    """The lane's last run of a question that came to nothing: what happened, why, and what to do."""
    others = {each.id for each in session.lanes if each.id != lane.id}
    asked = [run for run in session.runs if run.parent == question.id and run.lane not in others]
    failed = [run for run in asked if run.state is not State.COMPLETE or not (run.content or run.text)]
    if not failed:
        return
    last, again = failed[-1], Fact("r runs it again", 40)
    if last.state is State.COMPLETE:  # it came whole and empty, as a refusal before the first word does
        said = answer(f"failed:{last.id}", last, "", ())
        yield replace(said, facts=(*said.facts, again))
    else:
        yield failure(f"failed:{last.id}", last, again)


def failure(key: str, record: RunRecord, *more: Fact, title: str = "no answer") -> Entry:
    """Why a run has no answer, or no whole one: what happened, why, and what to do."""
    problem = record.problem
    ended = f"ended {record.state}" if record.state is not None else "was still going on when the program stopped"
    lines = [problem.title, problem.detail, problem.hint] if problem else [f"The run {ended}."]
    text = "\n".join(line for line in lines if line)
    found = [Fact(str(record.state or "not ended"), 100), Fact(f"try {record.attempts}", 20)]
    if problem is not None and problem.status is not None:
        found.append(Fact(f"HTTP {problem.status}", 30))
    if record.request_id:
        found.append(Fact(record.request_id, 60))
    return Entry(key, "problem", title, text=text, facts=(*found, *more), tone="problem", markdown=False)


def _folds(
    blocks: Sequence[dict[str, Any]], record: RunRecord | None = None, names: Mapping[str, str] | None = None
) -> tuple[Fold, ...]:
    """Blocks that aren't text, each folded where it stands; `names` are those of the calls that results answer."""
    return tool_folds.told_apart(_folded(blocks, record, names or {}))


def _folded(blocks: Sequence[dict[str, Any]], record: RunRecord | None, names: Mapping[str, str]) -> Iterator[Fold]:
    at = 0
    for block in blocks:
        kind = str(block.get("type", "block"))
        if kind == "text":
            at += len(str(block.get("text", "")))
        elif kind in thoughts.THOUGHTS:
            yield thinking_folds.fold_of(block, at, blocks, record)
        elif kind.endswith("tool_use"):
            yield tool_folds.call_of(block, at)
        elif kind == "tool_result":
            yield tool_folds.result_of(block, at, names)
        elif kind == tool_folds.SEARCHED:
            yield tool_folds.searched(block, at)
        elif attached.is_attachment(block):
            yield attachment_folds.fold_of(block, at)
        else:
            yield Fold(kind.replace("_", " "), json.dumps(block, ensure_ascii=False, indent=2), at, "json")
    if any(citations.MEMBER in block for block in blocks) and (cited := citations.told(blocks)):
        yield Fold(citations.MEMBER, "\n".join(cited), at, count=grouped(len(cited)))


def live_entry(run: Run, number: int, siblings: int, *, simulated: bool) -> Entry:
    """The header of an answer that is coming."""
    note = f"run {siblings + 1} of {siblings + 1}" if siblings else ""
    title = title_of(run.served_model, simulated=simulated)
    return Entry(f"live:{run.id}", "assistant", title, number, note, tree=run.params.output_format is not None)


def live_facts(run: Run, rate: float | None, now: float, started: float) -> tuple[Fact, ...]:
    """`streaming · 96 out · ttft 0.74s · 92 tok/s · ^C stops`, while it goes on."""
    if run.phase is not Phase.STREAMING:
        return (Fact(_phase(run, now, started), 100), Fact("^C stops", 50))
    last = run.blocks[-1] if run.blocks else None
    thinking = last is not None and last.field == "thinking" and not last.closed
    found = [Fact("thinking" if thinking else "streaming", 100)]
    if silent := silence(run, now):
        found.append(Fact(silent, 95))
    counted = Tokens.of(run.usage).prompt
    found.append(Fact(f"≈{grouped(run.output_tokens_so_far)} out", 90))
    if counted:
        found.append(Fact(f"{grouped(counted)} in", 40))
    if run.timings.first_token_s is not None:
        found.append(Fact(f"ttft {run.timings.first_token_s:.2f}s", 60))
    if rate is not None:
        found.append(Fact(f"{rate:.0f} tok/s", 30))
    found.append(Fact("^C stops", 50))
    return tuple(found)


def _phase(run: Run, now: float, started: float) -> str:
    if run.waiting is not None:
        left = max(run.waiting.until - now, 0)
        return f"{run.waiting.problem.title}: try {run.attempts + 1} in {math.ceil(left)}s"
    if run.queued is not None:
        return run.queued.text(now)
    if run.phase is Phase.WAITING and (silent := silence(run, now)):
        return f"waiting for the first token · {silent}"
    words = {Phase.QUEUED: "queued", Phase.CONNECTING: "connecting", Phase.ASKING: "asking"}
    return f"{words.get(run.phase, 'waiting for the first token')} · {max(now - started, 0):.0f}s"
