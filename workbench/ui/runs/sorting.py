"""The order of the list, chosen or stepped through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.run_list import ORDERS

if TYPE_CHECKING:
    from workbench.ui.runs.screen import RunsScreen


async def choose(screen: RunsScreen) -> None:
    """Each order in its usual direction first, and the other way round."""
    from workbench.ui.screens.choose import Choose, Item

    items = [
        Item(f"{order.key}:{int(down)}", f"{order.label}, {order.ends[down]}")
        for order in ORDERS.values()
        for down in (order.down, not order.down)
    ]
    now = f"{screen.order}:{int(screen.down)}"
    chosen = await screen.app.push_screen_wait(Choose("Sort by", items, initial=now, keep_order=True))
    if chosen is not None:
        order, _, down = chosen.partition(":")
        screen.sort_by(order, down=down == "1")


def step(screen: RunsScreen, by: int) -> None:
    """The order before or behind this one, in its usual direction; while one run is large the run."""
    if screen.has_class("-zoomed"):
        screen.table.move(by)
        return
    keys = list(ORDERS)
    order = keys[(keys.index(screen.order) + by) % len(keys)]
    screen.sort_by(order, down=ORDERS[order].down)
