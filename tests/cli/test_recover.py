"""`workbench recover`: looks and does nothing, until it is told; then nothing that can't be undone."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program
from workbench.core.session import Message, Session
from workbench.engine import lock, names, store
from workbench.engine.open_session import OpenSession

BROKEN = '[params]\nmodel = "m"\ntemperature = \n[[messages]]\nrole = "user"\ntext = "kept"\n'
SAID = Session(title="t", messages=(Message("m1", "user", "first"),))
LATER = Session(title="t", messages=(*SAID.messages, Message("m2", "user", "later", "m1")))
CRASHES = """
import os, sys
from pathlib import Path
from datetime import UTC, datetime
from workbench.core.session import Message, Session
from workbench.engine.open_session import OpenSession
first = (Message("m1", "user", "first"),)
held = OpenSession.create(Path(sys.argv[1]), Session(title="t", messages=first))
later = Session(title="t", messages=(*first, Message("m2", "user", "later", "m1")))
held.started({"id": "r1", "lane": "A", "parent": "m2", "endpoint": "anthropic", "model": "claude-haiku-4-5",
    "params": {}, "started": datetime.now(UTC), "request_sha256": "ab", "simulated": True}, later)
held.came("r1", 1, b'event: message_start\\ndata: {"type":"message_start","message":{"id":"x","type":"message",'
    b'"role":"assistant","content":[],"model":"claude-haiku-4-5","usage":{"input_tokens":3,"output_tokens":1}}}\\n\\n'
    b'event: content_block_start\\ndata: {"type":"content_block_start","index":0,'
    b'"content_block":{"type":"text","text":""}}\\n\\n'
    b'event: content_block_delta\\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"half an ans"}}\\n\\n')
