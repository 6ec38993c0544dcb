"""The wire as a journal hears it."""

from __future__ import annotations

from tests.engine.fault_server import STREAM, answers, packed, says, serving
from tests.engine.running import KEY, REQUEST, endpoint, new_run, running
from workbench.core.run import State
from workbench.engine.wire import Wire


async def heard(*behaviours: object) -> tuple[State | None, bytes]:
    run, pieces = new_run(), list[bytes]()
    async with serving(*behaviours) as server, running() as runner:  # type: ignore[arg-type]  # any behaviour
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=Wire(keep=False, hear=pieces.append))
    return run.state, b"".join(pieces)


async def test_each_byte_of_an_answer_is_heard_unpacked() -> None:
    assert await heard(answers) == (State.COMPLETE, STREAM)
    assert await heard(packed(STREAM)) == (State.COMPLETE, STREAM)


async def test_what_an_error_says_is_no_answer() -> None:
    assert await heard(says("500 Oops", b"data: oops\n\n"), answers) == (State.COMPLETE, STREAM)
