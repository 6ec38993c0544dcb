"""Batches in front of the simulator and of servers that break: sent once, found again, fetched without doubling."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import chunk, head, says, sends, serving
from tests.engine.running import KEY, SECRET, WHEN, Time, running
from workbench.core.batch import Batch, Status
from workbench.core.batch_items import Item, Parcel, of_sweep, parcels
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import plan
from workbench.engine import batch_manifest
from workbench.engine.batch_manifest import Manifest
from workbench.engine.batching import Batching
from workbench.engine.endpoints import Chosen
from workbench.engine.files import StoreError
from workbench.simulator import Simulator

SESSION = Session(params=Params(model="claude-haiku-4-5", max_tokens=20), prompt="Name a colour.")
GRID = plan(SESSION, Sweep("w1", (read_axis("max_tokens=10,12,100000"), read_axis("user_id=a,b")), 2))
ROW = Batch("b1", "test", sweep="w1")
FILE = Path("s.toml")


def items(endpoint: Endpoint) -> tuple[Item, ...]:
    return of_sweep(GRID, GRID.order, endpoint)


class Desk:
    """One session's batches as a front end keeps them, in memory."""

    def __init__(self, batching: Batching, parcel: Parcel, time: Time) -> None:
        self.batching = batching
        self.parcel = parcel
        self.time = time
        self.rows: list[Batch] = []
        self.records: list[RunRecord] = []

    async def keep(self, batch: Batch) -> None:
        self.rows.append(batch)

    @property
    def known(self) -> set[str]:
        return {record.id for record in self.records}


@asynccontextmanager
async def desk(base_url: str, time: Time | None = None) -> AsyncIterator[Desk]:
    time = time or Time()
    chosen = Chosen(Endpoint("test", base_url), KEY)
    async with running(time) as runner:
        (parcel,) = parcels(items(chosen.endpoint), chosen.endpoint)
        yield Desk(Batching(runner, chosen, Catalogue.builtin(), FILE), parcel, time)


@asynccontextmanager
async def simulated(**options: Any) -> AsyncIterator[Desk]:
    time = Time()
    settings: dict[str, Any] = {"speed": 0, "limits": None, "batch_seconds": 60.0, "clock": time.clock, **options}
    simulator = Simulator(now=lambda: WHEN + timedelta(seconds=time.seconds - 100), **settings)
    async with simulator, desk(simulator.base_url, time) as made:
        yield made


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


# Servers that break

MADE = {"id": "msgbatch_1", "processing_status": "in_progress", "request_counts": {"processing": 12}}
ENDED = replace(ROW, status=Status.ENDED, server_id="msgbatch_1", created=WHEN, requests=12).told(
    {"processing_status": "ended", "request_counts": {"succeeded": 12}}
)


def listed(*rows: dict[str, Any]) -> fault.Behave:
    return says("200 OK", json.dumps({"data": rows, "has_more": False}).encode())


@pytest.mark.parametrize(
    ("behave", "status"),
    [
        (says("400 Bad", b'{"error":{"type":"invalid_request_error","message":"no"}}'), Status.LOST),
        (says("404 No", b"<h1>no</h1>", "text/html"), Status.LOST),
        (says("429 Slow", b"{}"), Status.LOST),
        (says("500 Oh", b"{}"), Status.INTENDED),
        (says("529 Busy", f'{{"error":{{"message":"{SECRET}"}}}}'.encode()), Status.INTENDED),
        (says("200 OK", b"[]"), Status.INTENDED),
        (says("200 OK", b'{"id":"../x"}'), Status.INTENDED),
        (sends(), Status.INTENDED),
        (sends(reset=True), Status.INTENDED),
        (sends(head(kind="application/json", content_length=90), b'{"id'), Status.INTENDED),
    ],
)
async def test_what_was_not_confirmed_is_not_claimed_and_not_sent_again(behave: fault.Behave, status: Status) -> None:
    async with serving(behave, listed({**MADE, "created_at": WHEN.isoformat()})) as server, desk(server.base_url) as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        assert (sent.status, bool(sent.problem)) == (status, True)
        assert SECRET not in sent.problem
        assert batch_manifest.path_of(FILE, "b1").exists() is (status is Status.INTENDED)
        if status is Status.INTENDED:
            assert (await at.batching.look(sent)).server_id == "msgbatch_1"
        assert sum(talk.head.startswith(b"POST") for talk in server.requests) == 1


