"""Send, send again, to one lane or to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import attached, lanes, tool_loop
from workbench.core.kinds import Json
from workbench.core.session import Lane, Session
from workbench.ui.chat import choosing, drafting, enclosed, handlers, planning, shortcuts, starting
from workbench.ui.chat.starting import Sending, Shared, Start

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.screen import Chat

TITLE: Final = 48
"""Characters of a title that a prompt gives."""


def run(chat: Chat) -> None:
    """The draft as a new turn; an edited turn as a sibling; with an empty editor the last turn again."""
    if chat.comparing:
        run_all(chat)
    elif chat.editing is not None:
        _run_edited(chat, chat.editing, (chat.lane,))
    elif not _waits(chat, (chat.lane,)):
        send_to(chat, (chat.lane,))


def run_all(chat: Chat) -> None:
    """Every lane, wherever the focus is; an edited turn in each lane that goes through it."""
    if chat.editing is not None:
        _run_edited(chat, chat.editing, chat.session.lanes)
    elif not _waits(chat, chat.session.lanes):
        send_to(chat, chat.session.lanes)


def send_to(chat: Chat, wanted: Sequence[Lane]) -> None:
    """The draft to these lanes; without one, the last question of each once more."""
    if starting.busy(chat, wanted):
        return
    draft = enclosed.said(chat)
    if draft:
        _send(chat, [Sending(lane, lane.tip, draft) for lane in wanted], partial(_new_turn, chat, draft, wanted))
        return
    asked = [(lane, tip) for lane in wanted if (tip := _last_question(chat.session, lane)) is not None]
    if asked:
        _again(chat, asked)
    else:
        chat.tell(f"Nothing to send: the prompt is empty. Type one, then {shortcuts.label(chat, 'run')}.", "warning")
        chat.to_prompt()


def _waits(chat: Chat, wanted: Sequence[Lane]) -> bool:
    """Whether one of the lanes stands on tool calls, which want their results first: a lone one is asked for them."""
    waiting = [lane for lane in wanted if tool_loop.standing(chat.session, lane.tip) == "calls"]
    if waiting and len(wanted) == 1:
        handlers.find_handler("answer")(chat)
    elif waiting:
        key = shortcuts.label(chat, "answer")
        chat.tell(
            f"{starting.named(chat, waiting)} waiting for the results of tool calls: {key} gives those of one.",
            "warning",
        )
    return bool(waiting)


def _last_question(session: Session, lane: Lane) -> str | None:
    """The message that the lane would send again: its last, or what its last answers."""
    message = session.by_id.get(lane.tip or "")
    if message is None:
        return None
    return message.parent if message.role == "assistant" else message.id


def _new_turn(chat: Chat, draft: str | Json, wanted: Sequence[Lane], shared: Shared) -> None:
    drafting.keep_prompt(chat, attached.text_of(draft))
    by_id = chat.session.by_id
    open_ = [lane for lane in wanted if (tip := by_id.get(lane.tip or "")) is not None and tip.role == "user"]
    if open_:
        which = "" if len(wanted) == 1 else f" of {starting.named(chat, open_).rpartition(' ')[0]}"
        chat.tell(f"The turn above{which} has no answer: both are sent, one after the other. u takes this one back.")
    now = [chat.session.lane(lane.id) for lane in wanted]
    said = replace(lanes.say_to(chat.session, now, draft), attachments=())
    drafting.clear_draft(chat)
    chat.view.bottom()  # whoever says something wants to see the answer, wherever they read before
    starting.begin(chat, titled(said, enclosed.titled_by(draft)), wanted, shared)


def titled(session: Session, prompt: str) -> Session:
    """A session without a title is called by how its first prompt begins."""
    if session.title or len(session.messages) > 1:
        return session
    words = " ".join(prompt.split())
    return replace(session, title=words if len(words) <= TITLE else f"{words[: TITLE - 1].rstrip()}…")


def again(chat: Chat, message_id: str) -> None:
    """Send the conversation up to this turn of the user once more; an answer counts as its question."""
    if starting.busy(chat, (chat.lane,)):
        return
    message = chat.session.by_id[message_id]
    asked = message.parent if message.role == "assistant" else message.id
    if asked is None:
        chat.tell("This answer has no question that could be sent again.", "warning")
        return
    _again(chat, [(chat.lane, asked)])


def _again(chat: Chat, asked: Sequence[tuple[Lane, str]]) -> None:
    def start(shared: Shared) -> None:
        session = chat.session
        for lane, tip in asked:
            session = session.with_lane(replace(session.lane(lane.id), tip=tip))
        starting.begin(chat, session, [lane for lane, _ in asked], shared)

    _send(chat, [Sending(lane, tip) for lane, tip in asked], start)


def rerun(chat: Chat) -> None:
    """The chosen turn again; in Compare the focused lane, with the draft or the edited turn where there is one."""
    if chat.comparing and chat.editing is not None:
        _run_edited(chat, chat.editing, (chat.lane,))
        return
    if chat.comparing:
        send_to(chat, (chat.lane,))
        return
    chosen = choosing.chosen_message(chat)
    if chosen is None:
        chat.tell("No turn to run again yet.", "warning")
    else:
        again(chat, chosen.id)


def again_exactly(chat: Chat, record: RunRecord) -> None:
    """The same bytes once more, as another answer to the same question; said where they can't be made again."""
    from workbench.core import rebuilt

    drafts = [each.said for each in chat.session.sweeps if each.id == record.extra.get("sweep") and each.said]
    made = rebuilt.rebuild(chat.session, record, drafts, enclosed.exact(chat), chat.desk.versions)
    if made is None or not made.exact:
        chat.tell("What was sent then can't be made again exactly: the session has changed since.", "warning")
        return
    lane = next((each for each in chat.session.lanes if each.id == record.lane), chat.lane)
    if starting.busy(chat, (lane,)):
        return

    def start(shared: Shared) -> None:
        del shared
        parent = record.parent
        if made.draft is not None:  # a sweep's prompt, which is no turn yet
            said = chat.session.say(chat.session.lane(lane.id), made.draft, parent=parent)
            chat.document.change(said)
            parent = said.lane(lane.id).tip
        starting.stream(chat, chat.session.lane(lane.id), parent, made.request, like=record)

    starting.permitted(chat, [Sending(lane, record.parent)], [made.request], start)


