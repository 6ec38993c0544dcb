"""Everything on the screen that can be jumped to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.widgets.attachments import Attachments
from workbench.ui.widgets.chips import Chips
from workbench.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.jump import Target


def targets(chat: Chat) -> list[Target]:
    """Turns and what folds in them, or lanes; rows of the panel or the chips for them, the prompt, the screens."""
    from workbench.ui.screens.jump import Target

    if chat.comparing:
        found = [Target(f"lane:{key}", spot.x, spot.y) for key, spot in chat.lanes.targets()]
    else:
        found = [Target(f"message:{key}", spot.x, spot.y) for key, spot in chat.view.targets()]
        found += [Target(f"fold:{key}", spot.x, spot.y) for key, spot in chat.view.folds()]
    pane, chips = chat.panel, chat.query_one(Chips)
    if pane.display and pane.region.width:
        for row in pane.ids:
            line = pane.spot(row)
            if line is not None:
                found.append(Target(row, pane.content_region.x, pane.content_region.y + line))
    elif chips.display and chips.region.width:
        left, top = chips.content_region.offset
        found += [Target(key, left + x, top) for key, x in chips.spots()]
    if (waiting := chat.query_one("#attached", Attachments)).region.area:
        found += [Target(f"attached:{key}", spot.x, spot.y) for key, spot in waiting.jumps()]
    if chat.prompt.region:
        found.append(Target("prompt", chat.prompt.region.x + 2, chat.prompt.region.y))
    found += [Target(f"tab:{command}", spot.x, spot.y) for command, spot in chat.query_one("#top", TopBar).jumps()]
    return found
