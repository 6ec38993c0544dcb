"""Move among turns and their runs, edit, branch, copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core import template, tool_loop
from workbench.core.params import Params, from_mapping
from workbench.core.session import Lane, Session
from workbench.ui.chat import choosing, drafting, handlers, shortcuts, steps, tuning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def less(chat: Chat) -> None:
    _step_run(chat, -1)


def more(chat: Chat) -> None:
    _step_run(chat, 1)


def _step_run(chat: Chat, by: int) -> None:
    """To the run before or after of the chosen turn, and on to the newest end of its conversation."""
    chosen = choosing.chosen_message(chat)
    if chosen is None:
        return
    siblings = chat.session.siblings(chosen.id)
    at = siblings.index(chosen) + by
    here = (live.run for live in chat.lives if live.run.lane == chat.lane.id)
    coming = next((run for run in here if run.parent == chosen.parent), None)
    if chat.view.current.partition(":")[0] in {"live", "failed"}:
        siblings = tuple(each for each in chat.session.children.get(chosen.id, []) if each.role == "assistant")
        at = len(siblings) + min(by, 0)
    elif at == len(siblings) and coming is not None and chosen.role == "assistant":
        chat.record(chat.session.with_lane(replace(chat.lane, tip=coming.parent)))
        chat.view.bottom()
        return
    if not 0 <= at < len(siblings):
        chat.tell("This is the only one." if len(siblings) <= 1 else "There is no further one.")
        return
    there = siblings[at]
    chat.record(chat.session.with_lane(replace(chat.lane, tip=chat.session.leaf(there.id))))
    chat.view.go_to(there.id)


def edit(chat: Chat) -> None:
    """Put the chosen turn into the editor, in Compare the question; esc brings the draft back."""
    chosen = choosing.edited_message(chat)
    chat.to_prompt()
    if chosen is not None:
        drafting.start_editing(chat, chosen)


def enter(chat: Chat) -> None:
    """Edit the chosen turn; where its tool calls wait for results, give those."""
    chosen = choosing.chosen_message(chat)
    if chosen is not None and chosen.id == chat.lane.tip and tool_loop.pending(chat.session, chosen.id):
        handlers.find_handler("answer")(chat)
    else:
        edit(chat)


def branch(chat: Chat) -> None:
    """Go on from the chosen turn: what followed stays, and the next prompt begins a sibling of it."""
    chosen = choosing.chosen_message(chat)
    if chosen is None:
        return
    tip = chosen.parent if chosen.role == "user" else chosen.id
    if tip == chat.lane.tip:
        chat.tell("The next prompt goes on from here anyway.")
    else:
        chat.change(chat.session.with_lane(replace(chat.lane, tip=tip)))
        chat.tell(f"The next prompt goes on from here; {shortcuts.label(chat, 'undo')} takes it back.")
    chat.to_prompt()


def parameters(chat: Chat) -> None:
    """Take over the parameters and the system prompt that made the chosen answer; in Compare show the lane's."""
    if chat.comparing:
        tuning.tune(chat)
        return
    chosen = choosing.chosen_message(chat)
    record = chat.session.run_by_id.get(chosen.run or "") if chosen is not None else None
    if record is None:
        chat.tell("Choose an answer: its parameters are taken over.")
        return
    params, _, _ = from_mapping(record.params)
    lane = replace(chat.lane, params=Params(), unset=(), system=None)
    session = replace(chat.session, params=params.unset("system"), preset=None).with_lane(lane)
    if params.system:
        session = session.with_system(lane, _template_of(chat.session, chat.lane, params.system))
    chat.change(session)
    chat.tell("The parameters and the system prompt of that answer are taken over.")


def _template_of(session: Session, lane: Lane, sent: str) -> str:
    """The version of the system prompt that would be sent as this text, the lane's own first; else the text itself."""
    texts = [session.params_of(lane).system or "", *(system.text for system in session.systems)]
    found = next((text for text in texts if template.render(text, session.bindings) == sent), None)
    return found if found is not None else template.SLOT.sub(r"\1\\{{\2}}", sent)


def undo(chat: Chat) -> None:
    if chat.lives:
        chat.tell("A run is going on; ^C stops it, then u undoes.", "warning")
        return
    now = chat.session
    if chat.document.undo():
        chat.show()
        chat.tell(f"undo: {steps.step(chat.session, now)}")
    else:
        chat.tell("Nothing to undo.")


def redo(chat: Chat) -> None:
    before = chat.session
    if not chat.lives and chat.document.redo():
        chat.show()
        chat.tell(f"redo: {steps.step(before, chat.session)}")
    else:
        chat.tell("Nothing to redo.")


def copy(chat: Chat) -> None:
    """The source text of the chosen turn, or of the answer that is still coming."""
    _copy(chat, exact=False)


def copy_exact(chat: Chat) -> None:
    """The same with its control characters, which a shell that it is pasted into would obey."""
    _copy(chat, exact=True)


def _copy(chat: Chat, *, exact: bool) -> None:
    text = choosing.chosen_text(chat)
    if not text:
        chat.tell("There is nothing to copy here.")
    else:
        drafting.copy_text(chat, text, exact=exact)


async def links(chat: Chat) -> None:
    """The links of the chosen turn: one is chosen, shown whole, and opened if that is confirmed."""
    from workbench.ui import links as opening

    await opening.follow(chat.workbench, choosing.chosen_text(chat))


def raw(chat: Chat) -> None:
    chat.view.raw = not chat.view.raw
    if chat.comparing:
        for lane in chat.session.lanes:
            chat.lanes.view(lane.id).raw = chat.view.raw


def fold(chat: Chat) -> None:
    if not chat.reading.fold():
        chat.tell("There is nothing to fold in this turn.")


def find_next(chat: Chat) -> None:
    _find_step(chat, 1)


def find_previous(chat: Chat) -> None:
    _find_step(chat, -1)


def _find_step(chat: Chat, by: int) -> None:
    if chat.finding is not None and chat.finding.display:
        chat.finding.step(by)
    else:
        chat.tell("^F finds text; then n and N go through the matches.")


def prompt(chat: Chat) -> None:
    chat.to_prompt()
