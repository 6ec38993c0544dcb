"""The limiter against a server with buckets of its own: whatever comes in whatever order, it goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from workbench.core.limiter import Limiter, Slot
from workbench.core.limiter_load import Need
from workbench.core.limits import Limit, Limits

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
NEEDS = st.builds(Need, st.integers(0, 3000), st.none() | st.integers(0, 3000))
COUNTS = st.none() | st.integers(0, 2000)
TOLD = st.dictionaries(
    st.sampled_from(["requests", "input_tokens", "output_tokens", "tokens", "fast_output_tokens", "unified"]),
    st.builds(
        Limit,
        COUNTS,
        COUNTS,
        st.none() | st.integers(-90, 90_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    ),
)
DATES = st.none() | st.integers(-60, 60).map(lambda seconds: NOON + timedelta(seconds=seconds))


class Limiting(RuleBasedStateMachine):
    """Sends when it may, and hears anything at all."""

    @initialize(ceiling=st.integers(1, 20), start=st.integers(1, 20))
    def made(self, ceiling: int, start: int) -> None:
        self.limiter = Limiter(ceiling=ceiling, start=start)
        self.now = 1000.0
        self.slots: list[Slot] = []

    @rule(seconds=st.floats(-2000, 200))
    def passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(need=NEEDS)
    def sends(self, need: Need) -> None:
        if self.limiter.outlook(self.now, [need]) == (None,):
            assert self.limiter.in_flight < self.limiter.concurrency
            self.slots.append(self.limiter.begin(self.now, need))

    @precondition(lambda self: self.slots)
    @rule(data=st.data(), told=TOLD, at=DATES)
    def hears(self, data: st.DataObject, told: dict[str, Limit], at: datetime | None) -> None:
        self.limiter.heard(data.draw(st.sampled_from(self.slots)), self.now, Limits(told, at))

    @precondition(lambda self: self.slots)
    @rule(data=st.data(), tokens=st.integers(0, 5000))
    def writes(self, data: st.DataObject, tokens: int) -> None:
        self.limiter.made(data.draw(st.sampled_from(self.slots)), tokens)

    @precondition(lambda self: self.slots)
    @rule(data=st.data(), seconds=st.none() | st.floats(0, 60))
    def refuses(self, data: st.DataObject, seconds: float | None) -> None:
        before = self.limiter.concurrency
        slot = self.slots.pop(data.draw(st.integers(0, len(self.slots) - 1)))
        self.limiter.refused(slot, self.now, seconds)
        self.limiter.end(slot, self.now, succeeded=False)
        assert self.limiter.concurrency in {before, max(1, before // 2)}
        if seconds:
            (queued,) = self.limiter.outlook(self.now, [Need()])
            assert queued is None or queued.until is None or queued.until >= self.now

    @precondition(lambda self: self.slots)
    @rule(data=st.data(), succeeded=st.booleans(), counted=COUNTS)
    def ends(self, data: st.DataObject, succeeded: bool, counted: int | None) -> None:
        before = self.limiter.concurrency
        slot = self.slots.pop(data.draw(st.integers(0, len(self.slots) - 1)))
        self.limiter.end(slot, self.now, succeeded=succeeded, input_tokens=counted)
        assert self.limiter.concurrency - before in ({0, 1} if succeeded else {0})

    @rule()
    def struggles(self) -> None:
        self.limiter.struggled(self.now)

    @invariant()
    def its_numbers_stay_within_their_bounds(self) -> None:
        if hasattr(self, "limiter"):
            assert 1 <= self.limiter.concurrency <= self.limiter.ceiling
            assert self.limiter.in_flight == len(self.slots)
            for bucket in self.limiter.buckets:
                assert bucket.level <= bucket.limit

    @rule(need=NEEDS)
    def nobody_waits_forever(self, need: Need) -> None:
        """When all answers have ended, the time it says is the time at which the first goes."""
        while self.slots:
            self.limiter.end(self.slots.pop(), self.now, succeeded=False)
        for _ in range(4):  # one reason after the other
            (queued,) = self.limiter.outlook(self.now, [need])
            if queued is None:
                return
            assert queued.until is not None
            assert queued.until > self.now
            self.now = queued.until
        raise AssertionError(f"it still waits for {queued}")


TestLimiting = Limiting.TestCase
TestLimiting.settings = settings(max_examples=60, stateful_step_count=40)
