"""A recording in place of the network ends runs by the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.fault_server import EVENTS, STREAM, TEXT
from tests.engine.running import REQUEST, Time, endpoint, new_run, running
from workbench.core.run import State
from workbench.engine.replay import Recording, RecordingError
from workbench.engine.wire import Wire

NOWHERE = endpoint("https://no-such-host.invalid")


async def test_a_recording_answers_every_run_without_a_key_or_a_network(tmp_path: Path) -> None:
    path = tmp_path / "one.sse"
    path.write_bytes(STREAM)
    async with running(replay=Recording.read(path)) as runner:
        for _ in range(2):
            run, wire = new_run(), Wire()
            await runner.stream(run, REQUEST, NOWHERE, None, wire=wire)
            assert (run.state, run.text, run.attempts) == (State.COMPLETE, TEXT, 1)
            assert run.simulated
            assert b"".join(piece for _, piece in wire.pieces) == STREAM


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_pace_delivers_event_by_event(end: str) -> None:
    time = Time()
    body = STREAM.replace(b"\n", end.encode())
    async with running(time, replay=Recording(body, per_second=50, sleep=time.sleep)) as runner:
        run, wire = new_run(), Wire()
        await runner.stream(run, REQUEST, NOWHERE, None, wire=wire)
    assert (run.state, run.text) == (State.COMPLETE, TEXT)
    assert time.slept == [0.02] * len(EVENTS)
    assert [round(at / 0.02) for at, _ in wire.pieces] == list(range(1, len(EVENTS) + 1))
    assert run.timings.first_token_s == pytest.approx(0.08)


@pytest.mark.parametrize("kept", range(len(EVENTS) + 1))
async def test_a_recording_cut_at_any_event_is_never_complete(kept: int) -> None:
    async with running(replay=Recording(b"".join(EVENTS[:kept]) or b" ")) as runner:
        run = new_run()
        await runner.stream(run, REQUEST, NOWHERE, None)
    assert (run.state is State.COMPLETE) is (kept == len(EVENTS))
    assert run.state is not None
    assert TEXT.startswith(run.text)


def test_a_file_that_can_not_be_replayed_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sse"
    empty.write_text("\n")
    for path in (tmp_path / "none.sse", empty, tmp_path):
        with pytest.raises(RecordingError, match=path.name):
            Recording.read(path)
