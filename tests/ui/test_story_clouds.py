"""Claude through a cloud, on the screen: what it doesn't report is said, its frames read well, no secret shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.clouds import SESSION_TOKEN, chosen
from tests.engine.running import REQUEST, new_run, running
from tests.ui.acts import Start
from tests.ui.board_acts import catch_copies, copies, goes_to_wire
from workbench.core.params import Params
from workbench.core.rebuilt import rebuild
from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.engine import recorder
from workbench.engine.endpoints import REPLAY
from workbench.engine.replay import Recording
from workbench.engine.wire import Wire
from workbench.simulator import Simulator
from workbench.simulator.clouds.sigv4 import SECRET_KEY
from workbench.ui.wire import sections

MODEL = "us.anthropic.claude-sonnet-4-6"


async def test_a_run_on_bedrock_from_the_prompt_to_its_wire(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copied = catch_copies(monkeypatch)
    async with Simulator(speed=0) as server, start("usual", chosen=chosen("bedrock", server.base_url)) as user:
        session = replace(user.chat.session, params=Params(model=MODEL, max_tokens=60))
        user.chat.change(session)
        await user.asks("Name a colour.")
        (record,) = user.chat.session.runs
        assert record.state is State.COMPLETE
        user.reads("limits not reported by Bedrock", "sonnet-4-6")
        sent = server.received[-1]
        rebuilt = rebuild(user.chat.session, record)
        assert rebuilt is not None
        assert rebuilt.exact
        assert rebuilt.request.encoded == sent.body

        wire = user.chat.wires[record.id]
        await goes_to_wire(user)
        user.reads("signed with AWS_ACCESS_KEY_ID", sections.FRAMED[:40], '{"anthropic_version":"bedrock-')
        user.reads("message_start", "content_block_delta")
        for secret in (SECRET_KEY, SESSION_TOKEN, "Signature="):
            assert secret not in user.screen
        path = recorder.save(tmp_path / "bedrock.sse", wire)
        made = await copies(user, "copy-as", copied, "curl")
        assert "--aws-sigv4 aws:amz:us-east-1:bedrock" in made
        assert "Bearer" not in made
        assert "x-amz-date" not in made

        await user.does("back")
        user.chat.wires.clear()
        await goes_to_wire(user)
        user.reads(sections.REBUILT[:40], '{"anthropic_version":"bedrock-')

        desk, digest = user.app.desk, record.request_sha256
        own = replace(desk.chosen.endpoint, version="bedrock-2031-01-01")
        odd = replace(record, request_sha256=rebuilt.request.at(own).digest)
        assert odd.request_sha256 != digest
        user.chat.record(replace(user.chat.session, runs=(odd,)))
        for version in ("auto", own.version):  # as the configuration had it when that was sent, or not any more
            desk.config = replace(desk.config, endpoints={"mine": replace(own, version=version)})
            remade = rebuild(user.chat.session, odd, versions=desk.versions)
            assert remade is not None
            assert remade.exact is (version == own.version)
            await user.does("back")
            await goes_to_wire(user)
            assert (sections.REBUILT[:40] in user.screen) is remade.exact
    async with running(replay=Recording.read(path)) as runner:
        await runner.stream(again := new_run(), REQUEST, REPLAY, None)
    assert (again.state, again.text) == (State.COMPLETE, record.text)


def test_where_credentials_were_found_is_the_last_that_a_narrow_screen_leaves_out() -> None:
    wire = Wire(url="https://h.example", signed_by="signed with X", route="a proxy")
    (request,) = (each for each in sections.of_wire(RunRecord("r1"), wire) if each.title == "request")
    assert request.note.split(" · ") == ["signed with X", "the key is masked", "a proxy"]
