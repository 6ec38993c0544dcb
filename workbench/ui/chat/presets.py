"""Presets of the configuration: their values taken over, for all lanes or for the focused one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core import lanes
from workbench.core.params import BY_KEY, FIELDS, Params

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def take_preset(chat: Chat, name: str) -> None:
    """The preset's values on top of what is set, less what the one before gave; `base` is the configured defaults."""
    presets = chat.presets
    if name not in presets:
        return
    lane, session = chat.lane, chat.session
    if len(session.lanes) > 1 and not chat.for_all:
        for row, value in presets[name].items:
            lane = lanes.own(session, lane, row.key, row.on_wire(value) if row.wire is None else value)
        own = {row.key for row, _ in presets[name].items}
        for row in FIELDS if name == "base" else ():
            if row.key != "system" and row.key not in own:
                lane = lanes.own(session, lane, row.key, None)
        chat.change(session.with_lane(lane))
        return
    before = presets.get(session.preset or "", Params())
    given = (
        [row.key for row in FIELDS if row.key != "system"] if name == "base" else [row.key for row, _ in before.items]
    )
    keys = (*given, *(row.key for row, _ in presets[name].items))
    kept = tuple(
        replace(each, params=each.params.unset(*keys), unset=tuple(key for key in each.unset if key not in keys))
        for each in session.lanes
    )
    merged = session.params.merge(presets["base"].unset(*(BY_KEY.keys() - given)), given).merge(presets[name])
    chat.change(replace(session, params=merged, preset=None if name == "base" else name, lanes=kept))


def preset(chat: Chat, number: int) -> None:
    """The preset of that number in the panel."""
    names = list(chat.presets)
    if number <= len(names):
        take_preset(chat, names[number - 1])
    else:
        chat.tell(f"There is no preset {number}; [presets] in config.toml makes them.")
