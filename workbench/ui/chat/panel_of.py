"""What the panel of parameters is handed: the lane in focus, and what the next run will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core import gathered
from workbench.ui.chat import border, parts
from workbench.ui.chat.parameter_rows import Panel, Preview

if TYPE_CHECKING:
    from workbench.core.kinds import Json
    from workbench.ui.chat.screen import Chat


def panel(chat: Chat) -> Panel:
    tip, draft = parts.next_run(chat)
    held = border.held(chat)
    preview = _plan(chat, tip, draft) if not held and (tip is not None or draft) else None
    return Panel(
        session=chat.session,
        lane=chat.lane,
        params=chat.session.params_of(chat.lane),
        base=chat.base,
        presets=tuple(chat.presets),
        names=gathered.asked_names(chat.session, chat.lane, tip, draft),
        catalogue=chat.desk.models,
        version=chat.version,
        preview=preview,
        plans=tuple(border.plans(chat, preview)),
        held=held,
        whose=f"lane {chat.lane_number}" if chat.comparing and len(chat.session.lanes) > 1 else "",
        unfolded=chat.unfolded,
        scope=""
        if len(chat.session.lanes) == 1
        else "changing all lanes"
        if chat.for_all
        else f"changing lane {chat.lane_number}",
    )


def _plan(chat: Chat, tip: str | None, draft: str | Json | None) -> Preview:
    """What makes requests, and prices them, is loaded with the first."""
    from workbench.ui.chat import planning

    return planning.plan(chat, tip, draft)
