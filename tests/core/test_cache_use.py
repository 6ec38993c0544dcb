"""What a cache did: tokens and money by hand, and why it was missed, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from workbench.core import cache_use, diagnosing, facts, stop_reasons
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.session import Lane, Message, Session
from workbench.core.state import State
from workbench.core.usage import bill

CATALOGUE = Catalogue.builtin()


def usage(input_: int, five: int, hour: int, read: int, **more: Any) -> dict[str, Any]:
    return {
        "input_tokens": input_,
        "cache_creation_input_tokens": five + hour,
        "cache_creation": {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour},
        "cache_read_input_tokens": read,
        "output_tokens": 9,
        **more,
    }


def record(model: str, used: dict[str, Any], basis: str = "exact") -> RunRecord:
    batch = used.get("service_tier") == "batch"
    billed = bill(used, CATALOGUE.find(model), batch=batch, catalogue=CATALOGUE)
    cost = None if basis == "unknown" else billed.usd if billed is not None else Decimal(1)
    return RunRecord(model=model, usage=used, state=State.COMPLETE, cost_usd=cost, cost_basis=basis)


VECTORS = [
    # opus-5-5: in 4, write 5 and 8, read 0.20 a million: 20 000×3.80 − 1 000×1 − 2 000×4
    ("claude-opus-5-5", usage(120, 1000, 2000, 20_000), "0.067"),
    # sonnet-4-6: in 3, write 3.75, read 0.30: only written
    ("claude-sonnet-4-6", usage(10, 4000, 0, 0), "-0.003"),
    ("claude-sonnet-4-6", usage(10, 0, 4000, 0), "-0.012"),
    ("claude-sonnet-4-6", usage(10, 0, 0, 4000), "0.0108"),
    # half in a batch, a tenth more in the us, double when fast
    ("claude-sonnet-4-6", usage(10, 0, 0, 4000, service_tier="batch"), "0.0054"),
    ("claude-sonnet-4-6", usage(10, 0, 0, 4000, inference_geo="us"), "0.01188"),
    ("claude-opus-5-5", usage(10, 0, 0, 1000, speed="fast"), "0.0076"),
    # haiku-5-5 above 100 000: in 0.50, read 0.05
    ("claude-haiku-5-5", usage(1000, 0, 0, 150_000), "0.0675"),
    ("claude-haiku-5-5", usage(1000, 0, 0, 50_000), "0.0045"),
    # no breakdown: all for five minutes
    ("claude-opus-5-5", {"input_tokens": 100, "cache_creation_input_tokens": 1000, "output_tokens": 1}, "-0.001"),
    ("claude-opus-5-5", {"input_tokens": 100, "output_tokens": 1}, "0"),
]


@pytest.mark.parametrize(("model", "used", "saved"), VECTORS)
def test_saved_is_the_same_prompt_uncached_less_what_was_paid(model: str, used: dict[str, Any], saved: str) -> None:
    assert cache_use.of_record(record(model, used), CATALOGUE).saved == Decimal(saved)


def test_what_a_region_costs_more_it_saves_more_and_nothing_is_saved_of_what_nobody_paid() -> None:
    first = record("claude-opus-5-5", usage(120, 1000, 2000, 20_000))
    assert first.cost_usd is not None
    region = replace(first, model="us.anthropic.claude-opus-5-5", cost_usd=first.cost_usd * Decimal("1.1"))
    assert cache_use.of_record(first, CATALOGUE).saved == Decimal("0.067")
    assert cache_use.of_record(region, CATALOGUE).saved == Decimal("0.0737")
    refused = replace(first, stop_reason="refusal", cost_usd=Decimal(0))
    found = cache_use.of_record(refused, CATALOGUE)
    assert (found.read, found.saved) == (20_000, Decimal(0))


def test_each_iteration_is_counted_at_its_own_model() -> None:
    entries = [
        {**usage(1, 0, 0, 4000), "model": "claude-sonnet-4-6"},
        {**usage(1, 0, 0, 1000), "model": "claude-opus-5-5"},
    ]
    found = cache_use.of_record(record("claude-sonnet-4-6", usage(0, 0, 0, 0, iterations=entries)), CATALOGUE)
    assert (found.read, found.saved) == (5000, Decimal("0.0108") + Decimal("0.0038"))


def test_money_is_not_claimed_where_a_price_is_unknown() -> None:
    for each in (record("qwen", usage(1, 0, 0, 5)), record("claude-opus-5-5", usage(1, 0, 0, 5), "unknown")):
        found = cache_use.of_record(each, CATALOGUE)
        assert (found.read, found.saved, found.money) == (5, None, "")


def test_a_session_adds_up_and_simulated_money_only_where_there_is_no_other() -> None:
    first = record("claude-sonnet-4-6", usage(10, 4000, 0, 0))
    second = record("claude-sonnet-4-6", usage(10, 0, 0, 4000))
    pretended = record("claude-sonnet-4-6", usage(10, 0, 0, 999_999), "simulated")
    found = cache_use.total((first, second, pretended), CATALOGUE)
    assert (found.tokens, found.money, found.share) == ("4 000 read · 4 000 written · 20 new", "saved $0.0078", 49)
    assert cache_use.total((pretended,), CATALOGUE).read == 999_999
    assert cache_use.of_record(first, CATALOGUE).money == "$0.0030 extra"
    assert cache_use.of_record(record("claude-opus-5-5", usage(0, 1, 2, 0)), CATALOGUE).tokens == (
        "0 read · 3 written (2 for 1h) · 0 new"
    )
    assert not cache_use.total((), CATALOGUE).used


def test_of_a_session_that_went_on_only_what_came_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[RunRecord] = []
    of_record = cache_use.of_record

    def watched(each: RunRecord, catalogue: Catalogue) -> cache_use.CacheUse:
        looked.append(each)
        return of_record(each, catalogue)

    monkeypatch.setattr(cache_use, "of_record", watched)
    memo: dict[Any, Any] = {}

    def total(*runs: RunRecord) -> cache_use.CacheUse:
        looked.clear()
        found = cache_use.total(runs, CATALOGUE, memo)
        seen = len(looked)
        assert found == cache_use.total(runs, CATALOGUE)
        del looked[seen:]
        return found

    first = record("claude-sonnet-4-6", usage(10, 4000, 0, 0))
    second = record("claude-sonnet-4-6", usage(10, 0, 0, 4000))
    pretended = record("claude-sonnet-4-6", usage(10, 0, 0, 999_999), "simulated")
    assert total(pretended).read == 999_999
    assert total(pretended, first).read == 0
    total(pretended, first, second)
    assert looked == [second]
    total(pretended, first, second)
    assert looked == []
    changed = replace(first, usage=usage(10, 0, 0, 7))
    assert total(pretended, changed, second).read == 4007, "a run that is other than it was"
    assert total(pretended, changed).read == 7, "and one that was taken back"
    assert cache_use.total((first,), Catalogue(CATALOGUE.models[:0]), memo).saved is None, "other prices"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, ""),
        ({"cache_miss_reason": None}, ""),
        (
            {"cache_miss_reason": {"type": "system_changed", "cache_missed_input_tokens": 3012}},
            "cache missed: the system prompt is another (≈ 3 012 tokens)",
        ),
        (
            {"cache_miss_reason": {"type": "previous_message_not_found"}},
            "cache missed: the server no longer knows the request before",
        ),
        ({"cache_miss_reason": {"type": "phase_of_the_moon"}}, "cache missed: phase_of_the_moon"),
        ({"cache_miss_reason": "x"}, ""),
    ],
)
def test_a_miss_is_told_in_words(said: dict[str, Any], words: str) -> None:
    made = replace(record("claude-opus-5-5", usage(1, 0, 0, 0)), diagnostics=said)
    assert diagnosing.told(made) == words
    assert ("cache missed" in [each.text for each in facts.of_record(made)]) is bool(words)
    assert [each.lower() for each in stop_reasons.remarks(replace(made, stop_reason="end_turn", text="x"))] == (
        [f"{words}."] if words else []
    )


def test_auto_points_at_the_last_answer_of_the_lane() -> None:
    runs = (
        RunRecord(id="r1", lane="A", parent="m1", message_id="msg_1"),
        RunRecord(id="r2", lane="B", parent="m1", message_id="msg_2"),
        RunRecord(id="r3", lane="A", parent="m1"),
    )
    messages = (Message("m1", "user", "Hi"), Message("m2", "assistant", "Ho", "m1", "r2"))
    session = Session(
        runs=runs, messages=messages, lanes=(Lane("A", tip="m2"), Lane("B"), Lane("C", tip="m2"), Lane("D"))
    )
    request = Request(Params().set("diagnostics", "auto"), ())
    sent = [diagnosing.pointed(request, session, lane).body()["diagnostics"] for lane in session.lanes]
    assert sent == [{"previous_message_id": each} for each in ("msg_1", "msg_2", "msg_2", None)]
    by_hand = Request(Params(diagnostics=Json.of({"previous_message_id": "msg_9"})), ())
    assert diagnosing.pointed(by_hand, session, session.lanes[0]) is by_hand
