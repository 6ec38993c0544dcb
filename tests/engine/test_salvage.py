"""Session files that don't open: what can be read of them is had, what can't is told, and nothing is invented."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest

from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System
from workbench.core.state import State
from workbench.engine import session_text, store
from workbench.engine.files import StoreError
from workbench.engine.salvage import Salvaged, salvage

SESSION = Session(
    title="refund",
    systems=(System("s1", "Be brief.\n[params]\nmodel = 'evil'\n"),),
    lanes=(Lane("A", system="s1", tip="m4"),),
    messages=(
        Message("m1", "user", "First\n[[messages]]\nrole = 'user'\n"),
        Message("m2", "assistant", 'One.\n"""\nquoted\n', "m1", "r1"),
        Message("m3", "user", "Second", "m2"),
        Message("m4", "assistant", "Two.\n" * 20, "m3", "r2"),
    ),
    runs=tuple(
        RunRecord(f"r{n}", lane="A", parent=f"m{2 * n - 1}", state=State.COMPLETE, usage={f"count_{n}": n})
        for n in (1, 2)
    ),
)


def of(text: str | bytes) -> Salvaged:
    return salvage(text.encode() if isinstance(text, str) else text, "s.toml")


@pytest.mark.parametrize(
    ("text", "messages", "lost"),
    [
        ("[params]\ntemperature = \n[[messages]]\nrole='user'\ntext='a'\n", ["a"], ["line 2 (temperature =)"]),
        ("[[messages]]\nrole='user'\ntext='a'\nx = [1,\n[[messages]]\nrole='user'\ntext='b'", ["a", "b"], ["line 4"]),
        ("[[messages]]\nrole='user'\nrole='user'\ntext='a'\n", ["a"], ["line 3 (role='user'): it stands twice"]),
        ("[[messages]\nrole='user'\ntext='a'\n", ["a"], ["line 1 ([[messages]): read as [[messages]]"]),
        ('[[messages]]\nrole=\'user\'\ntext="""a\n[params]\n', ["a"], ["its text has no end"]),
        ('[[messages]]\nrole=\'user\'\ntext="""a\n\\u00', ["a\n"], ["line 3", "its text has no end"]),
        ("messages = 5\n", [], ["messages, row 1 is no table"]),
        ("[[messages]]\nrole='tool'\n[[messages]]\nrole='user'\ntext='b'\nparent='m1'\n", ["b"], ["messages, row 1"]),
        ("[[messages]]\nid='m'\nrole='user'\ntext='a'\n[[messages]]\nid='m'\nrole='user'\ntext='b'\n", ["a", "b"], []),
        ("[session]\ntitle=5\nprompt='p'\n[[lanes]]\ntip='m9'\nsystem='s9'\n", [], ["session: title must be text"]),
        ("format = 'x'\n[session]\nprompt='p'\n", [], []),
    ],
)
def test_one_mistake_costs_no_more_than_it_must(text: str, messages: list[str], lost: list[str]) -> None:
    found = of(text)
    assert [message.text.rstrip("\n") for message in found.session.messages] == [each.rstrip("\n") for each in messages]
    for words in lost:
        assert any(words in each for each in found.lost), found.lost


@pytest.mark.fault("F12")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_in_another_encoding_is_read_as_it_was_meant(encoding: str) -> None:
    text = "[session]\ntitle = 'é'\nprompt = '''a\r\nb'''\n"
    found = of(text.encode(encoding))
    assert found.session.title == "é"
    assert bool(found.lost) == (encoding == "cp1252")


@pytest.mark.fault("F05")
@pytest.mark.parametrize("at", [0, 40, 100])
def test_nul_bytes_of_a_crash_are_left_out_and_told(at: int) -> None:
    data = b"[session]\ntitle = 'refund'\nprompt = 'abc'\n[[messages]]\nrole = 'user'\ntext = 'kept'\n"
    found = of(data[:at] + bytes(64) + data[at:])
    assert (found.session.title, [each.text for each in found.session.messages]) == ("refund", ["kept"])
    assert found.lost == ("64 NUL bytes are left out",)


@pytest.mark.parametrize("data", [b"", b"\0" * 500, b"hello", b"\xff\xfe", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", b"{}\n"])
def test_what_is_no_session_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(StoreError, match="nothing in it is a session's"):
        salvage(data, "s.toml")


@pytest.mark.fault("F04")
def test_a_hand_written_file_cut_anywhere_gives_its_whole_messages_and_nothing_else() -> None:
    whole = session_text_of(SESSION)
    said = {message.text for message in SESSION.messages}
    for cut in range(0, len(whole), 7):
        try:
            found = of(whole[:cut])
        except StoreError:
            continue
        for message in found.session.messages:
            assert any(text.startswith(message.text) for text in said), cut
        assert found.session.params.model is None


def test_a_line_broken_anywhere_costs_its_own_value_at_most() -> None:
    lines = session_text_of(SESSION).split("\n")
    for at in range(len(lines)):
        broken = "\n".join([*lines[:at], "?? " + lines[at], *lines[at + 1 :]])
        found = of(broken)
        kept = {message.id for message in found.session.messages if message.text}
        assert len(kept) >= len(SESSION.messages) - 1, (at, lines[at])
        assert len(found.session.runs) >= 1
        assert found.session.params.model is None


def session_text_of(session: Session) -> str:
    """Its file as a person would have written it: without the line that says where it ends."""
    text = store.written(Path("s.toml"), session).decode()
    return "\n".join(line for line in text.split("\n") if line not in {session_text.ANNOUNCEMENT, session_text.END})


@pytest.mark.fault("F11")
def test_a_file_made_to_hurt_takes_no_longer_than_its_size() -> None:
    began = process_time()
    for hostile in ('a = """\n' * 4_000, "[[messages]\n" * 4_000, "x = \n" * 4_000, "[a]\nb=[\n" * 4_000):
        with suppress(StoreError):
            of(hostile)
    assert process_time() - began < 5


def test_a_text_of_several_lines_between_single_marks_is_read_whole() -> None:
    found = of(
        '[[messages]]\nrole = "user"\ntext = "Hi \\"you\\"\nthere"\n\n[[messages]]\nrole = "user"\ntext = "and"\n'
    )
    assert [each.text for each in found.session.messages] == ['Hi "you"\nthere', "and"]
    assert found.lost == ('line 3 (text = "Hi \\"you\\"): read as a text of several lines, which stands between """',)