os._exit(9)
"""


def crashed(name: str = "s.toml") -> None:
    """A program that was killed while an answer came."""
    subprocess.run([sys.executable, "-c", CRASHES, name], check=False)


def everything() -> dict[str, tuple[bytes, int]]:
    """Each file with its content and its mode."""
    paths = [path for path in Path().iterdir() if path.is_file()]
    return {path.name: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in paths}


def report(program: Program, *words: str) -> tuple[int, dict[str, Any]]:
    result = program("recover", *words, "--json")
    (found,) = result.records
    return result.status, found


def test_of_a_whole_session_it_says_that_nothing_is_to_be_done(program: Program) -> None:
    store.save(Path("s.toml"), SAID)
    before = everything()
    for words in ((), ("--write",)):
        result = program("recover", "s.toml", *words)
        assert (result.status, everything()) == (0, before)
        assert result.out.endswith("All is well: nothing has to be done.\n")
    assert report(program, "s.toml")[1]["messages"] == 1
    Path("s.toml").write_text('[[messages]]\nrole = "user"\ntext = "a"\n[[messages]]\nrole = "user"\ntext = oh\n')
    assert "2 messages (1 of them without anything in it), 0 runs" in program("recover", "s.toml").out


@pytest.mark.fault("F06")
def test_what_a_killed_program_left_is_shown_and_put_together_when_told(program: Program) -> None:
    crashed()
    before = everything()
    status, found = report(program, "s.toml")
    assert (status, everything()) == (1, before)
    assert (found["messages"], found["runs"], found["lost"]) == (3, 1, [])
    assert any("the answer to " in each for each in found["comes_back"])
    shown = program("recover", "s.toml")
    assert "workbench recover s.toml --write" in shown.out
    assert "it keeps nobody out" in shown.out
    assert "kept as .damaged" not in shown.out  # nothing is damaged, so nothing is left beside it
    assert program("recover", "s.toml", "--write").status == 0
    assert [path.name for path in Path().iterdir()] == ["s.toml"]
    session = store.load(Path("s.toml")).session
    assert [each.text for each in session.messages] == ["first", "later", "half an ans"]
    assert program("recover", "s.toml").status == 0


def test_it_is_written_elsewhere_and_nothing_here_is_touched(program: Program) -> None:
    crashed()
    before = everything()
    assert program("recover", "s.toml", "--to", "other.toml").status == 0
    after = everything()
    assert after.pop("other.toml")[1] == 0o600
    assert after == before
    assert len(store.load(Path("other.toml")).session.messages) == 3
    text = Path("s.toml").read_text() + '[[tool_results]]\ntool = "look"\nfile = "seen.txt"\n'
    for name in ("with.toml", "seen.txt", "there/seen.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    left = "seen.txt, which its canned results name, still lies beside with.toml: copy it there."
    for folder, said in (("here", True), ("there", False)):
        told = program("recover", "with.toml", "--to", f"{folder}/with.toml").out
        assert (left in told) is said
    refused = program("recover", "s.toml", "--to", "other.toml")
    assert (refused.status, refused.err) == (
        2,
        "workbench: --to other.toml: a file of that name is there already: name another\n",
    )


@pytest.mark.parametrize(("other", "whose"), [("s.toml", "of this session"), ("t.toml", "of another session")])
def test_it_is_not_written_beside_a_journal_that_would_be_put_into_it(other: str, whose: str, program: Program) -> None:
    for name in {"s.toml", other}:
        crashed(name)
    Path(other).unlink()
    before = everything()
    refused = program("recover", "s.toml", "--to", other)
    assert (refused.status, everything()) == (2, before)
    assert f".{other}.journal {whose} stands there" in refused.err


def test_only_what_is_kept_this_time_is_told(program: Program) -> None:
    Path("s.toml.damaged").write_text("of last week")
    Path("s.toml").write_text(BROKEN)
    done = program("recover", "s.toml", "--write")
    assert [line for line in done.out.splitlines() if line.startswith("What stood there")] == [
        "What stood there is kept as s.toml.damaged-2."
    ]


@pytest.mark.fault("F13")
def test_a_file_with_a_mistake_is_mended_and_the_original_kept(program: Program) -> None:
    Path("s.toml").write_text(BROKEN)
    Path("s.toml").chmod(0o640)
    refused = program("cost", "s.toml")
    assert refused.status == 2
    assert "workbench recover s.toml" in refused.err
    shown = program("recover", "s.toml")
    assert (shown.status, Path("s.toml").read_text()) == (1, BROKEN)
    assert "can't be opened: line 3, column 15" in shown.out
    assert "line 3 (temperature =): it can't be read" in shown.out
    done = program("recover", "s.toml", "--write")
    assert done.status == 1
    assert "What stood there is kept as s.toml.damaged." in done.out
    assert Path("s.toml.damaged").read_text() == BROKEN
    assert stat.S_IMODE(Path("s.toml").stat().st_mode) == 0o640
    session = store.load(Path("s.toml")).session
    assert (session.params.model, session.messages[0].text) == ("m", "kept")


@pytest.mark.fault("F08")
def test_of_a_file_that_somebody_changed_under_its_journal_a_person_decides(program: Program) -> None:
    def change() -> None:
        for path in Path().iterdir():
            path.unlink()
        crashed()
        Path("s.toml").write_text("[session]\ntitle = 'theirs'\n")

    change()
    joined = report(program, "s.toml")[1]
    assert (joined["messages"], joined["runs"]) == (2, 1)
    alone = report(program, "s.toml", "--without-journal")[1]
    assert "messages" in alone
    assert (alone["messages"], alone["runs"]) == (0, 0)
    assert program("recover", "s.toml", "--without-journal", "--write").status == 0
    assert Path("s.toml").read_text() == "[session]\ntitle = 'theirs'\n"
    assert not names.beside(Path("s.toml"), names.JOURNAL).exists()
    assert Path("s.toml.journal.damaged").exists()
    change()
    assert program("recover", "s.toml", "--write").status == 0
    session = store.load(Path("s.toml")).session
    assert (session.title, [each.text for each in session.messages]) == ("theirs", ["later", "half an ans"])
    assert Path("s.toml.journal.damaged").exists()


def test_of_a_journal_that_can_not_be_read_nothing_is_claimed(program: Program) -> None:
    store.save(Path("s.toml"), SAID)
    names.beside(Path("s.toml"), names.JOURNAL).mkdir()
    shown = program("recover", "s.toml").out
    assert "without its journal: 1 message, 0 runs" in shown
    assert "it is only read: .s.toml.journal can't be read" in shown
    refused = program("run", "s.toml", "--prompt", "hi")
    assert (refused.status, "Move it away: add --no-save" in refused.err) == (2, True)


def test_of_a_mistake_in_a_file_and_messages_that_its_journal_set_whole_both_are_had(program: Program) -> None:
    held = OpenSession.create(Path("s.toml"), LATER)
    held.note(replace(LATER, messages=(LATER.messages[0], Message("m2", "user", "said anew", "m1"))))
    held._lock.release()  # as when it is killed
    Path("s.toml").write_text(BROKEN)
    assert program("recover", "s.toml", "--write").status == 1
    texts = [each.text for each in store.load(Path("s.toml")).session.messages]
    assert texts == ["kept", "first", "said anew"]


@pytest.mark.fault("F04", "F05")
@pytest.mark.parametrize("harm", [b"", b"\0" * 200, b"[session]\nti"])
def test_a_file_that_is_gone_to_pieces_under_its_journal_gives_what_the_journal_has(
    harm: bytes, program: Program
) -> None:
    crashed()
    Path("s.toml").write_bytes(harm)
    assert report(program, "s.toml")[0] == 1
    assert program("recover", "s.toml", "--write").status in {0, 1}
    session = store.load(Path("s.toml")).session
    assert [each.text for each in session.messages][-2:] == ["later", "half an ans"]
    assert not harm or Path("s.toml.damaged").read_bytes() == harm


@pytest.mark.fault("F05")
def test_of_a_damaged_journal_what_is_before_the_damage_comes_back(program: Program) -> None:
    crashed()
    journal = names.beside(Path("s.toml"), names.JOURNAL)
    whole = journal.read_bytes()
    torn = whole[:-40] + bytes(40)
    journal.write_bytes(torn)
    found = report(program, "s.toml")[1]
    assert found["messages"] == 2
    assert any("damaged" in each for each in found["comes_back"])
    program("recover", "s.toml", "--write")
    assert Path("s.toml.journal.damaged").read_bytes() == torn


def test_without_a_file_its_journal_is_put_into_a_new_one(program: Program) -> None:
    crashed()
    Path("s.toml").unlink()
    assert "is gone; its journal is left" in program("recover", "s.toml").out
    program("recover", "s.toml", "--write")
    assert [each.text for each in store.load(Path("s.toml")).session.messages] == ["later", "half an ans"]


@pytest.mark.fault("F07")
def test_a_session_that_is_open_is_not_written_and_not_taken(program: Program) -> None:
    held = OpenSession.create(Path("s.toml"), SAID)
    held.note(LATER)
    before = everything()
    shown = program("recover", "s.toml")
    assert (shown.status, f"open in    process {os.getpid()}" in shown.out) == (0, True)
    for words in (("--break-lock",), ("--break-lock", "--write")):
        refused = program("recover", "s.toml", *words)
        assert refused.status == 2
        assert "close it there" in refused.err
    assert everything() == before
    held.close()


@pytest.mark.fault("F07")
def test_the_lock_of_another_machine_is_broken_when_told(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(95, "no locks here")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    crashed()
    key = names.beside(Path("s.toml"), lock.SUFFIX)
    key.write_text("123 laptop\n")
    shown = program("recover", "s.toml")
    assert "open in    process 123 on laptop" in shown.out
    assert "--break-lock" in shown.out
    refused = program("recover", "s.toml", "--write")
    assert (refused.status, "process 123 on laptop has s.toml open" in refused.err) == (2, True)
    done = program("recover", "s.toml", "--break-lock", "--write")
    assert (done.status, "the lock of process 123 on laptop is taken away" in done.err) == (0, True)
    assert len(store.load(Path("s.toml")).session.messages) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("format = 99\n", "a newer Workbench wrote it"),
        ("?? [", "nothing in it can be read"),
    ],
)
def test_what_can_not_be_written_is_said(text: str, says: str, program: Program) -> None:
    Path("s.toml").write_text(text)
    refused = program("recover", "s.toml", "--write") if "?" in text else program("recover", "s.toml")
    assert says in refused.out + refused.err
    assert Path("s.toml").read_text() == text
    assert program("recover", "none.toml").status == 2


@pytest.mark.fault("F15")
def test_a_name_with_blanks_and_escapes_is_quoted_in_what_can_be_done(program: Program) -> None:
    Path("my notes;id.toml").write_text(BROKEN)
    assert "workbench recover 'my notes;id.toml' --write" in program("recover", "my notes;id.toml").out
