"""What can be done with the answers of a sweep: stop, diff, compare, copy, look at the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.params import ParamError
from workbench.ui.chat import drafting, shortcuts
from workbench.ui.sweep import marks
from workbench.ui.sweep.naming import cell_name

if TYPE_CHECKING:
    from workbench.ui.sweep.screen import SweepScreen


def stop(screen: SweepScreen) -> None:
    """Copy what is selected; else stop the sweep, or what else runs."""
    selected = screen.get_selected_text()
    sweeping = screen.chat.sweeping
    if selected:
        drafting.copy_text(screen.chat, selected)
    elif sweeping is not None and sweeping.active:
        sweeping.stop()
        screen.show()
    else:
        for live in screen.chat.lives:
            live.stop()
        if not screen.chat.lives:
            screen.tell("Nothing is running.")


def diff(screen: SweepScreen) -> None:
    """Two marked answers side by side; with one marked, it and the chosen one."""
    sweeping, chart = screen.sweeping, screen.chart
    if sweeping is None or chart is None:
        return
    spots = screen.marks.answers(sweeping.records)
    chosen = screen.pane.spot
    if len(spots) == 1 and chosen in sweeping.records and chosen not in spots and chosen is not None:
        spots.append(chosen)
    if len(spots) != 2:
        key = shortcuts.label(screen.chat, "fold", at_prompt=False)
        screen.tell(f"A diff takes two answers; {len(spots)} are marked. {key} marks a cell or a repeat.", "warning")
        return
    from workbench.ui.diff.screen import DiffScreen

    plan = chart.plan
    sides = [
        marks.side(number, cell_name(plan, plan.cells[spot.cell]), spot, sweeping.records[spot])
        for number, spot in enumerate(spots, 1)
    ]
    screen.app.push_screen(DiffScreen(screen.chat, *sides))


async def compare(screen: SweepScreen) -> None:
    """The marked cells' settings as lanes, in place of those that are there; u in Chat brings them back."""
    chat, chart = screen.chat, screen.chart
    if chart is None:
        return
    cells = [chart.plan.cells[at] for at in screen.marks.cells]
    if not cells:
        key = shortcuts.label(chat, "fold", at_prompt=False)
        screen.tell(f"Mark cells with {key}: each becomes a lane.", "warning")
        return
    if chat.lives:
        screen.tell(f"A run is going on; {shortcuts.label(chat, 'stop')} stops it. Then compare.", "warning")
        return
    base = next((lane for lane in chat.session.lanes if lane.id == chart.plan.lane), chat.lane)
    try:
        session = marks.as_lanes(chat.session, base, chart.plan, cells)
    except ParamError as error:
        screen.tell(str(error), "error")
        return
    lanes = tuple(replace(lane, tip=chart.plan.parent) for lane in session.lanes)
    chat.change(replace(session, lanes=lanes))
    if chart.plan.sweep.prompt and not chat.draft.strip():
        drafting.rewrite_draft(chat, chart.plan.sweep.prompt)
    await chat.do("compare")
    runs = shortcuts.label(chat, "run", at_prompt=False)
    screen.tell(f"{len(lanes)} lanes with the marked settings; {runs} asks them. u brings back the others.")


def copy(screen: SweepScreen) -> None:
    """The source text of the chosen answer."""
    record = screen.record
    if record is None:
        screen.tell("There is no answer here yet.")
    else:
        drafting.copy_text(screen.chat, record.text)


def wire(screen: SweepScreen) -> None:
    """What went over the wire for the chosen answer."""
    from workbench.ui.wire.showing import open_wire

    if screen.record is None:
        screen.tell("There is no answer here yet.")
    else:
        open_wire(screen.chat, screen.record)
