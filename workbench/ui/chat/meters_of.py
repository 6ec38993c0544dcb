"""The status strip's values, from the run that last answered and the records of the session."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core.state import Phase
from workbench.ui.meters import NAMES, Meter, Meters

if TYPE_CHECKING:
    from workbench.core.cost import Cost
    from workbench.core.limits import Limits
    from workbench.core.run import Run

STRIP_EVERY: Final = 3
"""Frames of the answer for one of the status strip."""
STALL_S = 10.0
"""Seconds without a byte before the screen says so."""


class Speed:
    """Output tokens a second, from the counts of the last seconds."""

    def __init__(self) -> None:
        self.samples: deque[tuple[float, int]] = deque(maxlen=30)
        self.history: deque[float] = deque(maxlen=8)

    def restart(self) -> None:
        self.samples.clear()
        self.history.clear()

    def add(self, now: float, tokens: int) -> None:
        """`now` in monotonic seconds; a sample at most every tenth of one."""
        if self.samples and now - self.samples[-1][0] < 0.1:
            return
        # An estimate that the server's own count corrects downwards is no speed below nothing.
        self.samples.append((now, max(tokens, self.samples[-1][1] if self.samples else 0)))
        if self.rate is not None and len(self.samples) % 5 == 0:
            self.history.append(self.rate)

    @property
    def rate(self) -> float | None:
        recent = [sample for sample in self.samples if sample[0] >= self.samples[-1][0] - 2.0] if self.samples else []
        if len(recent) < 2 or recent[-1][0] - recent[0][0] <= 0:
            return None
        return (recent[-1][1] - recent[0][1]) / (recent[-1][0] - recent[0][0])


def meters(limits: Limits | None, elapsed: float, spent: int) -> tuple[Meter, ...]:
    """The limits that people watch, `elapsed` seconds after a response told them.

    Buckets refill evenly, a whole limit a minute (claude-api §5), and the answer that followed took `spent` output
    tokens: from the second second on, what is shown is worked out from that.
    """
    found: list[Meter] = []
    shown = [name for name in NAMES if limits and name in limits]
    if "input_tokens" in shown or "output_tokens" in shown:
        shown = [name for name in shown if name != "tokens"]
    for name in shown:
        assert limits is not None
        limit = limits[name]
        if limit.limit is None or limit.remaining is None:
            continue
        told = max(limit.limit - limit.remaining, 0)
        since = told + (spent if name == "output_tokens" else 0) - limit.limit * elapsed / 60
        used = told if elapsed < 1 and not spent else max(round(since), 0)
        reset = limits.seconds_until_reset(name, elapsed)
        found.append(Meter(name, used, limit.limit, reset, estimated=used != told))
    return tuple(found)


def status(
    *,
    run: Run | None,
    limits: Limits | None,
    elapsed: float,
    made: int,
    asked: bool,
    now: float,
    frame: int,
    speed: Speed,
    live: bool,
    last: Cost | None,
    spent: Cost | None,
    budget: Decimal | None,
    committed: Decimal,
    unreported_by: str = "",
) -> Meters:
    """Everything the strip shows. `elapsed`: seconds since the limits came; `made`: output tokens since.

    `now` is in monotonic seconds; `live` says that something streams, whether or not it is `run`; `unreported_by` is
    who never sends limits.
    """
    going = run is not None and run.phase is not Phase.ENDED
    notice, tone = waiting_for(run, now) if run is not None and going else ("", "muted")
    return Meters(
        meters=meters(limits, elapsed, made),
        reported=None if limits is not None or not asked else False,
        unreported_by=unreported_by,
        rate=speed.rate if live else None,
        rates=tuple(speed.history),
        spin=frame if live else None,
        notice=notice,
        tone=tone,
        last=last,
        session=spent,
        budget=budget,
        committed=committed,
    )


def silence(run: Run, now: float) -> str:
    """`no data for 12s`, once that is long; `now` in monotonic seconds."""
    silent = now - run.last_byte if run.last_byte is not None else 0.0
    return f"no data for {silent:.0f}s" if silent >= STALL_S else ""


def waiting_for(run: Run, now: float) -> tuple[str, str]:
    """What a run waits for, in words, and their tone; empty while it streams."""
    match run.phase:
        case Phase.QUEUED if run.queued is not None:
            return f"{run.queued.text(now)} · ^C stops", "warning" if run.queued.reason else "muted"
        case Phase.QUEUED | Phase.CONNECTING:
            return "connecting", "muted"
        case Phase.WAITING | Phase.STREAMING if silent := silence(run, now):
            return f"{silent} · ^C stops", "warning"
        case Phase.WAITING:
            return "waiting for the first token", "muted"
        case Phase.RETRYING if run.waiting is not None:
            left = max(run.waiting.until - now, 0)
            return f"{run.waiting.problem.title}: again in {math.ceil(left)}s · ^C stops", "warning"
        case Phase.ASKING:
            return "asking whether to wait", "warning"
        case _:
            return "", "muted"
