"""Canned results for the calls of an answer: out of the session or a text file beside it, and out of nowhere else."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.core.canned import Call, CannedResult, Result
from workbench.core.kinds import Json
from workbench.core.session import Lane, Message, Session
from workbench.engine import canned_results

CALLS = [
    {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"page": 1}},
    {"type": "tool_use", "id": "toolu_2", "name": "look", "input": {}},
]


def session(*rows: CannedResult) -> Session:
    messages = (Message("m1", "user", "go"), Message("m2", "assistant", Json.of(CALLS), "m1"))
    return Session(messages=messages, lanes=(Lane("A", tip="m2"),), tool_results=rows)


def test_each_call_has_its_own_and_what_is_missing_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "page.txt").write_text("a page\r\n", newline="")
    found = canned_results.find(session(CannedResult("read", file="page.txt")), "m2", folder)
    assert found.results == {"toolu_1": Result("a page\r\n")}
    assert [call.name for call in found.missing] == ["look"]
    own = (CannedResult("look", result=Result("seen")), CannedResult("read", result=Result("mine")))
    both = canned_results.find(session(CannedResult("read", file="page.txt")), "m2", folder, own)
    assert both.results == {"toolu_1": Result("mine"), "toolu_2": Result("seen")}
    assert both.missing == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../secret.txt", "lies outside of the session's folder"),
        ("/etc/hostname", "lies outside of the session's folder"),
        ("link.txt", "lies outside of the session's folder"),
        ("none.txt", "none.txt can't be read"),
        ("sub", "it is a folder"),
        ("latin.txt", "is not UTF-8 text (byte 1)"),
        ("long.txt", "is too long for a result"),
        ("a\0b", "is no file that can be looked for"),
        (".env", ".env is hidden"),
        ("sub/.git/config", "sub/.git/config is hidden"),
        ("pipe", "it is no ordinary file"),
    ],
)
def test_a_file_that_is_no_result_is_a_sentence(tmp_path: Path, name: str, said: str) -> None:
    folder = tmp_path / "here"
    (folder / "sub" / ".git").mkdir(parents=True)
    (folder / "sub" / ".git" / "config").write_text("url = https://you:secret@host")
    (folder / ".env").write_text("KEY=secret")
    os.mkfifo(folder / "pipe")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "latin.txt").write_bytes(b"a\xe9")
    (folder / "long.txt").write_bytes(b"a" * (canned_results.LARGEST + 1))
    found = canned_results.find(session(CannedResult("read", file=name)), "m2", folder)
    assert found.results == {}
    assert found.mistakes[0].startswith("the result of read: ")
    assert said in found.mistakes[0]
    assert [call.name for call in found.missing] == ["read", "look"]


def test_results_that_do_not_fit_are_said_to_be_there() -> None:
    other, once = CannedResult("read", Json.of({"page": 2})), CannedResult("look", times=1)
    found = canned_results.find(session(other, once), "m2", None)
    assert found.mistakes == ('the result for read doesn\'t fit read {"page": 1}: correct its input, or add one',)
    assert found.unexplained == ()
    both = canned_results.find(session(other, CannedResult("read", Json.of({"page": "1"}))), "m2", None)
    assert both.mistakes == ('none of the 2 results for read fits read {"page": 1}: correct its input, or add one',)
    assert [call.name for call in both.unexplained] == ["look"]
    used = session(replace(once, tool="read"))
    again = Message("m3", "user", Json.of([Result("x").block(Call("toolu_1", "read"))]), "m2")
    later = replace(used, messages=(*used.messages, again, Message("m4", "assistant", Json.of(CALLS[:1]), "m3")))
    told = canned_results.find(later, "m4", None).mistakes
    assert told == ('the results that fit read {"page": 1} are used up: raise times, or add one',)


def test_an_untitled_session_has_no_folder() -> None:
    found = canned_results.find(session(CannedResult("read", file="page.txt")), "m2", None)
    assert found.mistakes == (
        "the result of read: page.txt is looked for beside the session's file, and there is none yet",
    )


def test_a_strangers_session_in_a_home_takes_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "you"
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for name in (".ssh/id_rsa", "diary.txt"):
        (home / name).write_text("secret")
        for folder, way in ((home, name), (tmp_path, f"you/{name}")):
            found = canned_results.find(session(CannedResult("read", file=way)), "m2", folder)
            assert found.results == {}
            assert "keep both in a folder of their own" in found.mistakes[0]
