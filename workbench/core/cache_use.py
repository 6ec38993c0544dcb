"""What caching did to a run, and to many: tokens read, written and neither, and the money it saved or cost extra."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import is_
from typing import TYPE_CHECKING, Any

from workbench.core.cloud_names import of_a_region
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.core.usage import MILLION, US_FACTOR, Tokens, bill, prices_of

if TYPE_CHECKING:
    from workbench.core.model import Model
    from workbench.core.models import Catalogue
    from workbench.core.record import RunRecord


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Prompt tokens by what the cache did with them."""

    read: int = 0
    write_5m: int = 0
    write_1h: int = 0
    uncached: int = 0
    saved: Decimal | None = Decimal(0)
    """USD less than the same prompts without a cache, negative where more; None where a price is unknown."""

    @property
    def written(self) -> int:
        return self.write_5m + self.write_1h

    @property
    def used(self) -> bool:
        """Whether a cache had any part in it."""
        return bool(self.read or self.written)

    @property
    def share(self) -> int:
        """Percent of the prompt that was read."""
        whole = self.read + self.written + self.uncached
        return self.read * 100 // whole if whole else 0

    def plus(self, other: CacheUse) -> CacheUse:
        saved = None if self.saved is None or other.saved is None else self.saved + other.saved
        return CacheUse(
            self.read + other.read,
            self.write_5m + other.write_5m,
            self.write_1h + other.write_1h,
            self.uncached + other.uncached,
            saved,
        )

    @property
    def tokens(self) -> str:
        """`3 000 read · 1 000 written (1h 500) · 120 new`."""
        hour = f" ({grouped(self.write_1h)} for 1h)" if self.write_1h else ""
        return f"{grouped(self.read)} read · {grouped(self.written)} written{hour} · {grouped(self.uncached)} new"

    @property
    def money(self) -> str:
        """`saved $0.0081` or `$0.0012 extra`; empty where it isn't known."""
        if self.saved is None:
            return ""
        return f"saved {money(self.saved)}" if self.saved >= 0 else f"{money(-self.saved)} extra"


def of_record(record: RunRecord, catalogue: Catalogue) -> CacheUse:
    """Of one run, at the prices that its cost was made with; nothing is known of the money where that isn't."""
    model = None if record.cost_usd is None else catalogue.recognise(record.model)
    batch = record.usage.get("service_tier") == "batch"
    found = of_usage(record.usage, model, catalogue, batch=batch)
    if model is None or not found.saved:
        return found
    if not record.cost_usd:
        return replace(found, saved=Decimal(0))  # a refusal before any output, which nobody pays for
    if _nearer(record, of_a_region(model), model, batch=batch):
        return of_usage(record.usage, of_a_region(model), catalogue, batch=batch)
    return found


def _nearer(record: RunRecord, one: Model, other: Model, *, batch: bool) -> bool:
    """Whether the one's prices give what the run cost, and the other's don't: a record keeps no region."""
    bills = [bill(record.usage, model, batch=batch) for model in (one, other)]
    off = [abs((record.cost_usd or Decimal(0)) - each.usd) for each in bills if each is not None]
    return len(off) == 2 and off[0] * 100 < off[1]


def of_usage(
    usage: Mapping[str, object], model: Model | None, catalogue: Catalogue, *, batch: bool = False
) -> CacheUse:
    """With `iterations`, the sum of them, each at its own model's prices."""
    listed = usage.get("iterations")
    entries = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    found = CacheUse()
    for entry in entries or [usage]:
        served = entry.get("model")
        of = catalogue.find(served) if isinstance(served, str) and entry is not usage else model
        found = found.plus(_one(entry, of if model is not None else None, usage, batch=batch))
    return found


def _one(entry: Mapping[str, object], model: Model | None, usage: Mapping[str, object], *, batch: bool) -> CacheUse:
    tokens = Tokens.of(entry)
    counts = (tokens.read or 0, tokens.write_5m or 0, tokens.write_1h or 0, tokens.input or 0)
    if not any(counts[:3]):
        return CacheUse(*counts)
    prices = prices_of(entry, model, speed=usage.get("speed"), batch=batch)
    if model is None or prices is None:
        return CacheUse(*counts, saved=None)
    saved = Decimal(0)
    for count, price in zip(counts, (prices.read, prices.write_5m, prices.write_1h), strict=False):
        if count and price is None:
            return CacheUse(*counts, saved=None)
        saved += count * (prices.input - (price or Decimal(0))) if count else 0
    factor = US_FACTOR if usage.get("inference_geo") == "us" and model.geo else Decimal(1)
    return CacheUse(*counts, saved=saved * factor / MILLION)


def total(records: Iterable[RunRecord], catalogue: Catalogue, memo: dict[Any, Any] | None = None) -> CacheUse:
    """Of many runs; what no cache had a part in counts too, as new. Real money only, where there is any.

    With a `memo`, where nothing but new runs came since the last time, only those are looked at.
    """
    every = tuple(records)
    counted: tuple[RunRecord, ...] = ()
    real = pretended = None
    known = memo.get(total) if memo is not None else None
    if known is not None and known[1] is catalogue and _goes_on(known[0], every):
        counted, _, real, pretended = known
    for each in every[len(counted) :]:
        use = of_record(each, catalogue)
        if each.simulated:
            pretended = use if pretended is None else pretended.plus(use)
        else:
            real = use if real is None else real.plus(use)
    if memo is not None:
        memo.pop(total, None)  # the newest are handed on
        memo[total] = (every, catalogue, real, pretended)
    return real or pretended or CacheUse()


def _goes_on(before: tuple[RunRecord, ...], every: tuple[RunRecord, ...]) -> bool:
    return len(before) <= len(every) and all(map(is_, before, every))
