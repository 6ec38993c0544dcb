"""From one screen to another: Chat, Compare, Sweep, Runs, Diff, the wire; one function a command, as in `chat`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui import diffing
from workbench.ui.board import Board, to_chat
from workbench.ui.chat import choosing, comparing

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.ui.chat.screen import Chat
    from workbench.ui.sweep.screen import SweepScreen


def chat(chat: Chat) -> None:
    """One conversation: the focused lane's."""
    to_chat(chat)
    comparing.leave(chat)
    chat.prompt.focus()


async def compare(chat: Chat) -> None:
    """The lanes side by side."""
    to_chat(chat)
    await comparing.enter(chat)


def sweep(chat: Chat) -> None:
    from workbench.ui.sweep.screen import SweepScreen

    _show(chat, SweepScreen(chat))


async def add_axis(chat: Chat, key: str) -> None:
    """An axis of this parameter, in Sweep."""
    from workbench.ui.sweep import axes

    await axes.sweep_it(chat, key)


async def take_theirs(chat: Chat) -> bool:
    """What another program wrote into the session's file, in place of what is open."""
    from workbench.ui.chat import foreign

    return await foreign.take_theirs(chat)


def runs(chat: Chat) -> None:
    from workbench.ui.runs.screen import RunsScreen

    _show(chat, RunsScreen(chat))


def batches(chat: Chat) -> None:
    from workbench.ui.batches.screen import BatchesScreen

    _show(chat, BatchesScreen(chat))


async def batch_it(chat: Chat) -> None:
    """The prompt to the lane, in Compare to all lanes, as a message batch."""
    from workbench.ui.batches import sending

    await sending.lanes_(chat)


async def batch_sweep(screen: SweepScreen) -> None:
    """What is missing of the sweep, as a message batch."""
    from workbench.ui.batches import sending

    await sending.sweep(screen)


def follow_batches(chat: Chat) -> None:
    """Go on asking about the batches that were on their way when the session was left."""
    from workbench.ui.batches.following import following

    following(chat).resume()


def _show(chat: Chat, board: Board) -> None:
    """This board over the chat, in place of another; the one that is up stays."""
    if isinstance(chat.front, type(board)):
        return
    to_chat(chat)
    chat.app.push_screen(board)


def wire(chat: Chat) -> None:
    """What went over the wire for the chosen answer."""
    from workbench.ui.wire.showing import open_wire

    record = chosen_record(chat)
    if record is None:
        chat.tell("Choose an answer: its wire is shown.")
    else:
        open_wire(chat, record)


def chosen_record(chat: Chat) -> RunRecord | None:
    """The run of the chosen answer; of a question that came to nothing, its last."""
    key = chat.view.current if not chat.comparing else ""
    if key.startswith("failed:"):
        return chat.session.run_by_id.get(key.partition(":")[2])
    message = choosing.chosen_message(chat)
    if message is None:
        return None
    if message.run is not None:
        return chat.session.run_by_id.get(message.run)
    return next((run for run in reversed(chat.session.runs) if run.parent == message.id), None)


def diff(chat: Chat) -> None:
    """This answer against another: the baseline, the lane before, or the earlier run of the turn."""
    sides = diffing.sides(chat)
    if sides is None:
        return
    from workbench.ui.diff.screen import DiffScreen

    chat.app.push_screen(DiffScreen(chat, *sides))
