"""Send, send again, stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import conversation
from workbench.core.run import Run
from workbench.core.session import Session, next_id
from workbench.ui.chat import choosing, drafting, parts, permission, shortcuts, streaming
from workbench.ui.chat.live import Live

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

TITLE: Final = 48
"""Characters of a title that a prompt gives."""


def run(chat: Chat) -> None:
    """The draft as a new turn; an edited turn as a sibling; with an empty editor the last turn again."""
    if _busy(chat):
        return
    lane, draft = chat.lane, chat.draft
    if chat.editing is not None:
        _run_edited(chat, chat.editing, draft)
    elif draft:
        _send(chat, lane.tip, draft, partial(_new_turn, chat, draft))
    elif lane.tip is not None:
        again(chat, lane.tip)
    else:
        chat.tell(f"Nothing to send: the prompt is empty. Type one, then {shortcuts.label(chat, 'run')}.", "warning")
        chat.prompt.focus()


def _busy(chat: Chat) -> bool:
    if chat.lives:
        chat.tell("A run is going on; ^C stops it.", "warning")
    return bool(chat.lives)


def _new_turn(chat: Chat, draft: str) -> None:
    drafting.keep_prompt(chat, draft)
    before = chat.session.by_id.get(chat.lane.tip or "")
    if before is not None and before.role == "user":
        chat.tell("The turn above has no answer: both are sent, one after the other. u takes this one back.")
    said = chat.session.say(chat.lane, draft, parent=chat.lane.tip)
    drafting.clear_draft(chat)
    _start(chat, titled(said, draft))


def titled(session: Session, prompt: str) -> Session:
    """A session without a title is called by how its first prompt begins."""
    if session.title or len(session.messages) > 1:
        return session
    words = " ".join(prompt.split())
    return replace(session, title=words if len(words) <= TITLE else f"{words[: TITLE - 1].rstrip()}…")


def again(chat: Chat, message_id: str) -> None:
    """Send the conversation up to this turn of the user once more; an answer counts as its question."""
    if _busy(chat):
        return
    message = chat.session.by_id[message_id]
    asked = message.parent if message.role == "assistant" else message.id
    if asked is None:
        chat.tell("This answer has no question that could be sent again.", "warning")
        return

    def start() -> None:
        _start(chat, chat.session.with_lane(replace(chat.lane, tip=asked)))

    _send(chat, asked, None, start)


def rerun(chat: Chat) -> None:
    """The chosen turn again."""
    chosen = choosing.chosen_message(chat)
    if chosen is None:
        chat.tell("No turn to run again yet.", "warning")
    else:
        again(chat, chosen.id)


def _run_edited(chat: Chat, message_id: str, text: str) -> None:
    """An edited turn becomes a sibling: of the user's it is sent, of the model's it is only kept."""
    message = chat.session.by_id[message_id]
    if message.role == "assistant" and not text:
        chat.tell("The answer is empty: there is nothing to go on from. esc leaves it as it was.", "warning")
        return
    content = drafting.edited_content(message, text)
    if message.role == "assistant":
        drafting.stop_editing(chat)
        chat.change(chat.session.say(chat.lane, content, parent=message.parent, role="assistant"))
        chat.tell("The edited answer stands beside the original; the conversation goes on from it.")
        return

    def start() -> None:
        drafting.keep_prompt(chat, text)
        drafting.stop_editing(chat)
        _start(chat, chat.session.say(chat.lane, content, parent=message.parent))

    _send(chat, message.parent, text, start)


def _send(chat: Chat, tip: str | None, draft: str | None, start: Callable[[], None]) -> None:
    """Start at once, so that a stop finds the run; only where something must be asked, after the answer."""
    plan = drafting.plan(chat, tip, draft)
    blocking = [each for each in plan.cautions if each.blocking]
    if blocking:
        chat.tell("\n".join(each.text for each in blocking), "error")
        parts.point_at(chat, blocking[0].key)
        return
    questions = list(permission.questions(chat, plan.forecast))
    if questions:
        chat.run_worker(_asked(chat, questions, start), group="commands")
    else:
        start()


async def _asked(chat: Chat, questions: list[permission.Question], start: Callable[[], None]) -> None:
    """Start when every question was answered with yes, and nothing else was started meanwhile."""
    for question in questions:
        if await chat.app.push_screen_wait(question.dialog()) != permission.YES:
            return
        question.agreed()
    if not _busy(chat):
        start()


def _start(chat: Chat, session: Session) -> None:
    """Make the run, show it, and let it stream."""
    lane = session.lane(chat.lane.id)
    request = conversation.request_of(session, lane, lane.tip)
    chosen = chat.desk.chosen
    made = Run(
        id=next_id("r", session.runs),
        lane=lane.id,
        parent=lane.tip,
        endpoint=chosen.endpoint.name,
        params=request.params,
        model=request.params.model or "",
        started=chat.desk.now(),
    )
    chat.document.change(session)  # the beginning shows it
    streaming.begin(chat, Live(made, request, chosen.endpoint, chosen.key, chat.document))


def stop(chat: Chat) -> None:
    """Copy what is selected; else stop the run; with nothing running, say what quits."""
    from textual.widgets import Input, TextArea

    selected = chat.get_selected_text()
    if selected:
        drafting.copy_text(chat, selected)
    elif (isinstance(chat.focused, TextArea) and chat.focused.selected_text) or (
        isinstance(chat.focused, Input) and chat.focused.selected_text
    ):
        drafting.copy_text(chat, chat.focused.selected_text)
    elif chat.lives:
        for live in chat.lives:
            live.stop()
    else:
        chat.tell("Nothing is running; ^Q quits.")
