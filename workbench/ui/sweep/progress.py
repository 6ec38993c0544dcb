"""How far a sweep is, in words: what is done, who waits for what, what it costs, how long it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core.cost import Basis, Cost, money
from workbench.core.figures import grouped
from workbench.core.state import Phase
from workbench.ui.chat import meters_of, shortcuts
from workbench.ui.meters import Meters
from workbench.ui.sweep import naming
from workbench.ui.sweep.head import Head, Progress

if TYPE_CHECKING:
    from workbench.core.heat import Scale
    from workbench.core.metrics import Metric
    from workbench.core.run import Run
    from workbench.core.sweep_plan import Plan
    from workbench.ui.chat.screen import Chat
    from workbench.ui.sweep.sweeping import Sweeping

MINUTE: Final = 60
"""Seconds, and minutes."""


def head(chat: Chat, sweeping: Sweeping, metric: Metric, scale: Scale | None) -> Head:
    """The three lines above the map."""
    run, pause, retry = (shortcuts.label(chat, name, at_prompt=False) for name in ("run", "pause", "rerun"))
    plan = sweeping.plan
    return Head(
        naming.subject(plan.sweep),
        (*_lane(chat, plan), *plan.held),
        asked(plan),
        progress(sweeping, run=run, pause=pause, retry=retry, batches=shortcuts.label(chat, "batches")),
        metric.key,
        metric.shown(scale.low) if scale is not None else "",
        metric.shown(scale.high) if scale is not None else "",
    )


def _lane(chat: Chat, plan: Plan) -> tuple[str, ...]:
    """Which lane is varied, where there are several."""
    ids = [lane.id for lane in chat.session.lanes]
    return (f"lane {ids.index(plan.lane) + 1}",) if len(ids) > 1 and plan.lane in ids else ()


def asked(plan: Plan) -> str:
    """What every cell asks: the last turn of the user, as it is sent."""
    turns = plan.cells[0].request.turns if plan.cells else ()
    content = next((turn.content for turn in reversed(turns) if turn.role == "user"), "")
    return content if isinstance(content, str) else "a turn of several blocks"


def meters(strip: Meters, sweeping: Sweeping) -> Meters:
    """The status strip with the limits that the newest answer told of, and a sign that something runs."""
    told = (run.limits for run in reversed(list(sweeping.live.values())) if run.limits is not None)
    kept = sweeping.document.results
    limits = next(told, kept[-1].limits if kept else None)
    if limits is not None:
        strip = replace(strip, meters=meters_of.meters(limits, 0.0, 0), reported=None)
    return replace(strip, spin=sweeping.sweeper.changed) if sweeping.live else strip


def progress(sweeping: Sweeping, *, run: str, pause: str, retry: str, batches: str) -> Progress:
    """The second line; `run`, `pause` and `retry` are the keys that do so, `batches` the one that shows those."""
    sweeper = sweeping.sweeper
    every = sweeping.plan.order
    missing, failed = len(sweeper.missing), len(sweeper.failed)
    done = len(sweeping.records)
    said, tone = _said(sweeping, missing, failed, run=run, pause=pause, retry=retry)
    if (elsewhere := len(sweeping.besides - sweeping.records.keys())) and sweeper.state != "running":
        where = f"{grouped(elsewhere)} in a batch · {batches} shows how far"
        said, tone = (f"{said} · {where}", tone) if missing or sweeper.problem else (where, "primary")
    left = sweeping.seconds_left
    return Progress(
        done=done,
        total=len(every),
        failed=failed,
        live=len(sweeping.going),
        waiting=waiting(sweeping.live.values(), sweeping.clock()),
        spent=spent(sweeping.spent, done, len(every)),
        left=f"≈{duration(left)} left" if left is not None and sweeper.state == "running" else "",
        said=said,
        tone=tone,
    )


def _said(sweeping: Sweeping, missing: int, failed: int, *, run: str, pause: str, retry: str) -> tuple[str, str]:
    sweeper = sweeping.sweeper
    if sweeper.problem is not None:
        return f"stopped by itself: {sweeper.problem}", "error"
    if sweeper.state == "running":
        return "", "muted"
    if sweeper.state == "paused":
        return f"paused · {pause} goes on", "warning"
    if missing:
        begun = "goes on" if sweeping.records else "begins"
        verb = f"{run} {begun}: {grouped(missing)} {'request' if missing == 1 else 'requests'}"
        return (f"stopped · {verb}" if sweeper.state == "stopped" else verb), "accent"
    return (f"done · {retry} tries what failed again", "warning") if failed else ("done", "success")


def waiting(runs: Iterable[Run], now: float) -> tuple[str, ...]:
    """`2 waiting on output tokens ↻12s`, for each thing that is waited for; `now` in monotonic seconds."""
    groups: dict[str, list[float | None]] = {}
    for run in runs:
        queued = run.queued
        if run.phase is Phase.RETRYING and run.waiting is not None:
            status = run.waiting.problem.status
            groups.setdefault(str(status or run.waiting.problem.title), []).append(run.waiting.until)
        elif queued is not None and run.phase is Phase.QUEUED:
            groups.setdefault(queued.reason, []).append(queued.until)
    return tuple(_waiting(reason, until, now) for reason, until in groups.items())


def _waiting(reason: str, untils: list[float | None], now: float) -> str:
    known = [until for until in untils if until is not None]
    clock = f" ↻{max(math.ceil(min(known) - now), 0)}s" if known else ""
    on = f" on {reason}" if reason else " their turn" if len(untils) > 1 else " its turn"
    return f"{len(untils)} waiting{on if reason else ' for' + on}{clock}"


def spent(cost: Cost | None, done: int, every: int) -> str:
    """`$0.61 of ≈$0.68`: what is left is taken to cost as much as what is done."""
    if cost is None:
        return ""
    if cost.usd is None:
        return "cost unknown"
    mark = " simulated" if cost.basis is Basis.SIMULATED else ""
    now = str(cost).removesuffix(" simulated")
    if done >= every or not done or not cost.usd:
        return now + mark
    return f"{now} of ≈{money(cost.usd * Decimal(every) / Decimal(done))}{mark}"


def duration(seconds: float) -> str:
    """`42s`, `1m12s`, `3h05m`."""
    whole = math.ceil(seconds)
    if whole < MINUTE:
        return f"{whole}s"
    minutes, rest = divmod(whole, MINUTE)
    return f"{minutes}m{rest:02}s" if minutes < MINUTE else f"{minutes // MINUTE}h{minutes % MINUTE:02}m"
