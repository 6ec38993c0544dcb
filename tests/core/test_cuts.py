"""Whatever is cut off, nothing is claimed: no recording is complete before its message_stop (faults S03–S06)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recordings import NAMES, load, new_run, recorded, replayed
from workbench.core import events
from workbench.core.run import Run
from workbench.core.sse import Decoder
from workbench.core.state import State

WHOLE = {name: replayed(name) for name in NAMES}
ENDS_WELL = [name for name in NAMES if WHOLE[name].stopped]
CUT_STATES = {State.INTERRUPTED, State.UNCONFIRMED, State.MALFORMED}


def check(run: Run, whole: Run, stops_seen: int) -> None:
    """An exact prefix, block by block, and complete only after message_stop."""
    state = run.verdict()
    assert (state is State.COMPLETE) == (stops_seen == 1)
    assert whole.text.startswith(run.text)
    assert len(run.blocks) <= len(whole.blocks)
    for block, full in zip(run.blocks, whole.blocks, strict=False):
        assert full.text.startswith(block.text)
    if not stops_seen and not run.failed:
        assert state in CUT_STATES
        assert (state is State.UNCONFIRMED) == (run.stop_reason is not None and run.usage_final)
        assert state is not State.MALFORMED or not run.events


@pytest.mark.fault("S03", "S09")
@pytest.mark.parametrize("name", NAMES)
def test_a_cut_at_every_byte(name: str) -> None:
    """The stream is fed byte by byte and judged at each: what a cut there would mean."""
    decoder, run, stops = Decoder(), new_run(), 0
    check(run, WHOLE[name], stops)
    for byte in load(name):
        frames = decoder.feed(bytes([byte]))
        for event in map(events.parse, frames):
            run.apply(event)
            stops += isinstance(event, events.MessageStop)
        if frames:
            check(run, WHOLE[name], stops)
        else:
            assert (run.verdict() is State.COMPLETE) == (stops == 1)
    assert stops == (name in ENDS_WELL)
    assert run.content() == WHOLE[name].content()


@pytest.mark.fault("S03")
@pytest.mark.parametrize("name", NAMES)
def test_a_cut_at_every_event_ends_the_run_so(name: str) -> None:
    stream = recorded(name)[:60]
    for at in range(len(stream)):
        run = new_run()
        for event in stream[:at]:
            run.apply(event)
        run.finish()
        assert run.state is not State.COMPLETE
        assert run.problem is not None
        assert WHOLE[name].text.startswith(run.text)


@pytest.mark.fault("S03")
@given(st.sampled_from(NAMES), st.data())
def test_a_cut_anywhere_in_pieces_of_any_size(name: str, data: st.DataObject) -> None:
    recording = load(name)
    cut = recording[: data.draw(st.integers(0, len(recording)))]
    decoder, run = Decoder(), new_run()
    while cut:
        size = data.draw(st.sampled_from([1, 5, 64, 1460, 65536]))
        for frame in decoder.feed(cut[:size]):
            run.apply(events.parse(frame))
        cut = cut[size:]
        if size < 64:
            break
    for frame in decoder.feed(cut):
        run.apply(events.parse(frame))
    run.finish(rest=decoder.flush())
    assert (run.state is State.COMPLETE) == run.stopped
    assert WHOLE[name].text.startswith(run.text)
    assert run.state is not State.MALFORMED or not run.events


def test_the_recordings_cover_both_endings() -> None:
    assert len(ENDS_WELL) > 15
    assert len(NAMES) - len(ENDS_WELL) == 3
