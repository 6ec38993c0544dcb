"""The prompt's lower border: what the next run will take, of all lanes in Compare."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from workbench.core import window
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.ui.chat import choosing, counting, enclosed, parts
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from workbench.core.session import Lane
    from workbench.ui.chat.parameter_rows import Preview
    from workbench.ui.chat.screen import Chat

CORNERS: Final = 6
"""Cells of the border that no words take."""
LEAST: Final = 16
"""Fewer cells of a sentence say nothing."""


def show(chat: Chat, made: Sequence[Preview]) -> None:
    """The words on the border; and what they say by estimate is counted, once nobody types."""
    chat.prompt.border_subtitle = Content.assemble(words(chat, made))
    if chat.desk.counts:
        counting.look(chat, made)


def plans(chat: Chat, preview: Preview | None) -> Sequence[Preview]:
    """What would be sent: one request, or that of each lane; `preview` is that of the one in focus."""
    if preview is None:
        return ()
    wanted: Sequence[Lane] = chat.session.lanes if chat.comparing else ()
    if chat.editing is not None:
        wanted = [lane for lane in choosing.lanes_on(chat, chat.editing) if lane in wanted]
    if len(wanted) < 2:
        return (preview,)
    from workbench.ui.chat import planning

    focused = chat.lane
    return [
        preview if lane is focused else planning.plan(chat, *parts.next_run(chat, lane), lane=lane) for lane in wanted
    ]


def held(chat: Chat) -> str:
    """Why the next run has no request yet: results are asked for before one is made; empty where it has."""
    if chat.editing is not None or enclosed.said(chat):
        return ""
    wanted = chat.session.lanes if chat.comparing else (chat.lane,)
    asked = [lane for lane in wanted if _stands_on_calls(chat, lane)]
    if not asked:
        return ""
    from workbench.core import tool_loop

    calls = tool_loop.named(tool_loop.pending(chat.session, asked[0].tip))
    who = f"lane {chat.session.lanes.index(asked[0]) + 1}: " if len(wanted) > 1 else ""
    return f"{who}the result of {calls} comes first"


def _stands_on_calls(chat: Chat, lane: Lane) -> bool:
    message = chat.session.by_id.get(lane.tip or "")
    if message is None or message.role != "assistant" or isinstance(message.content, str):
        return False
    from workbench.core import tool_loop

    return tool_loop.standing(chat.session, lane.tip) == "calls"


def words(chat: Chat, plans: Sequence[Preview]) -> Content:
    """`12 340 in · 187k left · $0.04–0.06` where it was counted, else `≈ 12 300 tok · up to ≈ $0.06`."""
    if not plans:
        return Content("")
    tokens = sum(plan.forecast.input_tokens for plan in plans)
    lows = [plan.forecast.low for plan in plans if plan.forecast.low is not None]
    highs = [plan.forecast.high for plan in plans if plan.forecast.high is not None]
    priced = len(highs) == len(plans)
    lanes = f"{len(plans)} lanes · " if len(plans) > 1 else ""
    if not all(plan.forecast.counted for plan in plans):
        most = f" · up to ≈ {money(sum(highs, Decimal(0)))}" if priced else ""
        return _cautioned(chat, plans, f"{lanes}≈ {grouped(tokens)} tok{most}")
    rooms = [window.left(plan.forecast, chat.desk.catalogue.recognise(plan.request.params.model)) for plan in plans]
    known = [room for room in rooms if room is not None]
    room = (
        "" if len(known) < len(plans) else " · doesn't fit" if min(known) < 0 else f" · {window.short(min(known))} left"
    )
    about = "≈ " if any(plan.forecast.rough for plan in plans) else ""
    price = f" · {about}{span(sum(lows, Decimal(0)), sum(highs, Decimal(0)))}" if priced else ""
    return _cautioned(chat, plans, f"{lanes}{grouped(tokens)} in{room}{price}")


def _cautioned(chat: Chat, plans: Sequence[Preview], rest: str) -> Content:
    """What is wrong goes first: how much, or in words where no panel shows them; and the key that says all of it."""
    wrong = [*dict.fromkeys(each.text for plan in plans for each in plan.cautions)]
    if not wrong:
        return Content(rest)
    first, more = one_line(wrong[0]), f" +{len(wrong) - 1}" if wrong[1:] else ""
    from workbench.ui.chat import shortcuts
    from workbench.ui.text.wrap import clip

    key = "".join(f" {each}" for each in shortcuts.labels(chat, "cautions")[:1])
    said = str(len(wrong))
    if "-narrow" in chat.classes or chat.comparing:
        room = chat.size.width - CORNERS - cell_len(f"! {more} · {rest}")
        if not more and cell_len(first) <= room:
            said, key = first, ""
        elif room - cell_len(key) >= LEAST:
            said = f"{clip(first, room - cell_len(key))}{more}"
    return Content.assemble((f"! {said}", "$warning"), (key, "$accent"), f" · {rest}")


def span(low: Decimal, high: Decimal) -> str:
    """`$0.04–0.06`."""
    return money(low) if low == high else f"{money(low)}–{money(high).removeprefix('$')}"