def _run_edited(chat: Chat, message_id: str, among: Sequence[Lane]) -> None:
    """An edited turn becomes a sibling: of the user's it is sent, of the model's it is only kept.

    It is so in those of the lanes whose conversation goes through it; where none does, in the first that has it.
    """
    message, text = chat.session.by_id[message_id], chat.draft
    having = choosing.lanes_on(chat, message_id)
    wanted = [lane for lane in having if lane in among] or having[:1] or [chat.lane]
    if starting.busy(chat, wanted):
        return
    if message.role == "assistant" and not text:
        chat.tell("The answer is empty: there is nothing to go on from. esc leaves it as it was.", "warning")
        return
    content = drafting.edited_content(message, text)
    if message.role == "assistant":
        drafting.stop_editing(chat)
        chat.change(chat.session.say(wanted[0], content, parent=message.parent, role="assistant"))
        chat.tell("The edited answer stands beside the original; the conversation goes on from it.")
        return

    def start(shared: Shared) -> None:
        drafting.keep_prompt(chat, text)
        drafting.stop_editing(chat)
        session = chat.session.say(chat.session.lane(wanted[0].id), content, parent=message.parent)
        session = session.with_cache({session.messages[-1].id: message.cache})
        for lane in wanted:
            session = session.with_lane(replace(session.lane(lane.id), tip=session.messages[-1].id))
        starting.begin(chat, session, wanted, shared)

    _send(chat, [Sending(lane, message.parent, content) for lane in wanted], start)


def _send(chat: Chat, wanted: Sequence[Sending], start: Start, *, read: bool = False) -> None:
    """Start at once, so that a stop finds the run; only where something must be asked or read, after that."""
    plans = [planning.plan(chat, each.tip, each.draft, lane=each.lane, read=read) for each in wanted]
    if unread := [path for plan in plans for path in plan.unread]:
        chat.run_worker(enclosed.then(chat, unread, partial(_send, chat, wanted, start, read=True)), group="commands")
        return
    starting.checked(wanted, plans, chat, start)
