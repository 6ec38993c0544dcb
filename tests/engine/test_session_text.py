"""The text of a session file, cut, filled with NULs, and edited by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import tomli
from hypothesis import given, settings

from tests.core.sessions import exactly, sessions
from tests.engine.test_store import SESSION
from workbench.core import session_file
from workbench.core.session import Message, Session
from workbench.engine import session_text, toml_file, toml_guard
from workbench.engine.files import StoreError
from workbench.engine.session_writer import Writer

TRICKY = (
    "# end of session",
    "a\n# end of session\nb",
    "a\n# end of session",
    '"""\n[[messages]]\nid = "m1"\n"""',
    "'''\n[session]\n'''",
    '\n\n[[runs]]\nid = "r9"\n\n# end of session\n',
)
TRICKIEST = replace(
    SESSION,
    messages=(
        *SESSION.messages,
        *(Message(f"t{at}", "user", text) for at, text in enumerate(TRICKY)),
        *(Message(f"q{at}", "user", "\r\n" + text) for at, text in enumerate(TRICKY)),
    ),
)


def written(session: Session) -> bytes:
    return Writer().write(session)


def rows(tables: dict[str, Any]) -> list[tuple[str, Any]]:
    """The tables of a file, one after the other."""
    return [
        (name, each)
        for name, value in tables.items()
        for each in (value if isinstance(value, list) and name in ("systems", "lanes", "messages", "runs") else [value])
    ]


def is_beginning(part: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether every table of the part is, whole, the one that stands there."""
    there = rows(whole)
    return all(row in there for row in rows(part))


@given(sessions())
@settings(max_examples=10)
def test_what_is_written_is_what_the_tables_say(session: Session) -> None:
    data = written(session)
    assert tomli.loads(data.decode()) == tomli.loads(toml_file.dumps(session_file.dump(session)))
    text = session_text.read(data, "a.toml")
    assert not text.cut
    exactly(session_file.load(text.tables).session, session_file.load(session_file.dump(session)).session)


def test_what_did_not_change_is_written_the_same_again() -> None:
    writer = Writer()
    first = writer.write(TRICKIEST)
    more = TRICKIEST.say(TRICKIEST.lanes[0], "more", parent="m3")
    assert writer.write(more) == written(more)
    unanswered = replace(SESSION, messages=SESSION.messages[:1], lanes=SESSION.lanes[:1])
    assert b"Refund." not in writer.write(replace(unanswered, runs=()))
    assert b"Refund." in writer.write(unanswered)
    assert writer.write(TRICKIEST) == first


@pytest.mark.fault("F04")
def test_the_last_line_stands_nowhere_else() -> None:
    lines = written(TRICKIEST).decode().split("\n")
    assert lines[0] == session_text.ANNOUNCEMENT
    assert [line for line in lines if line.startswith(session_text.END)] == [session_text.END]
    assert lines[-2:] == [session_text.END, ""]


@pytest.mark.fault("F04")
def test_a_file_cut_anywhere_gives_its_whole_blocks_and_is_known_to_be_cut(rounds: Any) -> None:
    """Every place in a small file, or in a large one with many rounds."""
    session = rounds(SESSION, TRICKIEST)
    data = written(session)
    whole = tomli.loads(data.decode())
    messages = len(whole["messages"])
    seen: set[int] = set()
    for at in range(1, len(data) - 1):
        found = session_text.read(data[:at], "a.toml")
        assert found.cut
        assert is_beginning(found.tables, whole), at
        assert found.dropped or found.tables == whole
        seen.add(len(found.tables.get("messages", ())))
    assert seen == set(range(messages + 1))


@pytest.mark.fault("F04")
def test_every_block_before_the_last_is_kept() -> None:
    """One that is whole, and followed by another, is never dropped."""
    data = written(TRICKIEST)
    for number, message in enumerate(TRICKIEST.messages[1:], 1):
        at = data.index(f'[[messages]]\nid = "{message.id}"'.encode())
        found = session_text.read(data[: at + 14], "a.toml")
        assert len(found.tables["messages"]) == number
        line = data.count(b"\n", 0, at) + 1
        assert found.dropped == f"line {line} ([[messages]])"


@pytest.mark.fault("F05")
def test_a_tail_of_nuls_is_a_cut() -> None:
    data = written(SESSION)
    generator = random.Random(5)
    for at in generator.sample(range(1, len(data) - 1), 200):
        filled = session_text.read(data[:at] + bytes(len(data) - at), "a.toml")
        cut = session_text.read(data[:at], "a.toml")
        assert filled == cut
        assert filled.cut
    holed = data[:300] + bytes(50) + data[350:]
    assert session_text.read(holed, "a.toml").cut


