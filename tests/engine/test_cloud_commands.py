"""A profile's command prints whatever it likes, asks nothing, and a look-up that hangs keeps nobody."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.clouds import chosen, run_on
from tests.engine.running import running
from tests.engine.test_cloud_keys import NOTHING, aws_files
from workbench.core.state import State
from workbench.engine import cloud_keys
from workbench.simulator import Simulator
from workbench.simulator.clouds.sigv4 import ACCESS_KEY, SECRET_KEY

__all__ = ["aws_files"]
ODD_COMMANDS = {
    "no JSON": "echo not-json-but-secret",
    "a list": "echo '[1]'",
    "no text": "printf '\\377\\376'",
    "numbers": """echo '{"Version":1,"AccessKeyId":5,"SecretAccessKey":6}'""",
    "no day": """echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s","Expiration":"tomorrow"}'""",
    "expired": """echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s","SessionToken":"t",'"""
    """'"Expiration":"2020-01-01T00:00:00Z"}'""",
    "a failure": "echo secret >&2; exit 3",
}


@pytest.fixture
def command(aws_files: Path) -> Callable[[str], None]:
    """Writes what the profile `run` gets its credentials from."""
    file = aws_files / "command.sh"

    def write(script: str) -> None:
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)
        (aws_files / "config").write_text(f"[profile run]\ncredential_process = {file}\n")

    return write


@pytest.mark.parametrize("script", ODD_COMMANDS.values(), ids=ODD_COMMANDS)
async def test_whatever_a_credential_process_prints_is_told_and_not_shown(
    script: str, command: Callable[[str], None]
) -> None:
    command(script)
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="run"))
        assert simulator.received == []
    assert record.problem is not None
    assert (record.state, record.problem.title) == (State.UNREACHABLE, "No AWS credentials")
    assert "The credentials of the AWS profile run can't be had" in record.problem.detail
    assert "secret" not in str(record.problem)


async def test_nothing_asks_on_the_terminal_that_a_screen_has(
    aws_files: Path, command: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the MFA code of a role nor the command of a profile."""
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("asked"))
    pair = f'AccessKeyId":"{ACCESS_KEY}","SecretAccessKey":"{SECRET_KEY}'
    command(f"""test -z "$(cat)" && ! (: </dev/tty) 2>/dev/null && echo '{{"Version":1,"{pair}"}}'""")
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="run"))
        assert record.state is State.COMPLETE
        role = "role_arn = arn:aws:iam::1:role/x\nmfa_serial = arn:aws:iam::1:mfa/me\nsource_profile = dev\n"
        (aws_files / "config").write_text(f"[profile role]\n{role}")
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="role"))
    assert record.problem is not None
    assert record.problem.detail == "The AWS profile role wants an MFA code, which can't be typed here."
    assert "export-credentials --profile role" in record.problem.hint


async def test_a_command_behind_a_role_has_a_session_of_its_own_too(
    aws_files: Path, command: Callable[[str], None]
) -> None:
    command(f"ps -o pgid= -p $$ > {aws_files}/group; echo $$ >> {aws_files}/group; exit 1")
    with (aws_files / "config").open("a") as config:
        config.write("[profile role]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = run\n")
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="role"))
    assert record.problem is not None
    assert record.problem.title == "No AWS credentials"
    group, own = (aws_files / "group").read_text().split()
    assert group == own


async def test_a_look_up_that_hangs_is_given_up_and_nobody_waits_for_it_at_the_end(
    aws_files: Path, command: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(aws_files / "go")
    command(f"read line < {aws_files}/go; exit 1")
    monkeypatch.setattr(cloud_keys, "SECONDS", 0.2)
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="run"))
    assert record.problem is not None
    assert record.problem.title == "No credentials in time"
    (waiting,) = (each for each in threading.enumerate() if each.name == "signing")
    assert waiting.daemon
    (aws_files / "go").write_text("on\n")
    waiting.join(5)


async def test_many_lanes_are_one_look_up(aws_files: Path, command: Callable[[str], None]) -> None:
    pair = f'AccessKeyId":"{ACCESS_KEY}","SecretAccessKey":"{SECRET_KEY}'
    command(f"""echo once >> {aws_files}/asked; sleep 0.2; echo '{{"Version":1,"{pair}"}}'""")
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("aws", simulator.base_url, NOTHING, profile="run")
        records = await asyncio.gather(*(run_on(runner, found) for _ in range(4)))
        signed = [each.header("authorization") for each in simulator.received]
    assert {record.state for record in records} == {State.COMPLETE}
    assert (aws_files / "asked").read_text() == "once\n"
    covered = "anthropic-version;anthropic-workspace-id;content-type;host;x-amz-date"
    assert all(f"SignedHeaders={covered}," in each for each in signed)


async def test_nothing_is_looked_up_for_who_left_while_another_look_up_hung(
    aws_files: Path, command: Callable[[str], None]
) -> None:
    command(f"echo once >> {aws_files}/asked; echo > {aws_files}/begun; read line < {aws_files}/go; exit 1")
    for name in ("begun", "go"):
        os.mkfifo(aws_files / name)
    before = set(threading.enumerate())
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("aws", simulator.base_url, NOTHING, profile="run")
        runs = [asyncio.create_task(run_on(runner, found)) for _ in range(3)]
        await asyncio.to_thread((aws_files / "begun").read_text)
        for each in runs:
            each.cancel()
        await asyncio.gather(*runs, return_exceptions=True)
        (aws_files / "go").write_text("on\n")
        looking = [each for each in threading.enumerate() if each.name == "signing" and each not in before]
        for thread in looking:
            await asyncio.to_thread(thread.join, 5)
            assert not thread.is_alive()
    assert (aws_files / "asked").read_text() == "once\n"
