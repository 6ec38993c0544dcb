"""What the status strip shows, as a value, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from textual.content import Content

from workbench.core.cost import Basis, Cost, money
from workbench.ui.fit import Part, fit, spread
from workbench.ui.gauge import gauge, share_style, short, sparkline

NAMES: Final = {"requests": "req", "input_tokens": "in", "output_tokens": "out", "tokens": "tok"}
SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit as the last response told it."""

    name: str
    used: int
    limit: int
    reset_s: float | None = None
    """Seconds until it is full again; None where it isn't known."""
    estimated: bool = False
    """Whether `used` was worked out since the last response."""

    @property
    def share(self) -> float:
        return self.used / self.limit if self.limit else 1.0


@dataclass(frozen=True, slots=True)
class Meters:
    """All that the status strip shows."""

    meters: tuple[Meter, ...] = ()
    reported: bool | None = None
    """False where the server sent no limits; None before the first answer."""
    unreported_by: str = ""
    """Who is known never to send any, in words."""
    rate: float | None = None
    """Output tokens a second, now."""
    rates: tuple[float, ...] = ()
    spin: int | None = None
    """The frame of the spinner, while something runs."""
    notice: str = ""
    """What is being waited for."""
    tone: str = "muted"
    last: Cost | None = None
    session: Cost | None = None
    budget: Decimal | None = None
    committed: Decimal = Decimal(0)
    """What counts against it, in USD: stopped answers by what came of them."""


def draw(state: Meters, width: int) -> Content:
    """The strip, at most `width` cells; below 100 only the scarcest limit stays."""
    gap = Content("  ")
    left = [*_limits(state, narrow=width < 100), *_activity(state)]
    right = _money(state)
    whole = fit([*left, *right], width - 1, gap)
    money = fit(right, width, gap)
    if whole.plain.endswith(money.plain):
        return spread(whole.truncate(whole.cell_length - money.cell_length).rstrip(), money, width)
    return whole


def _limits(state: Meters, *, narrow: bool) -> list[Part]:
    if state.reported is False:
        by = f" by {state.unreported_by}" if state.unreported_by else ""
        return [Part(Content.styled(f"limits not reported{by}", "$dim"), 20)]
    meters = sorted(state.meters, key=lambda meter: -meter.share)[:1] if narrow else state.meters
    scarcest = max((meter.share for meter in meters), default=0.0)
    return [Part(_meter(meter), 60 if meter.share == scarcest else 30) for meter in meters]


def _meter(meter: Meter) -> Content:
    style = share_style(meter.share)
    about = "≈" if meter.estimated else ""
    parts = [
        Content.styled(f"{NAMES.get(meter.name, meter.name.replace('_', ' '))} ", "$muted"),
        gauge(meter.share, 6, style),
        Content.assemble((f" {about}{short(meter.used)}", "bold $foreground"), (f"/{short(meter.limit)}", "$muted")),
    ]
    if meter.share >= 2 / 3 and meter.reset_s is not None and meter.reset_s > 0:
        parts.append(Content.styled(f" ↻{meter.reset_s:.0f}s", style))
    return Content("").join(parts)


def _activity(state: Meters) -> list[Part]:
    parts: list[Part] = []
    if state.notice:
        parts.append(Part(Content.styled(state.notice, f"${state.tone}"), 90))
    if state.spin is not None:
        spin = Content.styled(SPINNER[state.spin % len(SPINNER)], "$primary")
        rate = (
            Content.assemble((f" {state.rate:.0f}", "bold $foreground"), (" tok/s", "$muted"))
            if state.rate
            else Content("")
        )
        parts.append(Part(spin + rate, 80))
    if any(state.rates):
        parts.append(Part(sparkline(state.rates, 8, "$spark"), 10))
    return parts


def _money(state: Meters) -> list[Part]:
    simulated = {cost: cost.basis is Basis.SIMULATED for cost in (state.last, state.session) if cost is not None}
    alike = len(set(simulated.values())) == 1
    parts: list[Part] = []
    for cost, name, weight in ((state.last, "last", 50), (state.session, "session", 70)):
        if cost is not None:
            parts.append(Part(_cost(cost, name, made_up=simulated[cost] and not alike), weight))
    if alike and any(simulated.values()):
        parts.append(Part(Content.styled("simulated", "$warning"), 65))
    if state.budget is not None and state.budget > 0:
        share = float(state.committed / state.budget)
        label = Content.styled(f" {money(state.committed)}/{money(state.budget)}", "$muted")
        parts.append(Part(Content.styled("budget ", "$muted") + gauge(share, 6, share_style(share)) + label, 40))
    return parts


def _cost(cost: Cost, label: str, *, made_up: bool) -> Content:
    amount = str(cost).removesuffix(" simulated") if cost.usd is not None else "cost unknown"
    mark = " simulated" if made_up else ""
    return Content.assemble((amount, "bold $foreground"), (f" {label}", "$muted"), (mark, "$warning"))
