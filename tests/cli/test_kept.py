"""What `workbench run` keeps of answers: killed, stopped, beside another program, on disks that fail."""

from __future__ import annotations

import ctypes
import errno
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import journal, names, store
from workbench.engine.open_session import OpenSession
from workbench.simulator.exchange import Request, Response

COMMAND = (sys.executable, "-m", "workbench")
ASKED = ("run", "s.toml", "--prompt", "Tell me a very long story.")
PARAMS = '[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 2000\n'


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Answers that take their time."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    with Served(speed=400.0) as served:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.base_url)
        yield served


def there() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


@pytest.mark.fault("F06")
@pytest.mark.usefixtures("slow")
def test_killed_while_it_streams_nothing_that_was_shown_is_lost(rounds: Callable[[int, int], int]) -> None:
    chance = random.Random(7)
    Path("s.toml").write_text(PARAMS)
    done = 0
    for number in range(1, rounds(2, 50) + 1):
        with subprocess.Popen([*COMMAND, *ASKED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            shown = process.stdout.read(chance.randrange(1, 400))
            process.kill()
            shown += process.stdout.read()
        done += process.returncode == 0
        session = store.load(Path("s.toml")).session
        last = session.runs[-1]
        assert len(session.runs) == number
        assert last.text.startswith(shown.decode(errors="ignore"))
        assert last.state is (State.COMPLETE if process.returncode == 0 else State.INTERRUPTED)
        assert last.problem is None or last.problem.title == "The program ended"
    assert done < number
    assert len(there()) <= 3


@pytest.mark.fault("F06")
def test_what_a_killed_one_left_is_told_and_is_in_the_file_after_the_next(program: Program, slow: Served) -> None:
    with subprocess.Popen([*COMMAND, *ASKED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        shown = process.stdout.read(50)
        process.kill()
    counted = program("cost", "s.toml", "--json")
    assert '"total": {"runs": 1' in counted.out
    assert 'the answer to "Tell me a very long story.", which was coming' in counted.err
    told = program("run", "s.toml", "--prompt", "hi", "--set", "max_tokens=5").err
    assert 'the answer to "Tell me a very long story."' in told
    kept = tomllib.loads(Path("s.toml").read_text())
    assert [row["state"] for row in kept["runs"]] == ["interrupted", "complete"]
    assert kept["messages"][1]["text"].startswith(shown.decode())
    assert there() == ["s.toml"]


@pytest.mark.fault("F06")
def test_killed_before_anything_came_what_was_asked_and_may_be_paid_is_kept(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    Path("s.toml").write_text(PARAMS)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen([*COMMAND, *ASKED, "--base-url", address], stderr=subprocess.DEVNULL) as process:
            asking, _ = silent.accept()
            with asking:
                assert asking.recv(1000)
                process.kill()
    session = store.load(Path("s.toml")).session
    assert [each.text for each in session.messages] == [ASKED[-1]]
    assert [(each.state, bool(each.request_sha256)) for each in session.runs] == [(State.INTERRUPTED, True)]
    assert 'nothing is here of the answer to "Tell me a very long story."' in program("recover", "s.toml").out


@pytest.mark.fault("F06")
def test_each_run_is_in_the_journal_before_its_request_arrives(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(PARAMS + "[[lanes]]\n[[lanes]]\n")
    begun: list[int] = []
    answer = served.simulator._router.answer

    async def looks(request: Request) -> Response:
        kept = journal.read(names.beside(Path("s.toml"), names.JOURNAL))
        begun.append(sum("started" in record for record in kept.records) if kept else 0)
        return await answer(request)

    monkeypatch.setattr(served.simulator._router, "answer", looks)
    assert program("run", "s.toml", "--prompt", "hi", "--set", "max_tokens=5").status == 0
    assert begun == [2, 2]


@pytest.mark.fault("F06")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_keeps_what_came_in_the_file_and_leaves_nothing_beside_it(
    number: signal.Signals, status: int, slow: Served
) -> None:
    with subprocess.Popen([*COMMAND, *ASKED], bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.read(20)
        process.send_signal(number)
        rest, talk = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in talk) == (status, False)
    kept = tomllib.loads(Path("s.toml").read_text())
    assert kept["messages"][1]["text"] == (first + rest).decode()
    assert [row["state"] for row in kept["runs"]] == ["cancelled"]
    assert there() == ["s.toml"]


# Another program has the file


@pytest.mark.fault("F07")
@pytest.mark.parametrize("words", [ASKED, ("sweep", "s.toml", "--axis", "temperature=0,1", "--prompt", "hi")])
def test_a_file_that_is_open_elsewhere_is_refused_before_anything_is_sent(
    words: tuple[str, ...], program: Program, served: Served
) -> None:
    held = OpenSession.create(Path("s.toml"), Session(title="theirs"))
    result = program(*words)
    assert result.status == 2
    assert f"s.toml is in use: process {os.getpid()} has it open. Close it there, or add --no-save" in result.err
    assert served.simulator.received == []
    assert program(*words, "--no-save", "--set", "max_tokens=5").status == 0
    assert program("cost", "s.toml").status == 0
    held.close()
    assert program(*words, "--set", "max_tokens=5").status == 0
    assert store.load(Path("s.toml")).session.title == "theirs"


@pytest.mark.fault("F07")
def test_the_lock_of_a_program_that_died_keeps_nobody_out(program: Program, served: Served) -> None:
    dies = "from workbench.engine.open_session import *; from pathlib import Path; import os\n"
    dies += "from workbench.core.session import Session; OpenSession.create(Path('s.toml'), Session()); os._exit(9)"
    subprocess.run([sys.executable, "-c", dies], check=False)
    assert ".s.toml.lock" in there()
    assert program("run", "s.toml", "--prompt", "hi").status == 0
    assert there() == ["s.toml"]


def test_an_error_before_anything_is_sent_lets_the_file_go(program: Program, served: Served) -> None:
    Path("s.toml").write_text(PARAMS)
    before = Path("s.toml").read_bytes()
    assert program("run", "s.toml", "--prompt", " ").status == 2
    assert program("run", "s.toml", "--lane", "Z", "--prompt", "hi").status == 2
    assert program("sweep", "s.toml", "--axis", "nonsense=1", "--prompt", "hi").status == 2
    assert (there(), Path("s.toml").read_bytes()) == (["s.toml"], before)


# Disks that fail


def failing(folder: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every such call on a file in the folder finds the disk full."""
    real: Callable[..., Any] = getattr(os, call)

    def fails(descriptor: int, *given: Any) -> Any:
        if Path(f"/proc/self/fd/{descriptor}").readlink().parent == folder.resolve():
            raise OSError(errno.ENOSPC, "full")
        return real(descriptor, *given)

    monkeypatch.setattr(os, call, fails)


def fails_once_it_is_sent(served: Served, monkeypatch: pytest.MonkeyPatch, call: str = "write") -> None:
    """Every such call finds the disk full from when the first request arrives."""
    answer = served.simulator._router.answer

    async def answers(request: Request) -> Response:
        failing(Path(), call, monkeypatch)
        return await answer(request)

    monkeypatch.setattr(served.simulator._router, "answer", answers)


@pytest.mark.fault("F01", "F02", "F03")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_fails_costs_no_answer(
    call: str, program: Program, served: Served, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(PARAMS)
    fails_once_it_is_sent(served, monkeypatch, call)
    result = program("run", "s.toml", "--prompt", "hi", "--set", "max_tokens=30")
    assert result.status == 2
    assert result.out
    assert Path("s.toml").read_text() == PARAMS
    (other,) = (sealed.parent / "home" / "data" / "workbench" / "sessions").iterdir()
    assert f"the session is kept in {other} instead" in result.err
    assert result.err.count("the disk is full") == 2
    kept = tomllib.loads(other.read_text())
    assert kept["messages"][1]["text"] == result.out
    assert stat.S_IMODE(other.stat().st_mode) == 0o600


@pytest.mark.fault("F01", "F03")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
def test_a_new_file_that_cannot_be_written_is_said_before_anything_is_sent(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(Path(), "write", monkeypatch)
    result = program("run", "new.toml", "--prompt", "hi")
    assert (result.status, served.simulator.received) == (2, [])
    assert "the disk is full" in result.err
    assert "--no-save" in result.err
    assert there() == []


def without_override() -> None:
    """What makes root obey permissions: without it a test of them shows nothing."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def obeying(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], preexec_fn=without_override, capture_output=True, text=True, check=False)


@pytest.mark.fault("F03")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has capabilities")
def test_a_folder_and_a_file_that_cannot_be_written_are_said_before_anything_is_sent(served: Served) -> None:
    home = Path("home")
    home.mkdir()
    (home / "s.toml").write_text(PARAMS)
    (home / "s.toml").chmod(0o400)
    protected = obeying("run", "home/s.toml", "--prompt", "hi")
    assert (protected.returncode, "it is write-protected: add --no-save" in protected.stderr) == (2, True)
    (home / "s.toml").chmod(0o600)
    home.chmod(0o500)
    refused = obeying("run", "home/s.toml", "--prompt", "hi")
    assert (refused.returncode, "can't be written: add --no-save" in refused.stderr) == (2, True)
    assert served.simulator.received == []
    assert obeying("run", "home/s.toml", "--prompt", "hi", "--no-save", "--set", "max_tokens=5").returncode == 0
    home.chmod(0o700)
    assert [path.name for path in home.iterdir()] == ["s.toml"]


@pytest.mark.fault("F03")
def test_without_a_home_the_command_works_and_says_so(served: Served, tmp_path: Path) -> None:
    homeless = "import pwd, sys\ndef nobody(_): raise KeyError\npwd.getpwuid = nobody\n"
    homeless += "from workbench.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    environ = {name: each for name, each in os.environ.items() if name != "HOME" and not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", homeless, "run", "s.toml", "--prompt", "hi"],
        env={**environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "there is no home folder" in done.stderr
    assert Path("s.toml").exists()
