"""Send, send again, to one lane or to all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.core import conversation, diagnosing, lanes
from workbench.core.request import Request
from workbench.core.run import Run
from workbench.core.session import Lane, Session, next_id
from workbench.core.warming import SharedPrefix
from workbench.ui.chat import choosing, drafting, parts, permission, shortcuts, streaming
from workbench.ui.chat.live import Live

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.screen import Chat

Shared: TypeAlias = tuple[SharedPrefix, ...]
"""Groups of runs of which the first writes the cache for the others; none to start all together."""
Start: TypeAlias = Callable[[Shared], None]
TITLE: Final = 48
"""Characters of a title that a prompt gives."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What one lane is about to send: the conversation up to `tip`, and the draft behind it."""

    lane: Lane
    tip: str | None
    draft: str | None = None


def run(chat: Chat) -> None:
    """The draft as a new turn; an edited turn as a sibling; with an empty editor the last turn again."""
    if chat.comparing:
        run_all(chat)
    elif chat.editing is not None:
        _run_edited(chat, chat.editing, (chat.lane,))
    else:
        send_to(chat, (chat.lane,))


def run_all(chat: Chat) -> None:
    """Every lane, wherever the focus is; an edited turn in each lane that goes through it."""
    if chat.editing is not None:
        _run_edited(chat, chat.editing, chat.session.lanes)
    else:
        send_to(chat, chat.session.lanes)


def send_to(chat: Chat, wanted: Sequence[Lane]) -> None:
    """The draft to these lanes; without one, the last question of each once more."""
    if _busy(chat, wanted):
        return
    draft = chat.draft
    if draft:
        _send(chat, [Sending(lane, lane.tip, draft) for lane in wanted], partial(_new_turn, chat, draft, wanted))
        return
    asked = [(lane, tip) for lane in wanted if (tip := _last_question(chat.session, lane)) is not None]
    if asked:
        _again(chat, asked)
    else:
        chat.tell(f"Nothing to send: the prompt is empty. Type one, then {shortcuts.label(chat, 'run')}.", "warning")
        chat.to_prompt()


def _last_question(session: Session, lane: Lane) -> str | None:
    """The message that the lane would send again: its last, or what its last answers."""
    message = session.by_id.get(lane.tip or "")
    if message is None:
        return None
    return message.parent if message.role == "assistant" else message.id


def _busy(chat: Chat, wanted: Sequence[Lane]) -> bool:
    """Whether one of the lanes still waits for its answer."""
    running = {live.run.lane for live in chat.lives}
    busy = [lane for lane in wanted if lane.id in running]
    if busy:
        which = "A run is going on" if len(chat.session.lanes) == 1 else f"{named(chat, busy)} still running"
        chat.tell(f"{which}; ^C stops it.", "warning")
    return bool(busy)


def named(chat: Chat, wanted: Sequence[Lane]) -> str:
    """Lanes as a person counts them: `lane 2 is`, `lanes 1, 3 are`."""
    ids = {lane.id for lane in wanted}
    numbers = [str(number) for number, lane in enumerate(chat.session.lanes, 1) if lane.id in ids]
    return f"lane {numbers[0]} is" if len(numbers) == 1 else f"lanes {', '.join(numbers)} are"


def _new_turn(chat: Chat, draft: str, wanted: Sequence[Lane], shared: Shared) -> None:
    drafting.keep_prompt(chat, draft)
    by_id = chat.session.by_id
    open_ = [lane for lane in wanted if (tip := by_id.get(lane.tip or "")) is not None and tip.role == "user"]
    if open_:
        which = "" if len(wanted) == 1 else f" of {named(chat, open_).rpartition(' ')[0]}"
        chat.tell(f"The turn above{which} has no answer: both are sent, one after the other. u takes this one back.")
    now = [chat.session.lane(lane.id) for lane in wanted]
    said = lanes.say_to(chat.session, now, draft)
    drafting.clear_draft(chat)
    _start(chat, titled(said, draft), wanted, shared)


def titled(session: Session, prompt: str) -> Session:
    """A session without a title is called by how its first prompt begins."""
    if session.title or len(session.messages) > 1:
        return session
    words = " ".join(prompt.split())
    return replace(session, title=words if len(words) <= TITLE else f"{words[: TITLE - 1].rstrip()}…")