@pytest.mark.parametrize("data", [b"", b"\n", b"a = 1\n", b"# mine\n", b"\xef\xbb\xbf# A note\n"])
def test_a_file_by_hand_needs_no_last_line(data: bytes) -> None:
    assert not session_text.read(data, "a.toml").cut


@pytest.mark.fault("F04")
@pytest.mark.parametrize("at", range(1, len(session_text.ANNOUNCEMENT) + 1))
def test_a_part_of_the_announcement_is_a_cut(at: int) -> None:
    found = session_text.read(session_text.ANNOUNCEMENT[:at].encode(), "a.toml")
    assert found == session_text.Text({}, cut=True, dropped="line 1")


@pytest.mark.parametrize("end", ["\r\n", "\n", "", " \n\n"])
def test_an_editor_may_change_how_lines_end_and_add_some(end: str) -> None:
    text = written(SESSION).decode().removesuffix("\n").replace("\n", end if end == "\r\n" else "\n") + end
    found = session_text.read(b"\xef\xbb\xbf" + text.encode(), "a.toml")
    assert not found.cut
    assert session_text.read((text + '\n[[messages]]\nrole = "user"\n').encode(), "a.toml").cut is False


def test_a_mistake_in_a_file_that_is_whole_is_told_with_its_line() -> None:
    broken = written(SESSION).replace(b'title = "refund-triage"', b"title = refund")
    with pytest.raises(StoreError, match="line 5, column 9"):
        session_text.read(broken, "a.toml")
    with pytest.raises(StoreError, match="line 5 is not UTF-8"):
        session_text.read(broken.replace(b"= refund", b'= "\xe9"'), "a.toml")


def test_a_mistake_before_the_cut_is_told_and_nothing_loaded() -> None:
    broken = written(SESSION).replace(b'title = "refund-triage"', b"title = refund")[:-40]
    with pytest.raises(StoreError, match="line 5, column 9"):
        session_text.read(broken, "a.toml")


@pytest.mark.fault("F17")
def test_a_long_file_is_read_in_parts_like_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(TRICKIEST)
    whole = tomli.loads(data.decode())
    real = toml_file.parse
    for size in (1, 50, 400):
        parsed: list[str] = []

        def counted(text: str, name: str, parsed: list[str] = parsed) -> dict[str, Any]:
            parsed.append(text)
            return real(text, name)

        monkeypatch.setattr(session_text, "PART", size)
        monkeypatch.setattr(toml_file, "parse", counted)
        assert session_text.read(data, "a.toml").tables == whole
        assert "".join(parsed) == data.decode()
        assert len(parsed) > 3


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("[session]\ntitle = 'twice'\n", "[session] is there twice"),
        ("[messages]\nid = 5\n", "messages"),
        ("[[messages]]\nid = \n", "invalid value"),
        ('[[messages]]\nid = ["""\n', "at its end"),
    ],
)
def test_a_mistake_in_a_long_file_is_told_as_in_a_short_one(
    monkeypatch: pytest.MonkeyPatch, more: str, says: str
) -> None:
    text = written(SESSION).decode().replace(f"\n{session_text.END}\n", f"\n{more}\n{session_text.END}\n")
    told: list[str] = []
    for size in (10**9, 100):
        monkeypatch.setattr(session_text, "PART", size)
        with pytest.raises(StoreError) as caught:
            session_text.read(text.encode(), "a.toml")
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert says in told[0]


@pytest.mark.fault("F11")
def test_the_limits_hold_for_all_parts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(SESSION)
    monkeypatch.setattr(session_text, "PART", 100)
    monkeypatch.setattr(toml_guard, "MOST", (("[{", 20, "tables and lists"), *toml_guard.MOST[1:]))
    with pytest.raises(StoreError, match="more than 20 tables"):
        session_text.read(data, "a.toml")
    with pytest.raises(ValueError, match="more than 20 tables"):
        written(SESSION)


def test_headers_in_texts_cost_no_more_than_texts() -> None:
    """A cut is found in one pass, whatever the messages hold."""
    many = replace(SESSION, messages=(Message("m1", "user", "[[messages]]\n" * 20_000), *SESSION.messages[1:]))
    found = session_text.read(written(many)[:-30], "a.toml")
    assert len(found.tables["messages"]) == 3
