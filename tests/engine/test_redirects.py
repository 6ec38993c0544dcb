"""A redirect is shown and not followed: neither the key nor the prompt goes where a server points (fault N10)."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import pytest

from tests.engine.fault_server import FaultServer, answers, says, serving
from tests.engine.running import KEY, REQUEST, SECRET, endpoint, new_run, run_once, running
from workbench.core.problem import Problem
from workbench.core.safe import display
from workbench.core.state import State
from workbench.engine.wire import Wire

pytestmark = pytest.mark.fault("N10")

CODES = (301, 302, 303, 307, 308)
TARGETS = {
    "same origin": ("http://127.0.0.1:{first}/v2/messages", "http://127.0.0.1:{first}/v2/messages"),
    "other port": ("http://127.0.0.1:{second}/v1/messages", "http://127.0.0.1:{second}/v1/messages"),
    "other host": ("http://127.0.0.2:{second}/v1/messages?key=CANARY", "http://127.0.0.2:{second}/v1/messages"),
    "downgrade": ("http://localhost:{second}/#CANARY", "http://localhost:{second}/"),
    "user info": ("http://me:CANARY@127.0.0.1:{second}/x", "http://127.0.0.1:{second}/x"),
    "file": ("file:///etc/passwd", "file:/etc/passwd"),
    "relative": ("//127.0.0.1:{second}/x", "//127.0.0.1:{second}/x"),
}
"""Where it points, and how that is shown."""


@pytest.mark.parametrize("target", TARGETS)
async def test_no_redirect_is_followed(target: str) -> None:
    for code in CODES:
        async with serving(answers) as second:
            location, shown = TARGETS[target]
            async with serving() as first:
                ports = {"first": first.port, "second": second.port}
                first.behaviours = (says(f"{code} Moved", b"CANARY", location=location.format(**ports)), answers)
                run = await run_once(first.base_url)
                listed = await _models(first)
            assert (run.state, run.attempts, run.text) == (State.REJECTED, 1, "")
            assert run.problem is not None
            assert run.problem.title == "Redirected"
            assert f"points to {shown.format(**ports)}, and was not followed" in run.problem.detail
            assert "CANARY" not in str(run.problem)
            assert (len(first.requests), second.connections, len(second.requests)) == (2, 0, 0)
            assert isinstance(listed, Problem)


async def _models(server: FaultServer) -> object:
    """The smaller questions are redirected as little."""
    behave = server.behaviours[0]
    server.behaviours = (behave, behave)
    async with running() as runner:
        return await runner.models(endpoint(server.base_url), KEY)


@pytest.mark.parametrize(
    "location",
    [
        *(f"http://h/{SECRET}", f"http://h/?k={SECRET}", f"/a/{SECRET}/b", f"http://{SECRET}.h/"),
        f"http://h/{b64encode(SECRET.encode()).decode()}",
        "http://h/\t\x1b]52;c;x",
    ],
)
async def test_a_place_that_spells_the_key_or_commands_is_shown_without_them(location: str) -> None:
    wire = Wire()
    async with serving(says("302 Found", location=location)) as server, running() as runner:
        run = new_run()
        await asyncio.wait_for(runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=wire), 30)
    assert run.state in {State.REJECTED, State.UNREACHABLE}  # a header with a command in it is no HTTP
    for text in (str(run.problem), str(wire.response_headers)):
        assert SECRET not in text
        assert b64encode(SECRET.encode()).decode()[:20] not in text
    assert "\x1b" not in display(str(run.problem))
