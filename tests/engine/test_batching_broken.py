"""Batches in front of servers that break: nothing is claimed that is not known, and nothing is doubled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.batches import FILE, ROW, desk, items
from tests.engine.fault_server import chunk, head, says, sends, serving
from tests.engine.running import SECRET, WHEN
from workbench.core.batch import Batch, Counts, Status
from workbench.core.endpoint import Endpoint
from workbench.engine import batch_manifest
from workbench.engine.batch_manifest import Manifest

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


async def test_over_a_connection_that_was_kept_it_is_sent_once_too() -> None:
    there = says("200 OK", json.dumps({**MADE, "created_at": WHEN.isoformat()}).encode())
    async with serving(there, sends(), there) as server, desk(server.base_url) as at:
        await at.batching.look(replace(ENDED, status=Status.IN_PROGRESS))
        assert (await at.batching.submit(at.parcel, ROW, at.keep)).status is Status.INTENDED
        assert [talk.head.split()[0] for talk in server.requests] == [b"GET", b"POST"]


async def test_a_batch_of_another_week_is_not_the_one_that_was_meant() -> None:
    old = {**MADE, "created_at": (WHEN - timedelta(days=3)).isoformat()}
    async with serving(sends(), listed(old)) as server, desk(server.base_url) as at:
        sent = await at.batching.submit(at.parcel, ROW, at.keep)
        found = await at.batching.look(sent)
    assert (found.status, "was not sent" in found.problem) == (Status.LOST, True)


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


async def test_of_a_server_that_counts_nothing_every_answer_is_waited_for_too() -> None:
    async with desk("http://127.0.0.1:9") as made:
        every = lines([item.custom_id for item in made.parcel.items])
    behaviours = (says("200 OK", b"".join(every[:5])), says("200 OK", b"".join(every)))
    async with serving(*behaviours) as server, desk(server.base_url) as at:
        batch_manifest.write(batch_manifest.path_of(FILE, "b1"), at.parcel.items)
        found = await at.batching.fetch(replace(ENDED, counts=Counts()), (), at.records.append)
    assert (found.batch.status, found.fresh, len(at.known)) == (Status.COLLECTED, 12, 12)


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
