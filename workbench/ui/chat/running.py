"""Send, send again, stop."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.core import conversation
from workbench.core.accepts import Caution
from workbench.core.cost import Basis, money, total
from workbench.core.run import Run
from workbench.core.session import Session, next_id
from workbench.ui.chat import choosing, drafting, parts, streaming
from workbench.ui.chat.live import Live

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def run(chat: Chat) -> None:
    """The draft as a new turn; an edited turn as a sibling; with an empty editor the last turn again."""
    if chat.lives:
        chat.tell("A run is going on; ^C stops it.", "warning")
        return
    session, lane, draft = chat.session, chat.lane, chat.draft
    if chat.editing is not None:
        await _run_edited(chat, chat.editing, draft)
        return
    if draft:
        if await _may_send(chat, lane.tip, draft):
            drafting.keep_prompt(chat, draft)
            said = session.say(lane, draft, parent=lane.tip)
            drafting.clear_draft(chat)
            await _start(chat, titled(said, draft))
        return
    tip = session.by_id.get(lane.tip) if lane.tip else None
    if tip is None:
        chat.tell("Nothing to send: the prompt is empty. Type one, then ^J.", "warning")
        chat.prompt.focus()
        return
    await again(chat, tip.id)


def titled(session: Session, prompt: str) -> Session:
    """A session without a title is called by how its first prompt begins."""
    if session.title or len(session.messages) > 1:
        return session
    return replace(session, title=textwrap.shorten(prompt, 48, placeholder="…"))


async def again(chat: Chat, message_id: str) -> None:
    """Send the conversation up to this turn of the user once more; an answer counts as its question."""
    if chat.lives:
        chat.tell("A run is going on; ^C stops it.", "warning")
        return
    message = chat.session.by_id[message_id]
    asked = message.parent if message.role == "assistant" else message.id
    if asked is None:
        chat.tell("This answer has no question that could be sent again.", "warning")
    elif await _may_send(chat, asked, None):
        await _start(chat, chat.session.with_lane(replace(chat.lane, tip=asked)))


async def rerun(chat: Chat) -> None:
    """The chosen turn again."""
    chosen = choosing.chosen_message(chat)
    if chosen is None:
        chat.tell("No turn to run again yet.", "warning")
    else:
        await again(chat, chosen.id)


async def _run_edited(chat: Chat, message_id: str, text: str) -> None:
    """An edited turn becomes a sibling: of the user's it is sent, of the model's it is only kept."""
    message = chat.session.by_id[message_id]
    lane = chat.lane
    if message.role == "assistant" and not text:
        chat.tell("The answer is empty: there is nothing to go on from. esc leaves it as it was.", "warning")
        return
    if message.role == "assistant":
        drafting.stop_editing(chat)
        chat.change(chat.session.say(lane, text, parent=message.parent, role="assistant"))
        chat.tell("The edited answer stands beside the original; the conversation goes on from it.")
        return
    if await _may_send(chat, message.parent, text):
        said = chat.session.say(lane, text, parent=message.parent)
        drafting.keep_prompt(chat, text)
        drafting.stop_editing(chat)
        await _start(chat, said)


async def _may_send(chat: Chat, tip: str | None, draft: str | None) -> bool:
    """Say what stands in the way; ask where the budget may be passed, or a key go to a new address."""
    found = drafting.check(chat, tip, draft)
    blocking = [each for each in found if each.blocking]
    if blocking:
        chat.tell("\n".join(each.text for each in blocking), "error")
        parts.point_at(chat, blocking[0].key)
        return False
    return await _within_budget(chat, tip, draft, found) and await chat.workbench.confirm_origin()


async def _within_budget(chat: Chat, tip: str | None, draft: str | None, found: tuple[Caution, ...]) -> bool:
    budget = chat.desk.config.budget_usd
    if budget is None or chat.desk.chosen.endpoint.simulated:
        return True
    paid = (run.cost for run in chat.session.runs)
    spent = total(cost for cost in paid if cost.basis is not Basis.SIMULATED).usd or Decimal(0)
    most = drafting.preview_of(chat, tip, draft, found).forecast.high
    if most is not None and spent + most <= budget:
        return True
    price = f"may cost up to {money(most)}" if most is not None else "has no known price"
    from workbench.ui.screens.confirm import Answer, Confirm

    lines = (f"{money(spent)} of {money(budget)} is spent, and this run {price}.",)
    answers = (Answer("send", "s", "Send it"), Answer("stay", "n", "Don't send"))
    return await chat.app.push_screen_wait(Confirm("Over the budget?", lines, answers, "stay")) == "send"


async def _start(chat: Chat, session: Session) -> None:
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
    chat.change(session)
    streaming.begin(chat, Live(made, request, chosen.endpoint, chosen.key, {}))


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
