from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System
from workbench.core.state import State
from workbench.engine import files, store
from workbench.engine.store import ChangedOnDisk, MissingFile, StoreError

SESSION = Session(
    title="refund-triage",
    created=datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC),
    endpoint="anthropic",
    params=Params(model="claude-sonnet-4-6", max_tokens=1024, stop_sequences=("\n\nHuman:", "\r\n")),
    variables=(("order id", "#88231"), ("lines", "a\r\nb\n")),
    systems=(System("s1", 'You are a "support" triage agent.\n\\"""\n'),),
    lanes=(
        Lane("A", system="s1", tip="m2", params=Params(temperature=0.0)),
        Lane("B", tip="m3", params=Params(tools=Json.of([{"name": "t", "input_schema": {"type": "object"}}]))),
    ),
    messages=(
        Message("m1", "user", "Classify this ticket: {{order_id}} …\n\n\ttab \x00 \x1b[31m \u2028"),
        Message("m2", "assistant", "Refund.\n" * 50, "m1", "r1"),
        Message("m3", "assistant", Json.of([{"type": "thinking", "thinking": "a\nb", "signature": "x=="}]), "m1"),
    ),
    runs=(
        RunRecord(
            id="r1",
            lane="A",
            parent="m1",
            endpoint="anthropic",
            state=State.COMPLETE,
            model="claude-sonnet-4-6",
            text="Refund.\n" * 50,
            content=({"type": "text", "text": "Refund.\n" * 50},),
            usage={"input_tokens": 12, "output_tokens": 100, "cache_creation": {"ephemeral_5m_input_tokens": 0}},
            cost_usd=Decimal("0.001536"),
            started=datetime(2026, 11, 22, 14, 4, tzinfo=UTC),
        ),
    ),
)
BY_HAND = '[params]\nmodel = "claude-haiku-4-5"\n\n[[messages]]\nrole = "user"\ntext = "Hello"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "refund.toml"


@pytest.mark.fault("F16")
def test_a_session_comes_back_as_it_was_saved(path: Path) -> None:
    stamp = store.save(path, SESSION)
    loaded = store.load(path)
    assert loaded == store.Loaded(SESSION, (), False, stamp)


@pytest.mark.fault("F16")
def test_saving_what_was_loaded_changes_no_byte(path: Path) -> None:
    stamp = store.save(path, SESSION)
    first = path.read_bytes()
    store.save(path, store.load(path).session, stamp=stamp)
    assert path.read_bytes() == first


