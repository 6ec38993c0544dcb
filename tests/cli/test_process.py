"""The program as a process of its own: what it imports, its streams, its signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Served

COMMAND = (sys.executable, "-m", "workbench")
IMPORTS = """
import sys
from workbench.__main__ import main
status = main(sys.argv[1:])
heavy = {"textual", "rich", "httpx", "asyncio", "click", "pygments", "anthropic", "pyperclip"} & set(sys.modules)
print("\\nHEAVY", *sorted(heavy))
print("ENGINE", *sorted(name for name in sys.modules if name.startswith("workbench.engine")))
sys.exit(status)
"""


def imported(*words: str, which: str = "HEAVY") -> set[str]:
    """Which of the heavy modules a command imports, or which of the ENGINE's."""
    done = subprocess.run([sys.executable, "-c", IMPORTS, *words], capture_output=True, text=True, check=True)
    return next(set(line.split()[1:]) for line in done.stdout.splitlines() if line.startswith(which))


def test_no_command_without_a_network_loads_the_network_or_the_screen() -> None:
    Path("s.toml").write_text("[params]\nmax_tokens = 3\n")
    assert imported("export", "--as", "python", "--prompt", "a") == set()
    assert imported("models") == set()
    assert imported("cost", "s.toml") == set()


def test_run_never_loads_the_screen(served: Served) -> None:
    assert imported("run", "--prompt", "hi") == {"asyncio", "httpx"}


def test_a_run_without_a_file_loads_nothing_of_files_nor_of_clouds(served: Served) -> None:
    few = {f"workbench.engine.{each}" for each in ("open_session", "store", "results", "recovery", "dialects.vertex")}
    assert imported("run", "--prompt", "hi", which="ENGINE") & few == set()
    assert few - imported("run", "s.toml", "--prompt", "hi", which="ENGINE") == {
        "workbench.engine.dialects.vertex",
        "workbench.engine.results",
    }


def test_text_is_utf8_whatever_the_locale_says(served: Served) -> None:
    environ = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = ("export", "--as", "json", "--prompt-file", "p.txt")
    Path("p.txt").write_text("naïve € 😀", encoding="utf-8")
    done = subprocess.run([*COMMAND, *words], env=environ, capture_output=True, check=True)
    assert "naïve € 😀" in done.stdout.decode("utf-8")


def test_a_reader_that_leaves_is_no_error_and_the_answer_is_kept(served: Served) -> None:
    shell = f"{sys.executable} -m workbench run s.toml --prompt 'Tell me a story.' --repeat 3; echo status $? >&2"
    done = subprocess.run(["bash", "-c", f"({shell}) | head -c 1"], capture_output=True, check=True)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert b"status 0" in done.stderr
    assert len(tomllib.loads(Path("s.toml").read_text())["runs"]) == 3


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_closed_stream_is_no_error(closed: str, served: Served) -> None:
    shell = f"{sys.executable} -m workbench run s.toml --prompt hi {closed}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert Path("s.toml").exists()


@pytest.mark.parametrize("words", [[], ["s.toml"], ["--theme", "paper"]])
def test_the_screen_is_refused_in_one_line_without_a_terminal(words: list[str]) -> None:
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_the_runs_keeps_what_came_and_says_so(
    number: signal.Signals, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    with Served(speed=40.0) as slow:
        words = ("run", "s.toml", "--base-url", slow.base_url, "--prompt", "Tell me a very long story.")
        with subprocess.Popen([*COMMAND, *words], bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            first = process.stdout.read(1)
            process.send_signal(number)
            rest, talk = process.communicate(timeout=60)
    kept = tomllib.loads(Path("s.toml").read_text())
    assert process.returncode == status
    assert b"Traceback" not in talk
    assert kept["runs"][0]["state"] == "cancelled"
    assert kept["messages"][1]["text"] == (first + rest).decode()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_simulate_prints_its_address_first_and_serves_until_stopped(number: signal.Signals, status: int) -> None:
    with subprocess.Popen(
        [*COMMAND, "simulate", "--speed", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().decode().strip()
        taken = subprocess.run(
            [*COMMAND, "simulate", "--port", address.rpartition(":")[2]], capture_output=True, text=True, check=False
        )
        asked = subprocess.run(
            [*COMMAND, "run", "--base-url", address, "--prompt", "hi", "--json"],
            env={**os.environ, "ANTHROPIC_API_KEY": "sk-test-0123456789"},
            capture_output=True,
            text=True,
            check=True,
        )
        server.send_signal(number)
        rest, talk = server.communicate(timeout=60)
    assert address.startswith("http://127.0.0.1:")
    assert json.loads(asked.stdout)["state"] == "complete"
    assert taken.returncode == 2
    assert taken.stderr.count("\n") == 1
    assert "in use" in taken.stderr
    assert server.returncode == status
    assert rest == b""
    assert b"Traceback" not in talk


def test_nothing_is_paid_for_when_the_reader_left_and_nobody_keeps_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    with Served(speed=20.0) as slow:
        run = f"{sys.executable} -m workbench run --base-url {slow.base_url} --prompt 'Tell me a long story.'"
        done = subprocess.run(
            ["bash", "-c", f"({run}; echo status $? >&2) | head -c 1"], capture_output=True, check=False, timeout=60
        )
    assert b"status 1" in done.stderr
    assert b"cancelled" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_behind_standard_output_is_a_sentence() -> None:
    shell = f"{sys.executable} -m workbench models > /dev/full"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"standard output can't be written: no space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
