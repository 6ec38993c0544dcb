"""What all routes share: the seed, the clocks, the counters and the stores of one running simulator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.core.models import Catalogue
from workbench.simulator.buckets import Buckets
from workbench.simulator.cache import Cache
from workbench.simulator.diagnosis import Diagnoses
from workbench.simulator.faults import Faults
from workbench.simulator.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from workbench.core.models import Model
    from workbench.simulator.ask import Ask
    from workbench.simulator.batch import Batch
    from workbench.simulator.buckets import Rates
    from workbench.simulator.faults import Fault


@dataclass
class Service:
    seed: int
    speed: float
    limits: Rates | None
    fault_rates: tuple[Fault, ...]
    batch_seconds: float
    vary_repeats: bool
    clock: Callable[[], float]
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    catalogue: Catalogue = field(default_factory=Catalogue.builtin)
    base_url: str = ""

    def __post_init__(self) -> None:
        self.ids = Ids(self.seed)
        self.cache = Cache()
        self.diagnoses = Diagnoses()
        self.faults = Faults(self.seed, self.fault_rates)
        self.batches: dict[str, Batch] = {}
        self._buckets: dict[str, Buckets] = {}
        self._asked: Counter[tuple[str, bool]] = Counter()

    def buckets(self, name: str, factor: int = 1, *, fast: bool = False) -> Buckets | None:
        """The limits of one class of models or of one route; None where nothing is limited."""
        if self.limits is None:
            return None
        if name not in self._buckets:
            requests, input_tokens, output_tokens = self.limits
            rates = (requests * factor, input_tokens, output_tokens)
            self._buckets[name] = Buckets(rates, self.clock, fast=fast)
        return self._buckets[name]

    def buckets_of(self, model: Model, *, fast: bool = False) -> Buckets | None:
        """The limits of the model's class, or those of its fast mode."""
        name = model.bucket or model.id
        return self.buckets(f"{name} fast" if fast else name, fast=fast)

    def ordinal(self, ask: Ask) -> int:
        """How often the same was asked before, where that may change the wording."""
        if not self.vary_repeats:
            return 0
        key = (ask.identity, ask.stream)
        self._asked[key] += 1
        return self._asked[key] - 1
