"""Batches in front of the simulator: sent once, found again, fetched without doubling."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.batches import FILE, GRID, ROW, SESSION, items, simulated
from tests.engine.running import WHEN
from workbench.core.batch import Batch, Status
from workbench.core.batch_items import Question, of_lanes, of_sweep, parcels
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.request import Request, Turn
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import Spot, plan
from workbench.engine import batch_manifest, validating
from workbench.engine.files import StoreError


async def test_a_batch_is_sent_followed_and_fetched_into_its_cells() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        assert [each.status for each in at.rows] == [Status.INTENDED, Status.IN_PROGRESS]
        assert at.rows[0].server_id == ""
        assert (sent.requests, sent.created, sent.expires) == (12, WHEN, WHEN + timedelta(hours=24))
        assert (await at.batching.look(sent)).counts.processing == 12
        at.time.seconds += 61
        ended = await at.batching.look(sent)
        assert (ended.status, ended.counts.told()) == (Status.ENDED, "8 answered · 4 errored")
        fetched = await at.batching.fetch(ended, (), at.records.append)
        assert (fetched.batch.status, fetched.fresh, fetched.batch.counts) == (Status.COLLECTED, 12, ended.counts)
    whole = GRID.done(at.records)
    assert len(whole) == 8
    assert all(GRID.cells[spot.cell].request.params.max_tokens != 100000 for spot in whole)
    assert len({record.id for record in at.records}) == len({record.started for record in at.records}) == 12
    failed = [record for record in at.records if record.state == "rejected"]
    assert [record.problem is not None and "max_tokens" in record.problem.detail for record in failed] == [True] * 4
    tokens = [(r.usage["input_tokens"], r.usage["output_tokens"]) for r in at.records if r.usage]
    assert fetched.batch.cost_usd == sum(Decimal(i + 5 * o) for i, o in tokens) / 2_000_000
    assert {record.cost_basis for record in at.records} == {"simulated"}
    assert batch_manifest.path_of(FILE, "b1").exists()
    at.batching.forget(fetched.batch)
    assert not batch_manifest.path_of(FILE, "b1").exists()


async def test_fetched_again_nothing_is_doubled() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        at.time.seconds += 61
        ended = await at.batching.look(sent)
        await at.batching.fetch(ended, (), at.records.append)
        whole, at.records = at.records, at.records[:5]
        again = await at.batching.fetch(ended, at.known, at.records.append)
    assert (again.fresh, again.batch.cost_usd) == (7, sum(each.cost_usd or 0 for each in whole))
    assert sorted(each.to_json() for each in at.records) == sorted(each.to_json() for each in whole)


async def test_what_could_not_be_kept_is_fetched_the_next_time() -> None:
    def full(record: RunRecord) -> None:
        raise StoreError(Problem(f"no room for {record.id}"))

    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        at.time.seconds += 61
        ended = await at.batching.look(sent)
        with pytest.raises(StoreError):
            await at.batching.fetch(ended, (), full)
        assert (await at.batching.fetch(ended, (), at.records.append)).fresh == 12


async def test_a_program_that_was_killed_after_it_sent_finds_its_batch_and_sends_none_again() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        intended = at.rows[0]
        found = await at.batching.look(intended)
        assert (found.status, found.server_id) == (Status.IN_PROGRESS, sent.server_id)
        mine = await at.batching.look(intended, known={sent.server_id})
        assert (mine.status, "was not sent" in mine.problem) == (Status.LOST, True)


async def test_one_that_was_killed_before_learns_that_nothing_was_sent() -> None:
    async with simulated() as at:
        batch_manifest.write(batch_manifest.path_of(FILE, "b1"), at.parcel.items)
        found = await at.batching.look(replace(ROW, created=WHEN, requests=12))
    assert (found.status, "was not sent" in found.problem) == (Status.LOST, True)
    assert not batch_manifest.path_of(FILE, "b1").exists()


async def test_where_several_may_be_meant_it_says_so_and_decides_nothing() -> None:
    async with simulated() as at:
        for _ in range(2):
            await at.batching.submit(at.parcel, ROW, at.keep)
        found = await at.batching.look(at.rows[0])
        assert found.status is Status.INTENDED
        assert "has 2 that it may be" in found.problem
        assert (await at.batching.look(at.rows[0], known={at.rows[1].server_id})).server_id == at.rows[3].server_id
        batch_manifest.remove(batch_manifest.path_of(FILE, "b1"))  # a stranger's row: it is nobody's word here
        unknown = await at.batching.look(at.rows[0], known={at.rows[1].server_id})
        assert (unknown.status, "has 1 that it may be" in unknown.problem) == (Status.INTENDED, True)


async def test_results_of_strangers_are_not_taken() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        other = plan(SESSION, Sweep("w2", (read_axis("max_tokens=5,6"),)))
        batch_manifest.write(batch_manifest.path_of(FILE, "b1"), of_sweep(other, other.order, at.batching.endpoint))
        at.time.seconds += 61
        found = await at.batching.fetch(await at.batching.look(sent), (), at.records.append)
    assert (found.batch.status, "other requests" in found.batch.problem, at.records) == (Status.LOST, True, [])


async def test_without_the_manifest_what_the_session_still_asks_is_found_and_the_rest_is_kept() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        at.time.seconds += 61
        ended = await at.batching.look(sent)
        batch_manifest.remove(batch_manifest.path_of(FILE, "b1"))
        bare: list[RunRecord] = []
        await at.batching.fetch(ended, (), bare.append)
        await at.batching.fetch(ended, (), at.records.append, lambda: items(at.batching.endpoint))
    assert len(GRID.done(at.records)) == 8
    assert [record.text for record in bare] == [record.text for record in at.records]
    assert {record.request_sha256 for record in bare} == {""}


async def test_a_cancelled_batch_says_what_was_answered_and_what_costs_nothing() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        at.time.seconds += 30
        cancelling = await at.batching.cancel(sent)
        assert cancelling.status is Status.CANCELING
        at.time.seconds += 3
        ended = await at.batching.cancel(cancelling)
        assert ended.status is Status.ENDED
        await at.batching.fetch(ended, (), at.records.append)
    assert ended.counts.canceled == 6
    assert [record.cost_usd for record in at.records if record.state == "cancelled"] == [0] * 6


async def test_a_batch_that_takes_too_long_expires() -> None:
    async with simulated(batch_seconds=48 * 3600.0) as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        at.time.seconds += 24 * 3600 + 1
        ended = await at.batching.look(sent)
        await at.batching.fetch(ended, (), at.records.append)
    assert (ended.counts.expired, ended.counts.done) == (6, 12)
    expired = [
        record.problem for record in at.records if record.problem is not None and record.problem.type == "expired"
    ]
    assert len(expired) == 6


async def test_an_answer_with_a_schema_is_checked_and_thinking_is_bound_to_its_conversation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check, threads = validating.errors, list[threading.Thread]()

    def errors(params: Params, text: str) -> tuple[str, ...] | None:
        threads.append(threading.current_thread())
        return check(params, text)

    monkeypatch.setattr(validating, "errors", errors)
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    params = Params(
        model="claude-opus-4-8",
        max_tokens=2000,
        thinking="adaptive",
        output_format=Json.of({"type": "json_schema", "schema": schema}),
    )
    request = Request(params, (Turn("user", "Say a."),))
    async with simulated() as at:
        asked = of_lanes([Question("A", "m1", request, {"m1": "5m"})], 1, at.batching.endpoint)
        (parcel,) = parcels(asked, at.batching.endpoint)
        sent = await at.batching.submit(parcel, replace(ROW, sweep="", lanes=("A", "B")), at.keep)
        assert sent.lanes == ("A",)  # B's request is in another parcel
        at.time.seconds += 61
        ended = await at.batching.look(sent)
        await at.batching.fetch(ended, (), at.records.append)
        await at.batching.fetch(ended, at.known, at.records.append)
    (record,) = at.records
    assert [each is threading.main_thread() for each in threads] == [False]  # a stranger's schema may take seconds
    assert (record.schema_errors, record.breakpoints) == ((), {"m1": "5m"})
    assert record.conversation_sha256 == request.conversation_sha256
    assert record.params == params.to_mapping()


async def test_an_ended_batch_is_deleted_at_the_server_and_one_on_its_way_is_not() -> None:
    async with simulated() as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        assert "still processing" in await at.batching.delete(sent)
        at.time.seconds += 61
        assert await at.batching.delete(sent) == ""
        assert await at.batching.delete(sent) == ""
        assert (await at.batching.look(sent)).status is Status.LOST


def test_what_is_under_way_is_what_its_batches_ask_and_all_where_nobody_knows_any_more() -> None:
    endpoint = Endpoint("test", "http://127.0.0.1:9")
    some = of_sweep(GRID, GRID.order[:3], endpoint)
    batch_manifest.write(batch_manifest.path_of(FILE, "b1"), some)
    row = replace(ROW, status=Status.IN_PROGRESS, server_id="msgbatch_1")

    def under_way(*rows: Batch, endpoint: str = "test") -> frozenset[Spot]:
        return batch_manifest.under_way(FILE, rows, GRID, endpoint)

    assert under_way(row) == frozenset(GRID.order[:3])
    assert under_way(row, endpoint="another") == frozenset()
    assert under_way(replace(row, status=Status.COLLECTED)) == frozenset()
    assert under_way(replace(row, id="b2", sweep="w9")) == frozenset()
    assert under_way(replace(row, id="b2")) == frozenset(GRID.order)
    assert under_way(Batch("?1", "", Status.LOST, unread={"id": "b1", "status": 9})) == frozenset(GRID.order[:3])
    assert under_way(Batch("?1", "", Status.LOST, unread={"id": "b7"})) == frozenset()

    def elsewhere(*rows: Batch, endpoint: str = "another", missing: Iterable[Spot] = GRID.order) -> tuple[Batch, ...]:
        return batch_manifest.elsewhere(FILE, rows, GRID, missing, endpoint)

    assert elsewhere(row) == (row,)
    assert batch_manifest.told_elsewhere(elsewhere(row)).startswith("b1 at test asks the same already")
    assert elsewhere(row, endpoint="test") == ()
    assert elsewhere(row, missing=GRID.order[3:]) == ()
    assert elsewhere(replace(row, status=Status.COLLECTED), replace(row, endpoint="simulator")) == ()
    assert elsewhere(replace(row, id="b2")) == (replace(row, id="b2"),)
    assert elsewhere(replace(row, id="b2", sweep="w9"), Batch("?1", "", Status.LOST, unread={"id": "b1"})) == ()
