"""The network's and the server's faults, each ending in the one state it must (faults N, H, S)."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import CHUNKED, ENDED, EVENTS, STREAM, TEXT, Behave, head, says, sends, serving, stalls
from tests.engine.running import KEY, PARAMS, REQUEST, SECRET, Time, endpoint, new_run, run_once, running
from workbench.core.request import Request, Turn
from workbench.core.run import State
from workbench.engine.client import MAX_ANSWER
from workbench.engine.timeouts import Timeouts

QUICK = {"timeouts": Timeouts(connect=0.2, read=0.05), "retries": 0}
PATIENT = {"timeouts": Timeouts(connect=10.0, read=10.0), "retries": 0}
BRIEF = {"timeouts": Timeouts(connect=10.0, read=0.3), "retries": 0}
SILENT = ("S01 silence", "N13 silence")
"""What only a timeout ends; on a busy machine it must end nothing else."""
PLAIN = head()
PART = b"".join(EVENTS[:6])
PART_CHUNK = b"%x\r\n%s\r\n" % (len(PART), PART)
BUSY = fault.event("error", error={"type": "overloaded_error", "message": "Busy."})
MESSAGE = b'{"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}'
ERROR = b'{"type":"error","error":{"type":"api_error","message":"Oh."}}'


async def test_a_whole_stream_is_complete() -> None:
    async with serving(fault.answers) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text, run.attempts, run.problem) == (State.COMPLETE, TEXT, 1, None)
    assert run.usage["output_tokens"] == 12
    assert run.request_sha256


ENDS: dict[str, tuple[Behave, State, str]] = {
    "S03 chunked end before message_stop": (sends(CHUNKED, PART_CHUNK, ENDED), State.INTERRUPTED, "ended before"),
    "S04 closed body": (sends(PLAIN, PART), State.INTERRUPTED, "ended before"),
    "S05 half chunk": (sends(CHUNKED, PART_CHUNK[:-20]), State.INTERRUPTED, "too early"),
    "S05 bad chunk size": (sends(CHUNKED, PART_CHUNK, b"zz\r\n"), State.INTERRUPTED, "too early"),
    "S02 reset": (sends(CHUNKED, PART_CHUNK, reset=True), State.INTERRUPTED, "broke"),
    "S01 silence": (stalls(CHUNKED, PART_CHUNK), State.INTERRUPTED, "stopped sending"),
    "S06 no message_stop": (sends(PLAIN, *EVENTS[:-1]), State.UNCONFIRMED, "not the end"),
    "S07 error event": (sends(PLAIN, PART, BUSY), State.REJECTED, "Busy."),
    "S08 no JSON": (sends(PLAIN, b"data: {oops\n\n" * 2), State.MALFORMED, "not JSON"),
    "S16 huge event": (sends(PLAIN, PART, b"data: " + b"x" * (17 << 20)), State.MALFORMED, "16 MiB"),
    "S18 gzip": (fault.packed(STREAM), State.COMPLETE, ""),
    "S18 truncated gzip": (fault.packed(STREAM, cut=-30), State.INTERRUPTED, "too early"),
    "S18 not gzip": (sends(head(content_encoding="gzip"), STREAM), State.MALFORMED, "gzip"),
    "S18 unknown packing": (sends(head(content_encoding="br"), STREAM), State.MALFORMED, "br"),
    "S20 bytes after the end": (sends(PLAIN, STREAM, b"garbage" * 9), State.COMPLETE, ""),
    "S20 kept open": (stalls(CHUNKED, b"%x\r\n%s\r\n" % (len(STREAM), STREAM)), State.COMPLETE, ""),
    "N11 a web page": (says("200 OK", b"<html>\x1b[31m<b>Log in</b>", "text/html"), State.MALFORMED, "Log in"),
    "N11 text": (says("200 OK", b"hello there", "text/plain"), State.MALFORMED, "hello there"),
    "N12 no content": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), State.MALFORMED, "nothing"),
    "N12 empty": (says("200 OK", b"", "text/event-stream"), State.MALFORMED, "nothing"),
    "N12 interim": (sends(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", PLAIN, STREAM), State.COMPLETE, ""),
    "N13 garbage": (sends(b"SSH-2.0-OpenSSH_9\r\n\r\n"), State.UNREACHABLE, "no HTTP"),
    "N13 closed at once": (sends(), State.UNREACHABLE, "without an answer"),
    "N13 half a head": (sends(b"HTTP/1.1 200 OK\r\ncontent-"), State.UNREACHABLE, "without an answer"),
    "N13 huge header": (sends(head(x_big="x" * 200_000), STREAM), State.UNREACHABLE, ""),
    "N13 silence": (stalls(), State.UNREACHABLE, "sent nothing back"),
    "JSON message": (says("200 OK", MESSAGE), State.COMPLETE, ""),
    "JSON error": (says("200 OK", ERROR), State.REJECTED, "Oh."),
    "JSON nonsense": (says("200 OK", b"{"), State.MALFORMED, "{"),
    "JSON of another kind": (says("200 OK", b"[1]"), State.MALFORMED, "[1]"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
async def test_each_fault_ends_in_its_state(name: str) -> None:
    behave, state, words = ENDS[name]
    async with serving(behave) as server:
        run = await run_once(server.base_url, options=BRIEF if name in SILENT else PATIENT)
    assert run.state is state, run.problem
    assert run.attempts == 1
    if state is State.COMPLETE:
        assert run.problem is None
        assert run.text in {TEXT, "Hi"}
    else:
        assert words in str(run.problem)
        assert run.text in TEXT
    if state in {State.INTERRUPTED, State.UNCONFIRMED}:
        assert run.text.startswith("word0 word1 ")


async def test_a_gzip_bomb_meets_the_cap() -> None:
    bomb = gzip.compress(b": ping ping ping ping\n" * (MAX_ANSWER // 20), 1)
    async with serving(sends(head(content_encoding="gzip", content_length=len(bomb)), bomb)) as server:
        run = await run_once(server.base_url, options={"retries": 0})
    assert run.state is State.MALFORMED
    assert "64 MiB" in str(run.problem) or "16 MiB" in str(run.problem)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_refusal_is_told_and_not_repeated(status: int) -> None:
    body = b'{"type":"error","error":{"type":"some_error","message":"Because %s."}}' % SECRET.encode()
    async with serving(says(f"{status} No", body, request_id="req_1")) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.attempts, len(server.requests)) == (State.REJECTED, 1, 1)
    assert run.problem is not None
    assert (run.problem.status, run.problem.type, run.request_id) == (status, "some_error", "req_1")
    assert SECRET not in str(run.problem)


BODIES = (b"", b"<h1>Bad</h1>", b'{"type":"error"', b"x" * (2 << 20), b"[" * 5000, b'{"error": NaN}')


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
async def test_what_passes_is_tried_again(status: int) -> None:
    time = Time()
    async with serving(*(says(f"{status} No", BODIES[status % 6]) for _ in range(2)), fault.answers) as server:
        run = await run_once(server.base_url, time)
    assert (run.state, run.attempts, run.text) == (State.COMPLETE, 3, TEXT)
    assert time.slept == pytest.approx([0.5, 1.0])
    assert run.timings.retry_wait_s == pytest.approx(1.5)
    assert run.timings.total_s == 0.0


@pytest.mark.parametrize("body", BODIES)
async def test_it_gives_up_after_the_retries_whatever_the_body(body: bytes) -> None:
    async with serving(says("500 No", body)) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.attempts, len(server.requests)) == (State.REJECTED, 3, 3)
    assert run.problem is not None
    assert run.problem.status == 500


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_shown_and_not_followed(code: int) -> None:
    async with (
        serving(fault.answers) as other,
        serving(
            says(f"{code} Elsewhere", b"", location=f"http://user:pw@127.0.0.1:{other.port}/v1/messages?key=1")
        ) as server,
    ):
        run = await run_once(server.base_url)
        assert (run.state, other.connections) == (State.REJECTED, 0)
    assert f"127.0.0.1:{other.port}" in str(run.problem)
    assert "pw" not in str(run.problem)


async def test_an_early_answer_to_a_large_upload_is_shown() -> None:
    """N15: the server answers, and closes, before it has read the request."""

    async def early(talk: fault.Talk) -> None:
        await says("413 Too Large", b"{}")(talk)
        talk.writer.close()

    run = new_run()
    async with serving(early, bodies_first=False) as server, running() as runner:
        request = Request(PARAMS, (Turn("user", "x" * (24 << 20)),))
        await runner.stream(run, request, endpoint(server.base_url), KEY)
    assert run.problem is not None
    assert (run.state, run.problem.status) == (State.REJECTED, 413)
    assert "25.2 MB" in run.problem.detail


async def test_nobody_listens() -> None:
    async with serving() as server:
        port = server.port
    time = Time()
    run = await run_once(f"http://127.0.0.1:{port}", time)
    assert (run.state, run.attempts, len(time.slept), run.sent) == (State.UNREACHABLE, 3, 2, False)
    assert f"127.0.0.1:{port}" in str(run.problem)
    assert "refused" in str(run.problem)


async def test_a_host_without_an_address() -> None:
    run = await run_once("https://no-such-host.invalid", options={"retries": 0})
    assert run.state is State.UNREACHABLE
    assert "no-such-host.invalid" in str(run.problem)


@pytest.mark.parametrize("behave", [stalls(), sends()])
async def test_a_request_that_went_out_may_have_been_paid_for_although_no_answer_came(behave: Behave) -> None:
    async with serving(behave) as server:
        run = await run_once(server.base_url, options=QUICK)
    assert (run.state, run.sent, run.simulated) == (State.UNREACHABLE, True, False)


@pytest.mark.parametrize("behave", [stalls(), sends(b"HTTP/1.1 400 Bad\r\n\r\n")])
async def test_tls_to_a_plain_server(behave: Behave) -> None:
    async with serving(behave) as server:
        run = await run_once(server.base_url.replace("http", "https"), options=QUICK)
    assert run.state is State.UNREACHABLE
    assert "http://" in str(run.problem)
    assert run.attempts == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "http://[::1", "ftp://127.0.0.1", "http://"])
async def test_an_address_that_slipped_through_is_still_no_crash(url: str) -> None:
    try:
        run = await run_once(url, options=QUICK)
    except ValueError as error:
        pytest.fail(f"raised {error}")
    assert run.state is State.UNREACHABLE


async def test_a_kept_connection_that_was_closed_is_replaced_silently() -> None:
    """N14: the server took the second request over the kept connection, and closed it without a byte."""
    async with serving(fault.answers, sends(), fault.answers) as server, running(time := Time()) as runner:
        runs = [new_run(), new_run()]
        for run in runs:
            await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert [run.state for run in runs] == [State.COMPLETE, State.COMPLETE]
    assert [run.attempts for run in runs] == [1, 2]
    assert time.slept == []
    assert server.connections == 2


async def test_a_clean_connection_is_used_again() -> None:
    async with serving(fault.answers) as server, running() as runner:
        for _ in range(4):
            await runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY)
        assert server.connections == 1
        await asyncio.gather(*(runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY) for _ in range(3)))
        assert server.connections == 3