async def test_what_never_left_was_not_sent() -> None:
    async with desk("http://127.0.0.1:9") as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
    assert (sent.status, "Connection refused" in sent.problem) == (Status.LOST, True)
    async with desk("http://no-such-host.invalid") as at:
        assert (await at.batching.submit(at.parcel, ROW, at.keep)).status is Status.LOST


def lines(names: Sequence[str]) -> list[bytes]:
    message = {"type": "message", "model": "m", "content": [{"type": "text", "text": "é"}], "stop_reason": "end_turn"}
    result = {"type": "succeeded", "message": message}
    return [json.dumps({"custom_id": name, "result": result}, ensure_ascii=False).encode() + b"\n" for name in names]


async def test_results_that_break_off_are_read_again_and_doubled_by_nothing() -> None:
    async with desk("http://127.0.0.1:9") as made:
        every = lines([item.custom_id for item in made.parcel.items])
    whole = b"".join(every)
    kind = "application/x-jsonl"
    behaviours = (
        sends(head(kind=kind, content_length=len(whole)), whole[: len(whole) // 3], reset=True),
        sends(head(kind=kind, transfer_encoding="chunked"), *map(chunk, (whole[:50], whole[50:700]))),
        sends(head(kind=kind), b"".join(reversed(every))[:-2]),
        sends(head(kind=kind, content_length=len(whole)), *(bytes([each]) for each in whole)),
    )
    async with serving(*behaviours) as server, desk(server.base_url) as at:
        batch_manifest.write(batch_manifest.path_of(FILE, "b1"), at.parcel.items)
        found = await at.batching.fetch(ENDED, (), at.records.append)
    assert (found.batch.status, found.fresh, len(at.known)) == (Status.COLLECTED, 12, 12)
    assert {record.text for record in at.records} == {"é"}
    assert {each.removeprefix("b1-") for each in at.known} == {str(number) for number in range(1, 13)}
    assert at.time.slept


@pytest.mark.parametrize(
    ("behave", "status", "says_"),
    [
        (says("404 No", b"{}"), Status.LOST, "does not know it"),
        (says("500 Oh", b"{}"), Status.ENDED, "broke off 4 times"),
        (says("403 No", b"{}"), Status.ENDED, "broke off"),
        (says("200 OK", b"nonsense\n{}\n[3]\n"), Status.ENDED, "11 are missing"),
    ],
)
async def test_results_that_are_not_had_are_told_and_can_be_fetched_again(
    behave: fault.Behave, status: Status, says_: str
) -> None:
    async with serving(*[behave] * 4) as server, desk(server.base_url) as at:
        found = await at.batching.fetch(ENDED, (), at.records.append)
    assert (found.batch.status, says_ in found.batch.problem) == (status, True)


def test_a_manifest_holds_only_places_and_knows_its_own_lines() -> None:
    endpoint = Endpoint("test", "http://127.0.0.1:9")
    path = batch_manifest.path_of(Path("deep.toml"), "b7")
    assert path.name == "deep.b7.batch.jsonl"
    made = items(endpoint)
    batch_manifest.write(path, made)
    path.write_bytes(path.read_bytes() + b"{torn")
    read = Manifest(path)
    assert list(read) == [item.custom_id for item in made]
    assert [read.find(item.custom_id) for item in made] == [(at, item.begun) for at, item in enumerate(made)]
    assert read.find("strange") is None
    read.close()
    assert len(Manifest(path.with_name("none"))) == 0
    assert batch_manifest.follow(Path("deep.toml"), Path("other.toml"), (Batch("b7", "e"), Batch("b8", "e"))) is None
    assert Path("other.b7.batch.jsonl").read_bytes() == path.read_bytes()
    assert not Path("other.b8.batch.jsonl").exists()
