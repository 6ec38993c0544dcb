"""Runs on the Chat screen: begun, drawn while they stream, folded into the session when they end."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from workbench.core import tool_loop
from workbench.core.retry import Wait
from workbench.core.run import Run
from workbench.ui.chat import entries as turns
from workbench.ui.chat import feeding, handlers, placing
from workbench.ui.chat.live import Live
from workbench.ui.chat.meters_of import STRIP_EVERY

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def begin(chat: Chat, live: Live) -> None:
    """Show a run and let it stream."""
    if not chat.lives:
        chat.speed.restart()
        chat.streamed = 0
    chat.lives = [*chat.lives, live]
    chat.last = chat.lasts[live.run.lane] = live
    live.started = chat.workbench.runner.clock()
    chat.show()
    chat.frames.resume()
    chat.run_worker(_stream(chat, live), group="runs")
    chat.keeping.wake()
    draw_new(chat)


async def _stream(chat: Chat, live: Live) -> None:
    try:
        await live.stream(chat.workbench.runner, partial(may_wait, chat))
    finally:
        fold(chat, live)
    if chat.is_attached:  # else the program has ended, and what it does last is to keep what came
        await chat.keeping.ended(live.document)


def fold(chat: Chat, live: Live) -> None:
    """Fold the run into the session, whatever became of it; once."""
    if live not in chat.lives:
        return
    live.begun.set()
    record, answer = live.ended(chat.desk.catalogue)
    chat.lives = [each for each in chat.lives if each is not live]
    chat.streamed += live.run.output_tokens_so_far
    live.document.record(live.document.session.finish(record, answer))
    chat.wires.keep(record.id, live.wire)
    chat.rates[record.id] = tuple(live.speed.history)
    if not chat.is_attached or live.document is not chat.document:
        return
    if not chat.lives and not chat.sweeping_now:
        chat.frames.pause()
    view = live.view
    feeding.feed(chat, live)
    live.view = None
    if view is not None:
        lane = chat.lane_of(live)
        entries = turns.of_lane(chat, lane) if lane is not None else ()
        shown = chat.session.by_id.get(entries[-1].key) if entries else None
        view.close_live(entries[-1] if shown is not None and shown.run == record.id else None)
    chat.show()
    if tool_loop.is_open(record):
        handlers.of("answering", "ended")(chat, live, record)
    if record.problem is not None and answer:
        chat.tell(f"{chat.lane_name_of(live)}{record.problem}", "warning")


async def may_wait(chat: Chat, run: Run, wait: Wait) -> bool:
    """Ask whether to wait longer than a minute for the next try."""
    from workbench.ui.screens.confirm import Answer, Confirm

    title = run.problem.title if run.problem else "The server asks to wait"
    lines = (f"The server asks to wait {wait.seconds:.0f} s before the next try.",)
    answers = (Answer("wait", "w", "Wait"), Answer("stop", "n", "Give up"))
    asked: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def take(found: str | None) -> None:
        if not asked.done():
            asked.set_result(found)

    chat.app.push_screen(Confirm(title, lines, answers, "stop"), take)
    return await asked == "wait"


def draw_new(chat: Chat) -> None:
    """One frame: draw what has come since the last, of every run, on the screen that is up.

    The strip takes its turn every third time: to draw it with the answer, Textual draws all that lies between.
    """
    chat.frame += 1
    feeding.count(chat)
    front = chat.front
    if front is not chat:
        front.draw_frame()
    else:
        for live in chat.lives:
            feeding.feed(chat, live)
        if chat.comparing:
            chat.lanes.draw_new()
        else:
            chat.view.draw_new()
    if chat.frame % STRIP_EVERY == 0:
        front.show_status()
        if chat.comparing and front is chat:
            placing.show_lanes(chat)
