"""What is sent to a lane when a command says little: the prompt, the unsent one, or the last turn again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.cli.arguments import UsageError
from workbench.core.session import Lane, Session


@dataclass(frozen=True, slots=True)
class Turn:
    """Where one lane's next request stands in the message tree."""

    lane: str
    tip: str
    """The message that the answer will hang under."""


def place(session: Session, lanes: tuple[Lane, ...], prompt: str | None) -> tuple[Session, tuple[Turn, ...]]:
    """The session with the prompt said in every lane, and where each lane's answer will hang.

    Without a prompt: the session's unsent one, else the conversation that waits for an answer, else the last
    question again. Lanes that stand at the same message share the new one. Raises UsageError when there is nothing.
    """
    draft = prompt if prompt is not None else session.prompt or None
    if draft is None:
        return session, tuple(Turn(lane.id, _unanswered(session, lane)) for lane in lanes)
    if not draft.strip():
        raise UsageError("the prompt is empty: there is nothing to send")
    if prompt is None:
        session = replace(session, prompt="")
    said: dict[str | None, str] = {}
    turns: list[Turn] = []
    for lane in lanes:
        parent = lane.tip
        if parent in said:
            session = session.with_lane(replace(lane, tip=said[parent]))
        else:
            session = session.say(lane, draft, parent=parent)
            said[parent] = session.messages[-1].id
        turns.append(Turn(lane.id, said[parent]))
    return session, tuple(turns)


def _unanswered(session: Session, lane: Lane) -> str:
    """The last message of the lane's conversation that isn't an answer."""
    for message in reversed(session.path(lane.tip)):
        if message.role != "assistant":
            return message.id
    raise UsageError("there is nothing to send: give --prompt TEXT, --prompt-file PATH, or a FILE with a prompt in it")
