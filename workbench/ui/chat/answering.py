"""Tool calls: answered by canned results as they come, else by the person; and turns that were paused, gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from workbench.core import attached, tool_loop
from workbench.core.canned import CannedResult, Result
from workbench.core.kinds import Json
from workbench.core.state import State
from workbench.engine import canned_results, files
from workbench.ui.chat import enclosed, shortcuts, starting

if TYPE_CHECKING:
    from workbench.core.canned import Call
    from workbench.core.record import RunRecord
    from workbench.core.session import Lane, Message
    from workbench.engine.canned_results import Answers
    from workbench.ui.chat.live import Live
    from workbench.ui.chat.screen import Chat


def find(chat: Chat, tip: str | None) -> Answers:
    """The canned results for the calls that wait there."""
    return canned_results.find(chat.session, tip, enclosed.folder(chat))


def ended(chat: Chat, live: Live, record: RunRecord) -> None:
    """What follows an answer that came whole, where its lane still stands on it: by itself up to so many rounds."""
    lane = chat.lane_of(live)
    message = chat.session.by_id.get((lane.tip if lane is not None else None) or "")
    if record.state is not State.COMPLETE or lane is None or message is None or message.run != record.id:
        return
    step, who = tool_loop.step(chat.session, message), chat.lane_name_of(live)
    if step == "done":
        return
    if step == "cut":
        chat.tell(f"{who}{_cut(chat, message)}", "warning")
        return
    done = len(tool_loop.rounds(chat.session, message.id))
    answers = find(chat, message.id)
    if step == "calls" and answers.missing:
        _tell_missing(chat, answers, who)
    elif done >= tool_loop.MOST_ROUNDS:
        key = shortcuts.label(chat, "answer")
        chat.tell(f"{who}{done} rounds went by without you. {key} goes on with the next.", "warning")
    elif step == "paused":
        starting.follow(chat, lane, message.id, None, by_itself=True)
    else:
        content = tool_loop.answer(answers.calls, answers.results)
        starting.follow(chat, lane, message.id, content, by_itself=True)


def _tell_missing(chat: Chat, answers: Answers, who: str) -> None:
    for mistake in answers.mistakes:
        chat.tell(f"{who}{mistake}", "warning")
    several = "wait for their results" if len(answers.missing) > 1 else "waits for its result"
    chat.tell(f"{who}{tool_loop.named(answers.missing)} {several}: {shortcuts.either(chat, 'run', 'answer')} answers.")


def answer(chat: Chat) -> None:
    """The results of the calls at which the lane stands, asked for one after the other; a paused turn goes on."""
    lane = chat.lane
    if starting.busy(chat, (lane,)):
        return
    match tool_loop.standing(chat.session, lane.tip):
        case "calls":
            chat.run_worker(_asked(chat, lane), group="commands")
        case "paused":
            starting.follow(chat, lane, lane.tip, None)
        case "cut":
            chat.tell(_cut(chat, chat.session.by_id[lane.tip or ""]), "warning")
        case _:
            chat.tell("No tool call waits for a result here.")


def _cut(chat: Chat, message: Message) -> str:
    """Why a call can't be answered, and what to do about it."""
    why, remedy = tool_loop.why_cut(chat.session, message)
    key = shortcuts.label(chat, "rerun")
    then = f"{remedy[:1].upper()}{remedy[1:]}, then {key}" if remedy else key
    return f"{why[:1].upper()}{why[1:]}, so nothing can answer it. {then} runs the turn again."


async def _asked(chat: Chat, lane: Lane) -> None:
    """Nothing is sent before each call has its result; what was given already is offered again the next time."""
    tip = lane.tip
    answers = find(chat, tip)
    ready = {**answers.results, **chat.given}
    results: dict[str, Result] = {}
    kept: list[CannedResult] = []
    for number, call in enumerate(answers.calls, 1):
        place = f"{number} of {len(answers.calls)} · " if len(answers.calls) > 1 else ""
        place = f"lane {chat.lane_number} · {place}" if len(chat.session.lanes) > 1 else place
        found = await _one(chat, call, place, ready.get(call.id), canned=call.id in answers.results)
        if found is None:
            chat.tell(f"Nothing was sent: {call.name} has no result yet. {shortcuts.label(chat, 'answer')} asks again.")
            return
        chat.given[call.id] = results[call.id] = found[0]
        if found[1]:
            kept.append(
                CannedResult(call.name, Json.of(call.input) if isinstance(call.input, Mapping) else None, found[0])
            )
    if chat.lane.tip != tip or starting.busy(chat, (chat.lane,)):
        return
    said = chat.draft if chat.editing is None and (chat.draft or chat.session.attachments) else None
    if kept:
        chat.change(replace(chat.session, tool_results=(*kept, *chat.session.tool_results)))
    draft = attached.content(said, chat.session.attachments) if said is not None else None
    content = tool_loop.answer(answers.calls, results, draft)
    starting.follow(chat, chat.session.lane(lane.id), tip, content, said=said)
    if any(live.run.lane == lane.id for live in chat.lives):
        chat.given = {}


async def _one(chat: Chat, call: Call, place: str, begun: Result | None, *, canned: bool) -> tuple[Result, bool] | None:
    from workbench.ui.external_editor import edit
    from workbench.ui.screens.answer_call import AnswerCall

    about = "A canned result of this session stands ready." if canned else "What the tool gives for this input."
    if (chat.draft or chat.session.attachments) and chat.editing is None:
        about += " Your prompt goes along, after the results."
    dialog = AnswerCall(call, place, begun=begun, about=about, read=partial(_read, chat), edit=partial(edit, chat.app))
    text = await chat.app.push_screen_wait(dialog)
    return None if text is None else (dialog.result, dialog.keeps)


def _read(chat: Chat, name: str) -> str:
    """A text file that the person names. Raises ResultFileError."""
    place = files.expanded(name)
    folder = enclosed.folder(chat) or chat.desk.folder
    return canned_results.text_of(place if place.is_absolute() else folder / place, name)