def again(chat: Chat, message_id: str) -> None:
    """Send the conversation up to this turn of the user once more; an answer counts as its question."""
    if _busy(chat, (chat.lane,)):
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
        _start(chat, session, [lane for lane, _ in asked], shared)

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

    drafts = [each.prompt for each in chat.session.sweeps if each.id == record.extra.get("sweep") and each.prompt]
    made = rebuilt.rebuild(chat.session, record, drafts)
    if made is None or not made.exact:
        chat.tell("What was sent then can't be made again exactly: the session has changed since.", "warning")
        return
    lane = next((each for each in chat.session.lanes if each.id == record.lane), chat.lane)
    if _busy(chat, (lane,)):
        return

    def start(shared: Shared) -> None:
        del shared
        parent = record.parent
        if made.draft is not None:  # a sweep's prompt, which is no turn yet
            said = chat.session.say(chat.session.lane(lane.id), made.draft, parent=parent)
            chat.document.change(said)
            parent = said.lane(lane.id).tip
        _stream(chat, chat.session.lane(lane.id), parent, made.request, marks=record.breakpoints)

    _permitted(chat, [Sending(lane, record.parent)], [made.request], start)


def _run_edited(chat: Chat, message_id: str, among: Sequence[Lane]) -> None:
    """An edited turn becomes a sibling: of the user's it is sent, of the model's it is only kept.

    It is so in those of the lanes whose conversation goes through it; where none does, in the first that has it.
    """
    message, text = chat.session.by_id[message_id], chat.draft
    having = choosing.lanes_on(chat, message_id)
    wanted = [lane for lane in having if lane in among] or having[:1] or [chat.lane]
    if _busy(chat, wanted):
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
        _start(chat, session, wanted, shared)

    _send(chat, [Sending(lane, message.parent, text) for lane in wanted], start)


def _send(chat: Chat, wanted: Sequence[Sending], start: Start) -> None:
    """Start at once, so that a stop finds the run; only where something must be asked, after the answer."""
    plans = [drafting.plan(chat, each.tip, each.draft, lane=each.lane) for each in wanted]
    blocking = {each.text: each for plan in plans for each in plan.cautions if each.blocking}
    if blocking:
        chat.tell("\n".join(blocking), "error")
        parts.point_at(chat, next(iter(blocking.values())).key)
        return
    _permitted(chat, wanted, [plan.request for plan in plans], start)


def _permitted(chat: Chat, wanted: Sequence[Sending], requests: Sequence[Request], start: Start) -> None:
    questions = list(permission.questions(chat, requests))
    warming = permission.warming(chat, requests)
    if questions or warming is not None:
        chat.run_worker(_asked(chat, questions, warming, wanted, start), group="commands")
    else:
        start(())


async def _asked(
    chat: Chat,
    questions: Sequence[permission.Question],
    warming: permission.Warming | None,
    wanted: Sequence[Sending],
    start: Start,
) -> None:
    """Start when every question was answered with yes, and nothing else was started meanwhile."""
    for question in questions:
        if await chat.app.push_screen_wait(question.dialog()) != permission.YES:
            return
        question.agreed()
    shared: Shared = ()
    if warming is not None:
        answer = await chat.app.push_screen_wait(warming.dialog())
        if answer not in {permission.WARM, permission.TOGETHER}:
            return
        shared = warming.shared if answer == permission.WARM else ()
    if not _busy(chat, [each.lane for each in wanted]):
        start(shared)


def _start(chat: Chat, session: Session, wanted: Sequence[Lane], shared: Shared = ()) -> None:
    """Make a run for each lane, show it, and let it stream; of those that share a prefix the first goes before."""
    chat.document.change(session)  # the beginning shows it
    if chat.comparing:
        chat.lanes.focus()
    groups = {place: each.places for each in shared for place in each.places}
    begun: list[Live] = []
    for at, each in enumerate(wanted):
        lane = session.lane(each.id)
        request = diagnosing.pointed(conversation.request_of(session, lane, lane.tip), session, lane)
        before = [begun[place] for place in groups.get(at, ()) if place < at]
        begun.append(_stream(chat, lane, lane.tip, request, before))


def _stream(
    chat: Chat,
    lane: Lane,
    parent: str | None,
    request: Request,
    after: Sequence[Live] = (),
    *,
    marks: Mapping[str, str] | None = None,
) -> Live:
    chosen = chat.desk.chosen
    made = Run(
        id=next_id("r", (*chat.session.runs, *(live.run for live in chat.lives))),
        lane=lane.id,
        parent=parent,
        endpoint=chosen.endpoint.name,
        params=request.params,
        model=request.params.model or "",
        started=chat.desk.now(),
        breakpoints=chat.session.marks(parent) if marks is None else marks,
    )
    live = Live(made, request, chosen.endpoint, chosen.key, chat.document, after)
    streaming.begin(chat, live)
    return live
