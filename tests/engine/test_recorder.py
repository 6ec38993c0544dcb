"""What was recorded replays as the same run."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fault_server import EVENTS, STREAM, answers, head, packed, says, sends, serving
from tests.engine.running import KEY, REQUEST, endpoint, new_run, running
from workbench.core.run import Run, State
from workbench.engine import recorder
from workbench.engine.files import ChangedOnDisk, StoreError
from workbench.engine.replay import Recording
from workbench.engine.wire import Wire

RECORDINGS = Path(__file__).parent.parent / "recordings"
ALIKE = ("state", "text", "stop_reason", "usage", "events", "flags")


async def asked(*behaviours: Any) -> tuple[Run, Wire]:
    run, wire = new_run(), Wire()
    async with serving(*behaviours) as server, running(retries=0) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=wire)
    return run, wire


async def replayed(path: Path) -> Run:
    run = new_run()
    async with running(replay=Recording.read(path)) as runner:
        await runner.stream(run, REQUEST, endpoint("https://no-such-host.invalid"), None)
    return run


@pytest.mark.parametrize(
    ("behave", "body"),
    [
        (answers, STREAM),
        (packed(STREAM), STREAM),
        (sends(head() + b"".join(EVENTS[:7])), b"".join(EVENTS[:7])),
        (sends(head() + b"".join(EVENTS[:7]) + b"event: cont"), b"".join(EVENTS[:7]) + b"event: cont"),
        (sends(head() + STREAM.replace(b"\n", b"\r\n")), STREAM.replace(b"\n", b"\r\n")),
    ],
)
async def test_a_recording_replays_as_the_same_run(tmp_path: Path, behave: Any, body: bytes) -> None:
    run, wire = await asked(behave)
    path = recorder.save(tmp_path / "one.sse", wire)
    assert path.read_bytes() == recorder.body_of(wire) == body
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = await replayed(path)
    assert {name: getattr(again, name) for name in ALIKE} == {name: getattr(run, name) for name in ALIKE}
    assert run.state in {State.COMPLETE, State.INTERRUPTED}


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (says("429 Too Many Requests", b'{"type":"error","error":{"type":"rate_limit_error","message":"x"}}'), "429"),
        (says("200 OK", b'{"type":"message","content":[]}'), "not as a stream"),
        (sends(head()), "no event came"),
        (sends(b""), "no answer came"),
    ],
)
async def test_what_is_no_stream_is_no_recording(tmp_path: Path, behave: Any, reason: str) -> None:
    _, wire = await asked(behave)
    refuses(tmp_path / "one.sse", wire, reason)


def refuses(path: Path, wire: Wire, reason: str) -> None:
    with pytest.raises(StoreError, match=reason):
        recorder.save(path, wire)
    assert not path.exists()


def wire_of(body: bytes) -> Wire:
    return Wire(status=200, pieces=[(0.1, body)])


@pytest.mark.fault("F09")
def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "one.sse"
    recorder.save(path, wire_of(b"data: 1\n\n"))
    with pytest.raises(ChangedOnDisk):
        recorder.save(path, wire_of(b"data: 2\n\n"))
    assert path.read_bytes() == b"data: 1\n\n"
    recorder.save(path, wire_of(b"data: 2\n\n"), overwrite=True)
    assert path.read_bytes() == b"data: 2\n\n"


@pytest.mark.fault("F15")
def test_a_free_name_stands_beside_the_session(tmp_path: Path) -> None:
    session = tmp_path / "tides.toml"
    first = recorder.place(session, Path("elsewhere"), "r1")
    assert first == tmp_path / "tides.r1.sse"
    first.touch()
    (tmp_path / "tides.r1-2.sse").symlink_to("nowhere")
    assert recorder.place(session, Path("elsewhere"), "r1") == tmp_path / "tides.r1-3.sse"
    assert recorder.place(None, tmp_path, "../r/1") == tmp_path / "run.r-1.sse"


async def test_every_recording_of_the_tests_survives_being_recorded(tmp_path: Path) -> None:
    for source in sorted(RECORDINGS.glob("*.sse")):
        run, wire = new_run(), Wire()
        async with running(replay=Recording.read(source)) as runner:
            await runner.stream(run, REQUEST, endpoint("https://no-such-host.invalid"), None, wire=wire)
        path = recorder.save(tmp_path / source.name, wire)
        again = await replayed(path)
        assert (again.state, again.text, again.usage) == (run.state, run.text, run.usage), source.name