@pytest.mark.fault("F13")
def test_keys_nobody_knows_survive_a_save(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('mine = 1\n[session]\nmood = "good"\n[[messages]]\nrole = "user"\ntext = ""\nmark = [1, {a = 2}]\n')
    loaded = store.load(path)
    store.save(path, loaded.session, stamp=loaded.stamp)
    text = path.read_text()
    assert all(line in text for line in ("mine = 1", 'mood = "good"', "mark = [1, { a = 2 }]"))


@pytest.mark.fault("F12")
def test_a_file_written_by_hand_opens(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbf" + BY_HAND.replace("\n", "\r\n").encode())
    session = store.load(path).session
    assert session.params.model == "claude-haiku-4-5"
    assert session.messages[0].content == "Hello"


def test_no_file_is_told_from_a_bad_one(path: Path) -> None:
    with pytest.raises(MissingFile):
        store.load(path)
    path.parent.mkdir()
    path.write_text("[[messages]]\nrole = 5\n")
    with pytest.raises(StoreError, match=r"refund\.toml can't be opened · messages, row 1: role") as caught:
        store.load(path)
    assert not isinstance(caught.value, MissingFile)


@pytest.mark.fault("F13")
def test_a_newer_format_opens_read_only(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("format = 2\n")
    loaded = store.load(path)
    assert loaded.read_only
    assert "newer program" in loaded.notes[0]


@pytest.mark.fault("F03")
def test_a_write_protected_file_opens_read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(path, SESSION)
    monkeypatch.setattr(os, "access", lambda asked, _: asked != path)
    loaded = store.load(path)
    assert loaded.read_only
    assert "write-protected" in loaded.notes[0]


@pytest.mark.fault("F03")
def test_a_write_protected_folder_is_said_when_opening(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(path, SESSION)
    monkeypatch.setattr(os, "access", lambda asked, _: asked == path)
    assert store.load(path).notes == ("the folder of refund.toml is write-protected: save elsewhere",)


@pytest.mark.fault("F10")
def test_a_file_that_others_may_change_is_said_when_opening(path: Path) -> None:
    store.save(path, SESSION)
    path.chmod(0o666)
    assert store.load(path).notes == ("other users may change refund.toml: chmod go-w refund.toml",)


@pytest.mark.fault("F08")
def test_a_change_by_another_program_is_asked_about(path: Path) -> None:
    stamp = store.save(path, SESSION)
    path.write_text(BY_HAND)
    with pytest.raises(ChangedOnDisk):
        store.save(path, SESSION, stamp=stamp)
    assert path.read_text() == BY_HAND
    store.save(path, SESSION, overwrite=True)
    assert store.load(path).session == SESSION


@pytest.mark.fault("F01")
def test_a_full_disk_is_a_sentence_and_the_next_save_works(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = store.save(path, SESSION)
    before = path.read_bytes()
    changed = replace(SESSION, title="changed")
    with monkeypatch.context() as full:

        def write(*_: object) -> int:
            raise OSError(errno.ENOSPC, "full")

        full.setattr(os, "write", write)
        with pytest.raises(StoreError, match=r"refund\.toml is not saved · the disk is full · Free some space"):
            store.save(path, changed, stamp=stamp)
    assert path.read_bytes() == before
    store.save(path, changed, stamp=stamp)
    assert store.load(path).session.title == "changed"


def test_what_could_not_be_opened_again_is_not_saved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = store.save(path, SESSION)
    before = path.read_bytes()
    monkeypatch.setattr(files, "MAX_BYTES", 2000)
    large = replace(SESSION, prompt="x" * 3000)
    with pytest.raises(StoreError, match="the most that can be opened again"):
        store.save(path, large, stamp=stamp)
    monkeypatch.undo()
    deep: object = 1
    for _ in range(200):
        deep = [deep]
    with pytest.raises(StoreError, match="deeper than 64 levels"):
        store.save(path, replace(SESSION, extra={"deep": deep}), stamp=stamp)
    assert path.read_bytes() == before


def test_half_a_surrogate_pair_does_not_stop_a_save(path: Path) -> None:
    store.save(path, replace(SESSION, prompt="half \ud83d"))
    assert store.load(path).session.prompt == "half \ufffd"


def test_a_session_whose_folder_cannot_be_written_finds_another_place(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    wanted = tmp_path / "locked" / "My Refund.toml"
    folders = (in_the_way / "below", tmp_path / "new" / "sessions")
    assert store.elsewhere(wanted, folders) == tmp_path / "new" / "sessions" / "my-refund.toml"
    assert store.elsewhere(wanted, folders[:1]) is None


# The list of sessions


def test_the_list_has_the_latest_first_by_title(path: Path) -> None:
    store.save(path, SESSION)
    store.save(path.with_name("untitled.toml"), Session())
    (path.parent / "notes.txt").touch()
    (path.parent / ".refund.toml.1-a.tmp").touch()
    (path.parent / ".hidden.toml").touch()
    os.utime(path, (1_000_000_000, 1_000_000_000))
    rows = store.sessions(path.parent)
    assert [(row.title, row.path.name, row.mistake) for row in rows] == [
        ("untitled", "untitled.toml", None),
        ("refund-triage", "refund.toml", None),
    ]
    assert rows[1].modified == datetime.fromtimestamp(1_000_000_000, UTC)
    assert rows[1].size == path.stat().st_size


def test_a_long_file_is_listed_by_its_beginning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(path, replace(SESSION, title='long "é"', prompt="é\n[x]\ntitle = 1\n" * 5000))
    read: list[int] = []
    real = os.read

    def counted(descriptor: int, size: int) -> bytes:
        data = real(descriptor, size)
        read.append(len(data))
        return data

    monkeypatch.setattr(os, "read", counted)
    assert store.sessions(path.parent)[0].title == 'long "é"'
    assert sum(read) <= store.HEAD_BYTES


@pytest.mark.parametrize("width", range(4))
def test_a_character_cut_by_the_end_of_the_beginning_is_no_mistake(path: Path, width: int) -> None:
    path.parent.mkdir()
    path.write_text("#" * width + " # 👩" * 9000)
    assert store.sessions(path.parent)[0].mistake is None


@pytest.mark.parametrize(
    "head",
    ["", "[session]\n", "[session]\ntitle = '''\nover lines'''\n", "[[messages]]\nrole = 'user'\ntext = 'title = 1'\n"],
)
def test_a_long_file_without_a_title_goes_by_its_name(path: Path, head: str) -> None:
    path.parent.mkdir()
    path.write_text(head + "# comment\n" * 5000 + '[session]\ntitle = "too far"\n')
    row = store.sessions(path.parent)[0]
    assert (row.title, row.mistake) == ("refund", None)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a = \n", "line 1, column 5"),
        (b"\xff\xfe" + b"a\0" * 9000, "UTF-16"),
        (b"[session]\ntitle = 5\n", "title must be text"),
        (b"# \xe9\n" * 9000, "line 1 is not UTF-8"),
        (b"\0" * 50_000, "NUL"),
        (b"[[messages]]\nrole = 1\n", "role must be"),
    ],
)
def test_a_bad_file_is_listed_with_its_mistake(path: Path, data: bytes, says: str) -> None:
    store.save(path.with_name("good.toml"), SESSION)
    path.write_bytes(data)
    rows = {row.path.name: row for row in store.sessions(path.parent)}
    assert rows["good.toml"].mistake is None
    assert says in str(rows["refund.toml"].mistake)
    assert rows["refund.toml"].title == "refund"


def test_what_is_no_file_is_listed_with_its_mistake(path: Path) -> None:
    path.mkdir(parents=True)
    path.with_name("nowhere.toml").symlink_to("missing")
    rows = store.sessions(path.parent)
    assert [str(row.mistake) for row in rows] == ["refund.toml can't be read · it is a folder · Name a file."]


def test_no_folder_is_an_empty_list_and_no_permission_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.sessions(path.parent) == []

    def denied(_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(StoreError, match="permission is denied"):
        store.sessions(path.parent)
