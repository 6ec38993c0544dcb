"""Compare: lanes cloned, closed, moved, named and kept; the baseline; who scrolls with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from workbench.core import lanes
from workbench.ui.chat import choosing, placing, presets, shortcuts, tuning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

Mode: TypeAlias = Literal["auto", "grid", "list", "zoom"]
VIEWS: Final[Mapping[Mode, tuple[Mode, str]]] = {
    "auto": ("grid", "Side by side."),
    "grid": ("list", "One line a lane."),
    "list": ("auto", "As it fits."),
    "zoom": ("auto", "As it fits."),
}
"""What comes after a view, and how that is called."""


async def enter(chat: Chat) -> None:
    """Show the lanes side by side; the widget is made when it is first asked for."""
    from workbench.ui.lanes.lanes import Lanes

    if not chat.query(Lanes):
        await chat.query_one("#middle").mount(Lanes(id="lanes"))
        chat.lanes.palette = chat.view.palette
    chat.comparing = True
    chat.prompt.remove_class("-writing")
    chat.update_classes({"-zoomed": False, "-drawer": False, "-comparing": True})
    chat.show()
    for lane in chat.session.lanes:
        if placing.live_of(chat, lane) is None:
            chat.lanes.view(lane.id).top()
    if chat.draft or chat.lane.tip is not None:
        chat.lanes.focus()
    else:
        chat.to_prompt()


def leave(chat: Chat) -> None:
    """Back to the one conversation, of the lane in focus."""
    if chat.comparing:
        chat.comparing = False
        chat.prompt.remove_class("-writing")
        chat.remove_class("-comparing", "-drawer")
        chat.view.focus()
        chat.show()


def focus_lane(chat: Chat, lane_id: str) -> None:
    """To another lane: its parameters, its conversation."""
    chat.lane_id = lane_id
    chat.show()


async def add(chat: Chat) -> None:
    """A clone of the focused lane right behind it, and the focus on it; in the parameters a new variable."""
    if chat.panel.has_focus:
        await tuning.add_variable(chat)
        return
    session, made = lanes.clone(chat.session, chat.lane, [live.run.lane for live in chat.lives])
    chat.lane_id = made.id
    chat.change(session)
    await enter(chat)


def unset(chat: Chat) -> None:
    """Close the focused lane."""
    if not chat.comparing:
        chat.tell(f"That works in Compare and in the parameters; {shortcuts.label(chat, 'compare')} compares.")
        return
    if len(chat.session.lanes) == 1:
        chat.tell("This is the only lane: it stays.")
        return
    closed, number = chat.lane, chat.lane_number
    for live in [each for each in chat.lives if each.run.lane == closed.id]:
        live.stop()
    left = [lane for lane in chat.session.lanes if lane.id != closed.id]
    chat.lane_id = left[min(number - 1, len(left) - 1)].id
    chat.change(lanes.close(chat.session, closed))
    chat.tell(f"Lane {number} is closed; what it asked and got stays in the tree. u brings it back.")


def move_left(chat: Chat) -> None:
    _move(chat, -1)


def move_right(chat: Chat) -> None:
    _move(chat, 1)


def _move(chat: Chat, by: int) -> None:
    chat.lane_id = chat.lane.id
    chat.change(lanes.move(chat.session, chat.lane, by))


async def lane_name(chat: Chat) -> None:
    from workbench.ui.screens.ask import Ask

    lane = chat.lane
    answer = await chat.app.push_screen_wait(Ask(f"Name of lane {chat.lane_number}", initial=lane.name))
    if answer is not None:
        chat.change(chat.session.with_lane(replace(chat.session.lane(lane.id), name=answer.strip())))


def keep(chat: Chat) -> None:
    """The focused lane becomes the session's single lane, and Chat goes on with it."""
    if len(chat.session.lanes) == 1:
        chat.tell("There is only this lane.")
        return
    others = [live for live in chat.lives if live.run.lane != chat.lane.id]
    if others:
        chat.tell(f"Other lanes are still running; {shortcuts.label(chat, 'stop')} stops them.", "warning")
        return
    number = chat.lane_number
    chat.change(lanes.keep(chat.session, chat.lane))
    leave(chat)
    chat.tell(f"Lane {number} goes on alone; the others' answers stay in the tree. u brings the lanes back.")


def baseline(chat: Chat) -> None:
    """Diffs are against this one from now on; the same again takes that back."""
    if chat.comparing:
        key, name = chat.lane.id, f"Lane {chat.lane_number}"
    else:
        chosen = choosing.chosen_message(chat)
        if chosen is None:
            return
        key, name = chosen.id, "This answer" if chosen.role == "assistant" else "This turn"
    chat.baseline = None if chat.baseline == key else key
    chat.show()
    if chat.baseline is None:
        chat.tell("There is no baseline now.")
    else:
        chat.tell(f"{name} is the baseline: {shortcuts.label(chat, 'diff')} on another compares with it.")


async def view(chat: Chat) -> None:
    """Grid, list, and as it fits."""
    if not chat.comparing:
        await enter(chat)
        return
    chat.lanes.mode, words = VIEWS[chat.lanes.mode]
    chat.tell(words)


def zoom(chat: Chat) -> None:
    """The conversation or the focused lane gets all the room, and gives it back."""
    if chat.comparing:
        if chat.lanes.mode == "zoom":
            chat.lanes.mode = chat.unzoomed
        else:
            chat.unzoomed, chat.lanes.mode = chat.lanes.mode, "zoom"
        return
    chat.toggle_class("-zoomed")
    if chat.panel.has_focus:
        chat.view.focus()


def follow(chat: Chat) -> None:
    if not chat.comparing:
        chat.tell(f"That works in Compare; {shortcuts.label(chat, 'compare')} goes there.")
        return
    chat.lanes.follow_together = not chat.lanes.follow_together
    now = "scroll together, by paragraph" if chat.lanes.follow_together else "scroll each for itself"
    chat.tell(f"The lanes {now}.")


def scope(chat: Chat) -> None:
    """Parameters are changed for all lanes, or for the focused one."""
    chat.for_all = not chat.for_all
    chat.show_panel()
    chat.tell("Parameters are changed for all lanes." if chat.for_all else "Parameters are changed for this lane only.")


def pick(chat: Chat, number: int) -> None:
    """To the lane of that number; in the parameters, and while there is one lane, the preset of it."""
    if chat.panel.has_focus or len(chat.session.lanes) == 1:
        presets.preset(chat, number)
        return
    if number > len(chat.session.lanes):
        chat.tell(f"There is no lane {number}; {shortcuts.label(chat, 'add')} clones the one in focus.")
        return
    focus_lane(chat, chat.session.lanes[number - 1].id)


def peel(chat: Chat) -> None:
    """One layer of Compare: the lane that has all the room, then Compare itself."""
    if chat.lanes.mode == "zoom":
        chat.lanes.mode = chat.unzoomed
    else:
        leave(chat)
