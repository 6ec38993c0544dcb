"""A cost with what is known about it, and money as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final


class Basis(StrEnum):
    """How much is known about a cost."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """Some of it is not known: the answer was cut off, or a kind of token has no price."""
    ESTIMATE = "estimate"
    SIMULATED = "simulated"
    """Real list prices, but nobody pays them: the simulator answered."""
    UNKNOWN = "unknown"


MARKS: Final = {Basis.AT_LEAST: "≥", Basis.ESTIMATE: "≈"}


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars, or None where no price is known."""

    usd: Decimal | None = None
    basis: Basis = Basis.UNKNOWN
    partial: bool = False
    """Whether simulated money is a lower bound; of real money the basis says so."""

    def __str__(self) -> str:
        """`$0.0061`, `≥$0.0061`, `≈$0.0061`, `$0.0061 simulated`, `≥$0.0061 simulated`, `—`."""
        if self.usd is None:
            return "—"
        text = ("≥" if self.partial else MARKS.get(self.basis, "")) + money(self.usd)
        return f"{text} simulated" if self.basis is Basis.SIMULATED else text

    @property
    def text(self) -> str | None:
        """The exact amount as a plain decimal string, for records; None where it is unknown."""
        if self.usd is None:
            return None
        plain = format(self.usd, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain


def money(usd: Decimal) -> str:
    """Cents from a dollar up, four places below, and two significant figures of what is smaller still."""
    size = abs(usd)
    if size == 0:
        return "$0.00"
    places = 2 if size >= 1 else 4
    if size < Decimal("0.001"):
        places = min(1 - size.adjusted(), 9)
    rounded = size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if rounded == 0:
        return "<$0.000000001"
    return f"{'−' if usd < 0 else ''}${rounded:,f}"


def total(costs: Iterable[Cost]) -> Cost:
    """The sum, as sure as its least sure part; simulated money counts only where there is no other.

    A part that is unknown or cut off makes it a lower bound, whatever the others are.
    """
    every = tuple(costs)
    real = tuple(cost for cost in every if cost.basis is not Basis.SIMULATED) or every
    known = tuple(cost for cost in real if cost.usd is not None)
    if not known:
        return Cost(None, Basis.UNKNOWN) if every else Cost(Decimal(0), Basis.EXACT)
    bases = {cost.basis for cost in real}
    usd = sum((cost.usd for cost in known if cost.usd is not None), Decimal(0))
    unsure = len(known) < len(real) or Basis.AT_LEAST in bases or any(cost.partial for cost in real)
    if Basis.SIMULATED in bases:
        return Cost(usd, Basis.SIMULATED, partial=unsure)
    if unsure:
        return Cost(usd, Basis.AT_LEAST)
    return Cost(usd, Basis.ESTIMATE if Basis.ESTIMATE in bases else Basis.EXACT)
