"""From what lanes are about to send to their runs: checked, agreed to, begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from workbench.core.kinds import Json
from workbench.core.request import Request
from workbench.core.run import Run
from workbench.core.session import Lane, Session, next_id
from workbench.core.warming import SharedPrefix
from workbench.ui.chat import drafting, enclosed, parts, permission, planning, shortcuts, streaming
from workbench.ui.chat.live import Live

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.parameter_rows import Preview
    from workbench.ui.chat.screen import Chat

Shared: TypeAlias = tuple[SharedPrefix, ...]
"""Groups of runs of which the first writes the cache for the others; none to start all together."""
Start: TypeAlias = Callable[[Shared], None]


@dataclass(frozen=True, slots=True)
class Sending:
    """What one lane is about to send: the conversation up to `tip`, and the draft behind it."""

    lane: Lane
    tip: str | None
    draft: str | Json | None = None


def busy(chat: Chat, wanted: Sequence[Lane]) -> bool:
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


def follow(
    chat: Chat, lane: Lane, tip: str | None, content: Json | None, *, said: str | None = None, by_itself: bool = False
) -> None:
    """The next round of a loop: the results of the calls at `tip` as a turn; without any, a paused turn goes on.

    `said` is the draft, where it goes along, with what is attached to it. A round that comes by itself takes the
    focus from nobody, and asks nothing.
    """

    def then(session: Session) -> Session:
        if said is not None:
            session = replace(session, attachments=())
        return session if content is None else session.say(session.lane(lane.id), content, parent=tip)

    def start(shared: Shared) -> None:
        if said is not None:
            drafting.keep_prompt(chat, said)
            drafting.clear_draft(chat)
        if by_itself:
            ready = enclosed.ready(chat, then(chat.session), (lane,))
            if ready is not None:
                session, (request,) = ready
                chat.document.change(session)
                there = chat.session.lane(lane.id)
                stream(chat, there, there.tip, request)
        else:
            begin(chat, then(chat.session), (lane,), shared)

    there = then(chat.session)
    at = there.lane(lane.id)
    planned = planning.plan(chat, at.tip, None, lane=at, session=there, read=True)
    if by_itself and (why := _held(chat, planned)):
        key = shortcuts.label(chat, "answer")
        chat.tell(f"{chat.lane_name(lane)}{why} The loop waits: {key} goes on.", "warning")
        return
    checked([Sending(lane, there.lane(lane.id).tip)], [planned], chat, start)


def _held(chat: Chat, planned: Preview) -> str:
    """Why a round may not go by itself: a question that comes up while one types is answered by the next letter."""
    if blocking := [each.text for each in planned.cautions if each.blocking]:
        return " ".join(dict.fromkeys(blocking))
    question = next(permission.questions(chat, [planned.request]), None)
    return " ".join((question.title, *filter(None, question.lines))) if question is not None else ""


def checked(wanted: Sequence[Sending], plans: Sequence[Preview], chat: Chat, start: Start) -> None:
    blocking = {each.text: each for plan in plans for each in plan.cautions if each.blocking}
    if blocking:
        chat.tell("\n".join(blocking), "error")
        parts.point_at(chat, next(iter(blocking.values())).key)
        return
    permitted(chat, wanted, [plan.request for plan in plans], start)


def permitted(chat: Chat, wanted: Sequence[Sending], requests: Sequence[Request], start: Start) -> None:
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
    if not await permission.answered(chat, questions):
        return
    shared: Shared = ()
    if warming is not None:
        answer = await chat.app.push_screen_wait(warming.dialog())
        if answer not in {permission.WARM, permission.TOGETHER}:
            return
        shared = warming.shared if answer == permission.WARM else ()
    if not busy(chat, [each.lane for each in wanted]):
        start(shared)


def begin(chat: Chat, session: Session, wanted: Sequence[Lane], shared: Shared = ()) -> None:
    """Make a run for each lane, show it, and let it stream; of those that share a prefix the first goes before."""
    ready = enclosed.ready(chat, session, wanted)
    if ready is None:
        return
    session, requests = ready
    chat.document.change(session)  # the beginning shows it
    if chat.comparing:
        chat.lanes.focus()
    groups = {place: each.places for each in shared for place in each.places}
    begun: list[Live] = []
    for at, (each, request) in enumerate(zip(wanted, requests, strict=True)):
        lane = session.lane(each.id)
        before = [begun[place] for place in groups.get(at, ()) if place < at]
        begun.append(stream(chat, lane, lane.tip, request, before))


def stream(
    chat: Chat,
    lane: Lane,
    parent: str | None,
    request: Request,
    after: Sequence[Live] = (),
    *,
    like: RunRecord | None = None,
) -> Live:
    """Begin a run; `like` is the earlier one of which it is an exact repeat."""
    chosen = chat.desk.chosen
    made = Run(
        id=next_id("r", (*chat.session.runs, *(live.run for live in chat.lives))),
        lane=lane.id,
        parent=parent,
        endpoint=chosen.endpoint.name,
        params=request.params,
        model=request.params.model or "",
        started=chat.desk.now(),
        breakpoints=chat.session.marks(parent) if like is None else like.breakpoints,
        variables={} if like is None else like.variables,
    )
    live = Live(made, request, chosen.endpoint, chosen.key, chat.document, after)
    streaming.begin(chat, live)
    return live
