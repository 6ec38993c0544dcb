"""When the next request may go: at once, in turn, or when a bucket has refilled (claude-api §5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.core.limiter import Limiter, Slot
from workbench.core.limiter_load import Need, class_of, need_of
from workbench.core.limits import Limit, Limits
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.state import Queued

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SMALL = Need(10, 100)


def limits(at: datetime | None = NOON, **rows: tuple[int | None, int | None]) -> Limits:
    return Limits({name: Limit(limit, left) for name, (limit, left) in rows.items()}, at)


def begun(limiter: Limiter, count: int, need: Need = SMALL, now: float = 0.0) -> list[Slot]:
    return [limiter.begin(now, need) for _ in range(count)]


def why(limiter: Limiter, now: float = 0.0, need: Need = SMALL) -> Queued | None:
    return limiter.outlook(now, [need])[0]


def shown(queued: Queued | None) -> tuple[str, float] | None:
    return None if queued is None else (queued.reason, round(queued.until or 0.0, 3))


def answered(limiter: Limiter, slots: list[Slot], now: float = 0.0, output: int = 100, counted: int = 10) -> None:
    for slot in slots:
        limiter.made(slot, output)
        limiter.end(slot, now, succeeded=True, input_tokens=counted)


def test_eight_lanes_start_together_and_the_ninth_waits_for_its_turn() -> None:
    limiter = Limiter()
    assert limiter.outlook(0.0, [SMALL] * 9) == (*[None] * 8, Queued("", None))
    begun(limiter, 8)
    assert why(limiter) == Queued("", None)
    assert Limiter(ceiling=3).concurrency == 3


def test_the_number_at_once_grows_while_all_of_it_is_used() -> None:
    limiter = Limiter(ceiling=10)
    seen = []
    for count in (8, 3, 9, 10):
        answered(limiter, begun(limiter, count)[:1])
        seen.append(limiter.concurrency)
        while limiter.in_flight:
            limiter.end(next(iter(limiter._slots)), 0.0, succeeded=False)
    assert seen == [9, 9, 10, 10]


def test_a_burst_of_refusals_halves_once_and_those_sent_later_halve_again() -> None:
    limiter = Limiter()
    first = begun(limiter, 8)
    for slot in first:
        limiter.refused(slot, 0.0)
        limiter.end(slot, 0.0, succeeded=False)
    assert limiter.concurrency == 4
    seen = []
    for _ in range(4):
        limiter.refused(slot := limiter.begin(1.0, SMALL), 1.0)
        limiter.end(slot, 1.0, succeeded=False)
        seen.append(limiter.concurrency)
    assert seen == [2, 1, 1, 1]


def test_a_refusal_with_a_time_closes_it_for_everybody_until_then() -> None:
    limiter = Limiter()
    slots = begun(limiter, 3)
    limiter.refused(slots[0], 10.0, 20.0)
    limiter.refused(slots[1], 11.0, 5.0)
    assert limiter.outlook(12.0, [SMALL] * 2) == (Queued("rate limit", 30.0),) * 2
    assert why(limiter, 30.0) is None


def test_after_a_refusal_they_start_one_after_the_other_until_one_succeeds() -> None:
    limiter = Limiter()
    slots = begun(limiter, 1)
    limiter.refused(slots[0], 0.0, 1.0)
    limiter.end(slots[0], 0.0, succeeded=False)
    slots = begun(limiter, 1, now=1.0)
    assert shown(why(limiter, 1.0)) == ("rate limit", 1.1)
    answered(limiter, slots, now=1.2)
    begun(limiter, 1, now=1.2)
    assert why(limiter, 1.2) is None


def test_a_struggling_server_stops_the_growth_and_shrinks_nothing() -> None:
    limiter = Limiter()
    slots = begun(limiter, 8)
    limiter.struggled(0.0)
    answered(limiter, slots[:1], now=5.0)
    assert limiter.concurrency == 8
    begun(limiter, 1, now=10.0)
    answered(limiter, slots[1:2], now=10.0)
    assert limiter.concurrency == 9


BUCKETS = {
    "requests": (limits(requests=(60, 0)), SMALL, ("requests", 1.0)),
    "requests left": (limits(requests=(60, 1)), SMALL, None),
    "input": (limits(input_tokens=(600, 0)), SMALL, ("input tokens", 1.0)),
    "output": (limits(output_tokens=(600, 0)), SMALL, ("output tokens", 10.0)),
    "both": (limits(tokens=(600, 0)), SMALL, ("tokens", 11.0)),
    "the sum of two": (limits(tokens=(600, 0), input_tokens=(60, 60), output_tokens=(600, 600)), SMALL, None),
    "fast mode": (limits(fast_output_tokens=(600, 0)), SMALL, ("output tokens", 10.0)),
    "priority": (limits(priority_output_tokens=(600, 0)), SMALL, None),
    "the worst counts": (limits(requests=(60, 0), output_tokens=(600, 0)), SMALL, ("output tokens", 10.0)),
    "in thousands": (limits(input_tokens=(600_000, 1000)), Need(1500, 1), ("input tokens", 0.1)),
    "larger than the bucket": (limits(input_tokens=(60, 0)), Need(10_000, 1), ("input tokens", 60.0)),
    "no limit": (limits(requests=(None, 5)), SMALL, None),
    "nothing left": (limits(requests=(60, None)), SMALL, None),
    "a limit of zero": (limits(requests=(0, 0)), SMALL, None),
    "no max_tokens": (limits(output_tokens=(600, 0)), Need(10), ("output tokens", 50.0)),
}


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_that_is_nearly_empty_is_waited_for(name: str) -> None:
    told, need, wait = BUCKETS[name]
    limiter = Limiter()
    slot = limiter.begin(0.0, Need(0, 0))
    limiter.heard(slot, 0.0, told)
    assert shown(why(limiter, 0.0, need)) == wait
    if wait:
        assert why(limiter, wait[1] + 0.001, need) is None


def test_each_of_those_who_wait_is_told_its_own_time() -> None:
    limiter = Limiter()
    (slot,) = begun(limiter, 1)
    limiter.heard(slot, 0.0, limits(requests=(60, 1)))
    looked = limiter.outlook(0.0, [SMALL] * 3)
    assert [shown(each) for each in looked] == [None, ("requests", 1.0), ("requests", 2.0)]


RESETS = {
    "slower than a minute": (60, 0, 90.0, 1.5),
    "an edge, not a refill": (60, 0, 5.0, 1.0),
    "a limit a day": (60, 0, 80_000.0, 1.0),
    "hardly used": (60, 59, 50.0, 0.0),
}


@pytest.mark.parametrize("name", RESETS)
def test_the_reset_time_says_how_fast_a_bucket_refills(name: str) -> None:
    limit, left, full_in, wait = RESETS[name]
    limiter = Limiter()
    (slot,) = begun(limiter, 1)
    told = Limits({"requests": Limit(limit, left, NOON + timedelta(seconds=full_in))}, NOON)
    limiter.heard(slot, 0.0, told)
    assert shown(why(limiter)) == (("requests", wait) if wait else None)


def test_an_empty_bucket_of_unknown_size_is_waited_for_until_its_reset() -> None:
    limiter = Limiter()
    (slot,) = begun(limiter, 1)
    limiter.heard(slot, 5.0, Limits({"requests": Limit(None, 0, NOON + timedelta(seconds=7))}, NOON))
    assert shown(why(limiter, 5.0)) == ("requests", 12.0)


def test_what_was_sent_after_a_request_is_not_in_its_headers() -> None:
    limiter = Limiter()
    first, *_ = begun(limiter, 4)
    limiter.heard(first, 0.0, limits(requests=(60, 3)))
    assert shown(why(limiter)) == ("requests", 1.0)


def test_what_answers_are_expected_to_bring_is_kept_for_them() -> None:
    limiter = Limiter()
    first, second = begun(limiter, 2, Need(0, 100))
    limiter.heard(second, 0.0, limits(output_tokens=(600, 250)))
    assert shown(why(limiter)) == ("output tokens", 5.0)
    limiter.made(first, 100)
    assert shown(why(limiter)) == ("output tokens", 5.0), "they were made as expected"
    limiter.made(second, 20)
    limiter.end(second, 0.0, succeeded=True)
    assert why(limiter, 0.0, Need(0, 100)) is None, "the rest of a short answer is free again"


def test_answers_teach_how_long_they_are_and_what_the_cache_spares() -> None:
    limiter = Limiter()
    answered(limiter, begun(limiter, 1, Need(1000)), output=60, counted=10)
    (slot,) = begun(limiter, 1, Need(0, 0))
    limiter.heard(slot, 0.0, limits(input_tokens=(600, 0), output_tokens=(600, 600)))
    assert shown(why(limiter, 0.0, Need(1000))) == ("input tokens", 1.0)
    limiter.heard(slot, 0.0, limits(output_tokens=(600, 0)))
    assert shown(why(limiter, 0.0, Need(0))) == ("output tokens", 6.0)


def test_a_single_answer_is_let_go_as_soon_as_any_output_is_left() -> None:
    limiter = Limiter()
    (slot,) = begun(limiter, 1)
    limiter.heard(slot, 0.0, limits(output_tokens=(600, 0)))
    limiter.made(slot, 100)
    limiter.end(slot, 0.0, succeeded=True)
    looked = limiter.outlook(0.0, [SMALL, SMALL])
    assert [shown(each) for each in looked] == [("output tokens", 11.2), ("output tokens", 30.0)]


def test_below_the_number_that_was_refused_it_grows_slowly() -> None:
    limiter = Limiter()
    slots = begun(limiter, 8)
    limiter.refused(slots[0], 0.0)
    for slot in slots:
        limiter.end(slot, 0.0, succeeded=False)
    seen = []
    for _ in range(40):
        slots = begun(limiter, limiter.concurrency)
        answered(limiter, slots[:1])
        for slot in slots[1:]:
            limiter.end(slot, 0.0, succeeded=False)
        seen.append(limiter.concurrency)
    assert seen[:4] == [5, 6, 7, 7]
    assert seen.index(8) == 16, "two rounds of seven"
    assert seen.index(9) == 32, "and two of eight"
    assert seen[-1] == 16, "past it, it was no limit"


def test_of_two_responses_the_newer_counts() -> None:
    limiter = Limiter()
    first, second = begun(limiter, 2)
    later = NOON + timedelta(seconds=1)
    limiter.heard(second, 0.0, limits(later, requests=(60, 50)))
    limiter.heard(first, 0.0, limits(NOON, requests=(60, 0)))
    assert why(limiter) is None
    assert limiter.limits is not None
    assert limiter.limits["requests"].remaining == 50
    limiter.heard(first, 0.0, limits(later, requests=(60, 59)))
    assert [bucket.level for bucket in limiter.buckets] == [50], "an older one of the same second only lowers"
    limiter.heard(first, 0.0, limits(later + timedelta(seconds=1), requests=(60, 9)))
    assert [bucket.level for bucket in limiter.buckets] == [8]


@pytest.mark.parametrize("told", [True, False])
def test_what_was_refused_took_nothing(told: bool) -> None:
    limiter = Limiter()
    first, second, third = begun(limiter, 3, Need(100, 0))
    limiter.heard(first, 0.0, limits(input_tokens=(600, 300)))
    assert [bucket.level for bucket in limiter.buckets] == [100]
    if told:
        limiter.heard(second, 0.0, limits(input_tokens=(600, 300)))
    limiter.refused(second, 0.0)
    assert [bucket.level for bucket in limiter.buckets] == [200]
    limiter.heard(third, 0.0, limits(input_tokens=(600, 200)))
    limiter.heard(first, 0.0, limits(NOON + timedelta(seconds=1), input_tokens=(600, 300)))
    assert [bucket.level for bucket in limiter.buckets] == [200]


def test_a_clock_that_jumps_back_stands_still_and_one_that_jumps_on_refills() -> None:
    limiter = Limiter()
    (slot,) = begun(limiter, 1, now=1000.0)
    limiter.heard(slot, 1000.0, limits(requests=(60, 0)))
    limiter.refused(slot, 1000.0, 3.0)
    assert shown(why(limiter, 10.0)) == ("rate limit", 13.0)
    assert why(limiter, 13.0) is None
    assert why(limiter, 1e9) is None
    assert [bucket.level for bucket in limiter.buckets] == [60]


CLASSES = [
    (Params(model="claude-sonnet-4-6"), "sonnet-4"),
    (Params(model="claude-sonnet-4-5-20250929"), "sonnet-4"),
    (Params(model="anthropic/claude-sonnet-4.5"), "sonnet-4"),
    (Params(model="claude-opus-5"), "opus-5"),
    (Params(model="claude-opus-5", speed="fast"), "opus-5 fast"),
    (Params(model="llama"), "llama"),
    (Params(), ""),
]


@pytest.mark.parametrize(("params", "name"), CLASSES)
def test_models_of_one_class_share_their_limits(params: Params, name: str) -> None:
    assert class_of(params, Catalogue.builtin()) == name


def test_a_request_needs_about_its_size_and_no_more_than_a_model_takes() -> None:
    def need(text: str) -> Need:
        return need_of(
            Request(Params(model="claude-haiku-4-5", max_tokens=7), (Turn("user", text),)), Catalogue.builtin()
        )

    assert 20 < need("word " * 10).input_tokens < 60
    assert need("x" * 2_000_000) == Need(200_000, 7)
