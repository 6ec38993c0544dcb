"""The dialogs that define a sweep: its axes and their values, its repeats, what it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import axis_text
from workbench.core.params import BY_KEY, FIELDS
from workbench.core.sweep import Axis, Sweep
from workbench.ui.chat import shortcuts
from workbench.ui.chat.axes import suggested
from workbench.ui.screens.choose import Choose, Item
from workbench.ui.sweep import defining
from workbench.ui.sweep.naming import head, subject

if TYPE_CHECKING:
    from workbench.core.kinds import Value
    from workbench.ui.chat.screen import Chat

VALUES: Final = "Values with commas between; nothing between two commas is not sent."


async def menu(chat: Chat, sweep: Sweep | None, choose: Callable[[str], None]) -> None:
    """What can be changed; `choose` is told which sweep is looked at afterwards."""
    found = await chat.app.push_screen_wait(
        Choose("sweep", _items(chat, sweep), keep_order=True, placeholder="an axis, a parameter, repeats")
    )
    if found is None:
        return
    kind, _, key = found.partition(":")
    sweep = defining.editable(chat.session, sweep, chat.lane)
    match kind:
        case "axis":
            await axis(chat, sweep, key)
        case "repeats":
            await repeats(chat, sweep)
        case "prompt":
            change(chat, replace(sweep, prompt=None, parent=None))
            chat.tell("The sweep asks what the chat would send now.")
        case "lane":
            change(chat, defining.of_lane(sweep, chat.session.lane(key)))
        case "new":
            sweep = defining.another(chat.session, sweep, chat.lane)
            change(chat, sweep)
        case _:
            sweep = defining.chosen(chat.session, key) or sweep
    choose(sweep.id)


def _items(chat: Chat, sweep: Sweep | None) -> list[Item]:
    axes = sweep.axes if sweep is not None else ()
    items = [
        Item(f"axis:{each.key}", each.label, " · ".join(map(each.shown, each.values)), "change", "this sweep")
        for each in axes
    ]
    if sweep is not None and axes:
        items.append(
            Item("repeats", f"repeats: {sweep.repeats}", "how often each cell is asked", "change", "this sweep")
        )
        if sweep.prompt is not None:
            items.append(Item("prompt", "ask the chat's prompt", f"now: {sweep.prompt}", "", "this sweep"))
        items += _lanes(chat, sweep)
    taken = {each.key for each in axes}
    items += [
        Item(f"axis:{row.key}", row.label, row.told, "add", "add an axis") for row in FIELDS if row.key not in taken
    ]
    if sweep is not None and axes:
        others = [each for each in chat.session.sweeps if each.id != sweep.id]
        items += [Item(f"sweep:{each.id}", each.id, " × ".join(subject(each)), "show", "sweeps") for each in others]
        items.append(Item("new", "another sweep", "this one stays in the session", "new", "sweeps"))
    return items


def _lanes(chat: Chat, sweep: Sweep) -> list[Item]:
    """The lanes that it could vary instead: its own may be closed by now."""
    of = defining.lane_of(chat.session, sweep, chat.lane)
    about = "its parameters, and what it would be asked"
    return [
        Item(f"lane:{lane.id}", f"vary lane {number}", lane.name or about, "change", "this sweep")
        for number, lane in enumerate(chat.session.lanes, 1)
        if lane is not of or sweep.lane not in {None, of.id}
    ]


async def axis(chat: Chat, sweep: Sweep, key: str) -> bool:
    """Ask for the values of one parameter; True when the sweep has them."""
    from workbench.ui.screens.ask import Ask

    known = next((each for each in sweep.axes if each.key == key), None)
    row = BY_KEY[key]
    if key == "model":
        models = await _models(chat, sweep, known)
        if models:
            change(chat, defining.with_axis(sweep, Axis(key, models)))
        return bool(models)
    versions = [each.id for each in chat.session.systems]
    help_ = f"{row.told} {VALUES}"
    if key == "system" and versions:
        help_ = f"Versions of the system prompt: {', '.join(versions)}; or texts in quotes. {VALUES}"
    lane = defining.lane_of(chat.session, sweep, chat.lane)
    initial = axis_text.written(known.values) if known is not None else suggested(chat, key, lane)
    typed = await chat.app.push_screen_wait(
        Ask(row.label, help=help_, initial=initial, check=partial(axis_text.mistake, key))
    )
    if typed is None:
        return False
    change(chat, defining.with_axis(sweep, axis_text.axis_of(key, typed)))
    return True


async def _models(chat: Chat, sweep: Sweep, known: Axis | None) -> tuple[Value | None, ...]:
    """Models marked one after the other, and what isn't sent where the axis had that; none where it was left."""
    now = chat.session.params_of(defining.lane_of(chat.session, sweep, chat.lane)).model
    unset = (None,) if known is not None and None in known.values else ()
    marked = [str(value) for value in known.values if value is not None] if known else [now] if now else []
    while True:
        found = await chat.app.push_screen_wait(
            Choose(
                "models · enter marks one, the first row takes them",
                _model_items(chat, marked),
                initial="",
                keep_order=True,
                allow_other=True,
            )
        )
        if found is None:
            return ()
        if found == "":
            return (*unset, *marked)
        for each in filter(None, (part.strip() for part in found.split(","))):
            marked = [name for name in marked if name != each] if each in marked else [*marked, each]


def _model_items(chat: Chat, marked: list[str]) -> list[Item]:
    short = ", ".join(each.removeprefix("claude-") for each in marked)
    done = Item("", f"use {short or '…'}", disabled="" if marked else "mark one first")
    listed = [model.id for model in chat.desk.catalogue.choices]
    names = [*listed, *(each for each in marked if each not in listed)]
    return [done, *(Item(name, f"{'◆' if name in marked else ' '} {name}") for name in names)]


async def repeats(chat: Chat, sweep: Sweep) -> None:
    from workbench.ui.screens.ask import Ask

    help_ = "How often each cell is asked: answers differ, and only repeats show by how much."
    typed = await chat.app.push_screen_wait(
        Ask("repeats", help=help_, initial=str(sweep.repeats), check=defining.repeats_mistake)
    )
    if typed is not None:
        change(chat, replace(sweep, repeats=int(typed.strip())))


async def remove(chat: Chat, sweep: Sweep) -> None:
    """Take an axis away: the only one, or the one that is chosen."""
    key: str | None = sweep.axes[0].key if len(sweep.axes) == 1 else None
    if key is None:
        items = [
            Item(each.key, each.label, " · ".join(head(each, value) for value in each.values)) for each in sweep.axes
        ]
        key = await chat.app.push_screen_wait(Choose("remove the axis of", items, keep_order=True))
    if key is not None:
        change(chat, defining.without_axis(sweep, key))
        undo = shortcuts.label(chat, "undo", at_prompt=False)
        chat.tell(f"The axis is removed; its answers are kept, and {undo} brings it back.")


def change(chat: Chat, sweep: Sweep) -> None:
    """A step that can be undone."""
    chat.change(defining.with_changed(chat.session, sweep))


async def sweep_it(chat: Chat, key: str) -> None:
    """An axis of this parameter, from its row in the panel; then the Sweep screen."""
    sweep = defining.editable(chat.session, defining.chosen(chat.session), chat.lane)
    if await axis(chat, sweep, key):
        await chat.do("sweep")
