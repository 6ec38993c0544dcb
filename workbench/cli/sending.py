"""What is sent to a lane when a command says little: the prompt, the unsent one, or the last turn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.cli.canned import missing
from workbench.core import attached, tool_loop
from workbench.core.kinds import Json
from workbench.core.session import Lane, Session

if TYPE_CHECKING:
    from workbench.cli.canned import Find


@dataclass(frozen=True, slots=True)
class Turn:
    """Where one lane's next request stands in the message tree."""

    lane: str
    tip: str
    """The message that the answer will hang under."""


def place(
    session: Session, lanes: tuple[Lane, ...], prompt: str | None, find: Find, attachments: Sequence[Json] = ()
) -> tuple[Session, tuple[Turn, ...]]:
    """The session with the prompt said in every lane, and where each lane's answer will hang.

    Without a prompt: the session's unsent one, else the conversation that waits for an answer or for the results of
    its calls, else the last question again. Results go before the prompt. Lanes that stand at the same message share
    the new one. Raises UsageError when there is nothing, or a result is missing.
    """
    draft = _draft(session, prompt, attachments)
    if draft is not None and prompt is None:
        session = replace(session, prompt="", attachments=())
    said: dict[str | None, str] = {}
    turns: list[Turn] = []
    for lane in lanes:
        parent = lane.tip
        content = _results(session, lane, draft, find) or draft
        if content is None:
            turns.append(Turn(lane.id, _unanswered(session, lane)))
            continue
        if parent in said:
            session = session.with_lane(replace(lane, tip=said[parent]))
        else:
            session = session.say(lane, content, parent=parent)
            said[parent] = session.messages[-1].id
        turns.append(Turn(lane.id, said[parent]))
    return session, tuple(turns)


def _draft(session: Session, prompt: str | None, attachments: Sequence[Json]) -> str | Json | None:
    """What is said: the prompt, else what the session has not sent yet, with all that goes along."""
    text = prompt if prompt is not None else session.prompt
    kept = () if prompt is not None else session.attachments
    if text and not text.strip():
        raise UsageError("the prompt is empty: there is nothing to send")
    if not text and not kept:
        if prompt is not None and not attachments:
            raise UsageError("the prompt is empty: there is nothing to send")
        if attachments and prompt is None:
            raise UsageError("--attach goes with a prompt: add --prompt TEXT or --prompt-file PATH")
    return attached.content(text, (*kept, *attachments)) if text or kept or attachments else None


def _results(session: Session, lane: Lane, draft: str | Json | None, find: Find) -> Json | None:
    """What answers the calls at which the lane stands, if it stands at some."""
    if tool_loop.standing(session, lane.tip) != "calls":
        return None
    answers = find(session, lane.tip)
    if answers.missing:
        raise UsageError(missing(answers))
    return tool_loop.answer(answers.calls, answers.results, draft)


def _unanswered(session: Session, lane: Lane) -> str:
    """The last message of the lane's conversation that isn't an answer; an answer that was paused."""
    if lane.tip is not None and tool_loop.standing(session, lane.tip) == "paused":
        return lane.tip
    for message in reversed(session.path(lane.tip)):
        if message.role != "assistant":
            return message.id
    raise UsageError("there is nothing to send: give --prompt TEXT, --prompt-file PATH, or a FILE with a prompt in it")
