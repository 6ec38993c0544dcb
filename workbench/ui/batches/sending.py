"""Send as a batch: what it costs at half the price is said, and agreed to, before anything goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core import attached, batch_items, lanes
from workbench.core.batch import Batch, Status
from workbench.core.batch_items import Item, Price
from workbench.core.conversation import check
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.core.kinds import Json
from workbench.core.preflight import preflight
from workbench.core.session import Session
from workbench.engine import batch_manifest
from workbench.engine.files import StoreError
from workbench.ui.batches.following import following
from workbench.ui.chat import drafting, enclosed, filing, permission, results, running, shortcuts
from workbench.ui.sweep import defining, naming, twice
from workbench.ui.sweep.sweeping import pinned, standing

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.confirm import Confirm
    from workbench.ui.sweep.screen import SweepScreen

SEND: Final = "send"
SAID: Final = 5
"""Cautions that are shown; of more only how many."""
ASKS: Final = 60
"""Characters of the prompt that are shown."""
LATER: Final = "Answers come within 24 hours, usually within one; the program may be closed meanwhile."


async def sweep(screen: SweepScreen) -> None:
    """What is missing of the sweep on the screen."""
    chat = screen.chat
    if not await results.read(chat):
        screen.tell("What was answered so far can't be read, so nothing was sent.", "error")
        return
    screen.show()
    sweeping = screen.sweeping
    if sweeping is None:
        add = shortcuts.label(chat, "add", at_prompt=False)
        screen.tell(screen.problem or f"There is no sweep yet: {add} adds an axis.", "warning")
        return
    if sweeping.active:
        screen.tell("The sweep is being sent one by one; stop it first.", "warning")
        return
    spots = sweeping.sweeper.missing or sweeping.sweeper.failed
    again = () if sweeping.sweeper.missing else ("These failed before. Nothing else is missing.",)
    if not spots:
        screen.tell("Nothing is missing: every answer is there, or on its way.")
        return
    if not await permission.answered(chat, twice.questions(chat, sweeping)):
        return
    items = batch_items.of_sweep(sweeping.plan, spots, chat.desk.chosen.endpoint)
    endpoint, catalogue, today = chat.desk.chosen.endpoint, chat.desk.catalogue, chat.desk.now().date()
    cautions = preflight(sweeping.plan, spots, endpoint, catalogue, today=today).cautions
    name = " × ".join(naming.subject(sweeping.plan.sweep))
    if not await _agreed(chat, items, name, (*again, *(each.text for each in cautions))):
        return
    if screen.sweeping is not sweeping or chat.sweeping_now:
        screen.tell("The sweep is another one by now, so nothing was sent: try again.", "warning")
        return
    wanted = pinned(chat.document.drafted(chat.unsent), sweeping.plan.sweep, sweeping.plan)
    chat.record(defining.with_changed(chat.session, wanted))
    row = Batch("", chat.desk.chosen.endpoint.name, sweep=wanted.id)
    await _send(chat, items, row)
    if chat.sweeping is not None:
        chat.sweeping.outdated = True
    standing(chat, wanted)
    screen.show()


async def lanes_(chat: Chat) -> None:
    """The prompt of the chat, to its lane; in Compare to all lanes. Without a prompt the last question again."""
    wanted = [lane.id for lane in (chat.session.lanes if chat.comparing else (chat.lane,))]
    if chat.editing is not None:
        chat.tell("A turn is being edited: run it, or leave the edit first.", "warning")
        return
    draft = enclosed.said(chat)
    asked = _asked(chat.session, wanted, draft)
    if asked is None:
        chat.tell("Nothing to send: the prompt is empty. Type one, then esc and d.", "warning")
        return
    made = enclosed.ready(chat, asked, [asked.lane(each) for each in wanted])
    if made is None:
        return
    session, requests = made
    catalogue = chat.desk.catalogue
    tips = [session.lane(each).tip or "" for each in wanted]
    found = [
        caution
        for lane_id, tip, request in zip(wanted, tips, requests, strict=True)
        for caution in check(session, session.lane(lane_id), tip, None, catalogue=catalogue, request=request)
    ]
    if blocking := list(dict.fromkeys(each.text for each in found if each.blocking)):
        chat.tell(" ".join(blocking), "warning")
        return
    questions = [
        batch_items.Question(lane_id, tip, request, session.marks(tip))
        for lane_id, tip, request in zip(wanted, tips, requests, strict=True)
    ]
    endpoint = chat.desk.chosen.endpoint
    items = batch_items.of_lanes(questions, 1, endpoint)
    row = Batch("", endpoint.name, lanes=tuple(wanted))
    cautions = [*dict.fromkeys(each.text for each in found), *batch_items.one_round(items), *_again(chat, items)]
    asks = _asks({session.by_id[tip].text for tip in tips})
    if not await _agreed(chat, items, f"{row.subject}{asks}", cautions):
        return
    if draft:
        if draft != enclosed.said(chat):
            chat.tell("The prompt is another one by now, so nothing was sent: try again.", "warning")
            return
        drafting.keep_prompt(chat, attached.text_of(draft))
        drafting.clear_draft(chat)
        chat.change(running.titled(replace(session, attachments=()), enclosed.titled_by(draft)))
    await _send(chat, items, row)


def _again(chat: Chat, items: Sequence[Item]) -> list[str]:
    """That a batch on its way asks the same already."""
    if chat.document.path is None:
        return []
    try:
        told = batch_manifest.told_again(batch_manifest.asking(chat.document.path, chat.session.batches, items))
    except StoreError as error:
        told = str(error.problem)
    return [told] if told else []


def _asks(texts: Collection[str]) -> str:
    """` · asks “Name a colour.”`, as far as it is short; of lanes that stand elsewhere in the tree only that."""
    if len(texts) > 1:
        return " · each its last question"
    text = " ".join("".join(texts).split())
    return f" · asks “{text[:ASKS]}{'…' if len(text) > ASKS else ''}”" if text else ""


def _asked(session: Session, wanted: Sequence[str], draft: str | Json) -> Session | None:
    """The session with the draft said in these lanes, and each lane on its question; None where there is none."""
    if draft:
        return lanes.say_to(session, [session.lane(each) for each in wanted], draft)
    for lane_id in wanted:
        lane = session.lane(lane_id)
        tip = session.by_id.get(lane.tip or "")
        question = None if tip is None else tip.parent if tip.role == "assistant" else tip.id
        if question is None:
            return None
        session = session.with_lane(replace(lane, tip=question))
    return session


async def _agreed(chat: Chat, items: Sequence[Item], name: str, cautions: Sequence[str]) -> bool:
    """Whether everything was answered with yes: where the key goes, the price, the budget, the endpoint."""
    endpoint = chat.desk.chosen.endpoint
    if mistakes := batch_items.refused(items, endpoint):
        chat.tell(" ".join(mistakes), "warning")
        return False
    price = batch_items.price(items, endpoint, chat.desk.catalogue)
    if await chat.app.push_screen_wait(_dialog(chat, items, price, name, cautions)) != SEND:
        return False
    half = Decimal("0.5")
    return await permission.answered(chat, permission.questions(chat, [item.request for item in items], share=half))


def _dialog(chat: Chat, items: Sequence[Item], price: Price, name: str, cautions: Sequence[str]) -> Confirm:
    from workbench.ui.screens.confirm import Answer, Confirm

    endpoint = chat.desk.chosen.endpoint
    number = len(batch_items.parcels(items, endpoint))
    requests = f"{grouped(len(items))} request{'s'[: len(items) != 1]}"
    batches = f" in {number} batches" if number > 1 else ""
    lines = [
        name,
        f"{requests}{batches} · in ≈{grouped(price.input_tokens)} tok · {_half(price, simulated=endpoint.simulated)}",
        LATER,
    ]
    lines += [f"! {each}" for each in cautions[:SAID]]
    if len(cautions) > SAID:
        lines.append(f"! and {len(cautions) - SAID} more")
    if endpoint.simulated:
        lines.append("The bundled simulator forgets its batches when the program ends.")
    answers = (Answer(SEND, "s", f"Send {grouped(len(items))}"), Answer("stay", "n", "Don't send"))
    return Confirm("Send as a batch?", lines, answers, SEND)


def _half(price: Price, *, simulated: bool) -> str:
    """`≈$0.10–$0.42 simulated, half of $0.20–$0.84`."""
    if price.low is None or price.high is None:
        return f"half of a price that is unknown for {', '.join(price.unpriced)}"

    def span(factor: int) -> str:
        low, high = (each * factor for each in (price.low, price.high) if each is not None)
        return money(low) if low == high else f"{money(low)}–{money(high)}"

    return f"≈{span(1)}{' simulated' if simulated else ''}, half of {span(2)}"


async def _send(chat: Chat, items: Sequence[Item], row: Batch) -> None:
    """Save the session, and let them go; its manifests are called by its file, which gets its name before."""
    await chat.keeping.note(chat.document)
    if not await filing.write(chat, chat.document, quietly=True):
        why = "it is read-only; save it elsewhere first" if chat.document.read_only else "see the note"
        chat.tell(f"The session could not be saved, so nothing was sent: {why}.", "error")
        return
    looks = following(chat)
    try:
        sent = await looks.submit(items, row)
    except StoreError as error:
        chat.tell(f"Nothing more was sent: {error.problem}", "error")
        return
    for batch in sent:
        if batch.status is Status.LOST:
            await looks.forget(batch)
            chat.tell(f"The batch was not taken: {batch.problem}", "error")
        elif batch.status is Status.INTENDED:
            chat.tell(f"{batch.id}: {batch.problem}", "warning")
        else:
            shows = shortcuts.label(chat, "batches")
            are = "request is" if batch.requests == 1 else "requests are"
            chat.tell(f"{batch.id}: {grouped(batch.requests)} {are} with {batch.endpoint}. {shows} shows how far.")
    chat.show()
    chat.show()
