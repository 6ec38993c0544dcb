"""Files in place of paths: read once, told when they can't be, and vouched for or not."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import jpeg, pdf, png
from workbench.core import attached, references
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.problem import Problem
from workbench.core.request import Request
from workbench.core.session import Message, Session
from workbench.engine import attached_files, files, store
from workbench.engine.attached_files import File
from workbench.engine.attachments import Attachments, vouches
from workbench.engine.open_session import OpenSession


def asking(*names: str | Path, **more: object) -> Request:
    said = attached.content("Hm.", [Json.of({**attached.block(str(name)), **more}) for name in names])
    session = Session(messages=(Message("m1", "user", said),))
    return request_of(session, session.lane(), "m1")


def test_each_kind_of_file_becomes_what_the_api_takes(tmp_path: Path) -> None:
    data = {"cat.png": png(12, 34), "a.jpg": jpeg(8, 9), "r.pdf": pdf(3), "n.txt": "né\r\n".encode()}
    folder = tmp_path / "work"
    for name, each in data.items():
        (folder / name).write_bytes(each)
    found = Attachments().filled(asking(*data), folder)
    assert found.problems == ()
    content: Any = found.request.turns[0].wire["content"]
    image, photo, report, text, said = content
    assert image["source"] == {
        "type": "base64",
        "media_type": "image/png",
        "data": base64.b64encode(data["cat.png"]).decode(),
    }
    assert photo["source"]["media_type"] == "image/jpeg"
    assert (report["title"], report["source"]["media_type"]) == ("r.pdf", "application/pdf")
    assert text["source"] == {"type": "text", "media_type": "text/plain", "data": "né\r\n"}
    assert said == {"type": "text", "text": "Hm."}
    assert [each.measure for each in found.request.media] == ["12×34", "8×9", "3 pages", ""]
    assert found.request.digest == replace(found.request, files=()).digest
    assert all(not each.outside and len(each.sha256) == 64 for each in found.request.files)


def test_ten_lanes_read_once_and_share_the_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cat.png").write_bytes(png())
    times: list[Path] = []
    read = files.read

    def counted(path: Path, most: int | None = None) -> object:
        times.append(path)
        return read(path, most)

    monkeypatch.setattr(files, "read", counted)
    attachments = Attachments()
    turns = {id(attachments.filled(asking("cat.png"), tmp_path).request.turns[0]) for _ in range(10)}
    assert (len(times), len(turns)) == (1, 1)
    before = (tmp_path / "cat.png").stat()
    (tmp_path / "cat.png").write_bytes(png(50, 60))
    os.utime(tmp_path / "cat.png", ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert attachments.filled(asking("cat.png"), tmp_path).request.media[0].measure == "50×60"
    assert len(times) == 2


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(attached_files.MOST + 1)


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "there is no such file or folder"),
        (Path.mkdir, "it is a folder"),
        (_pipe, "it is no ordinary file"),
        (_socket, "it is no ordinary file"),
        (_loop, "symbolic links lead round in a circle"),
        (_large, "32 MB is the most for a request"),
        (lambda path: path.write_bytes(b""), "it is empty"),
        (lambda path: path.write_bytes(b"\xff\xfe\0"), "no UTF-8 text (byte 0)"),
        (lambda path: path.write_bytes(b"a\0b"), "holds NUL characters"),
    ],
)
def test_what_can_t_be_attached_is_a_sentence(
    tmp_path: Path, make: Callable[[Path], object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    make(Path("thing.txt"))
    attachments = Attachments()
    for read in (True, False):  # what is known now is known without reading
        found = attachments.filled(asking("thing.txt"), tmp_path, read=read)
        (problem,) = found.problems
        assert "thing.txt can't be" in problem.title
        assert words in problem.detail
        assert found.request.turns == asking("thing.txt").turns


def test_a_device_and_a_file_without_an_end_are_not_read(tmp_path: Path) -> None:
    for name in ("/dev/zero", "/proc/self/environ", "a\0b"):
        assert isinstance(Attachments().look(name), Problem)


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "n.txt"
    path.write_text("first")
    read = files.read
    left = [2]

    def growing(at: Path, most: int | None = None) -> object:
        made = read(at, most)
        if left[0]:
            left[0] -= 1
            path.write_text(path.read_text() + "!")
        return made

    monkeypatch.setattr(files, "read", growing)
    found = Attachments().look(path)
    assert isinstance(found, File)
    assert found.source["data"] == "first!!"
    left[0] = 99
    path.write_text("other")
    never = Attachments().look(path)
    assert isinstance(never, Problem)
    assert never.detail == "it changes while it is read"


def test_a_block_that_says_otherwise_than_its_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(pdf())
    (tmp_path / "a.txt").write_bytes(png())
    problems = Attachments().filled(asking("cat.png", "a.txt"), tmp_path).problems
    assert [(each.detail, each.hint) for each in problems] == [
        ("it is a PDF", 'Write type = "document" for it.'),
        ("it is a picture (PNG)", 'Write type = "image" for it.'),
    ]


@pytest.mark.parametrize(("password", "pages", "locked"), [("", 2, False), ("hush", None, True)])
def test_a_pdf_says_its_pages_or_that_it_is_locked(
    tmp_path: Path, password: str, pages: int | None, *, locked: bool
) -> None:
    (tmp_path / "r.pdf").write_bytes(pdf(2, password))
    (media,) = Attachments().filled(asking("r.pdf"), tmp_path).request.media
    assert (media.pages, media.locked) == (pages, locked)
    (tmp_path / "odd.pdf").write_bytes(b"%PDF-1.7 /Type /Page nothing else is right")
    (odd,) = Attachments().filled(asking("odd.pdf"), tmp_path).request.media
    assert (odd.pages, odd.locked) == (1, False)


def test_what_was_not_read_yet_is_named_and_nothing_is_read_for_it(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(png())
    attachments = Attachments()
    found = attachments.filled(asking("cat.png"), tmp_path, read=False)
    assert found.unread == (str(tmp_path / "cat.png"),)
    attachments.look(found.unread[0])
    assert attachments.filled(asking("cat.png"), tmp_path, read=False).unread == ()


def test_only_what_lies_below_the_session_is_vouched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, work = tmp_path / "you", tmp_path / "you" / "work"
    for folder in (work / "sub", work / ".git", home / ".ssh"):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    key = home / ".ssh" / "id_rsa"
    key.write_text("secret")
    (work / "link.txt").symlink_to(key)
    inside, outside = work / "sub" / "a.txt", home / "b.txt"
    for path in (inside, outside, work / ".git" / "config"):
        path.write_text("x")
    assert vouches(work, str(inside))
    assert not vouches(work, str(outside))
    assert not vouches(work, str(work / ".git" / "config"))
    assert not vouches(home, str(outside))
    assert not vouches(tmp_path, str(outside))
    assert not vouches(None, str(inside))
    attachments = Attachments()
    (sent,) = attachments.filled(asking("link.txt"), work).request.files
    assert (sent.path, sent.strange) == (str(key), True)
    attachments.agree(sent)
    assert not attachments.filled(asking("link.txt"), work).request.files[0].strange
    key.write_text("another")
    assert attachments.filled(asking("link.txt"), work).request.files[0].strange


def test_a_home_that_nobody_has_is_a_file_that_is_missing(tmp_path: Path) -> None:
    (problem,) = Attachments().filled(asking("~nobody-at-all/x.txt"), tmp_path).problems
    assert "there is no such file or folder" in str(problem)


def test_who_knew_the_bytes_may_name_the_file_and_a_change_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    attachments, elsewhere = Attachments(), tmp_path / "other"
    (sent,) = attachments.filled(asking(tmp_path / "a.txt"), elsewhere).request.files
    assert sent.strange
    session = Session(messages=(Message("m1", "user", asking(tmp_path / "a.txt").turns[0].content),))
    stamped = references.stamped(session, [sent], ["m1"])
    again = request_of(stamped, stamped.lane(), "m1")
    assert not attachments.filled(again, elsewhere).request.files[0].strange
    (tmp_path / "a.txt").write_text("changed")
    (now,) = attachments.filled(again, elsewhere).request.files
    assert now.changed
    assert now.strange
    attachments.chose(tmp_path / "a.txt")
    assert not attachments.filled(again, elsewhere).request.files[0].strange


def test_a_session_that_is_saved_elsewhere_still_means_the_same_files(tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "s.toml", tmp_path / "two" / "deep" / "s.toml"
    for each in (first, second):
        each.parent.mkdir(parents=True)
    first.write_text('[[messages]]\nrole = "user"\ntext = "Hm."\nattachments = ["cat.png", "../b.pdf"]\n')
    session = store.load(first).session
    store.save(second, session)
    assert '"../../one/cat.png"' in second.read_text()
    assert store.load(second).session == session
    held = OpenSession.open(first).held
    assert held is not None
    held.note(replace(session, prompt="more", attachments=(Json.of(attached.block(str(first.parent / "c.png"))),)))
    held._lock.release()  # as if the program were killed: what stands in the journal comes back
    back = store.load(first).session
    assert back.attachments == (Json.of(attached.block(str(first.parent / "c.png"))),)
    store.save(first, back, overwrite=True)
    assert 'attachments = ["c.png"]' in first.read_text()
    assert 'path = "../b.pdf"' in first.read_text()


def test_the_oldest_are_forgotten_where_they_are_too_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.engine.attachments.KEPT", 60_000)
    attachments = Attachments()
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(png(10, 10, more=15_000))
        attachments.filled(asking(f"{number}.png"), tmp_path)
    assert 1 <= len(attachments._files) <= 2
    assert isinstance(attachments.look(tmp_path / "0.png"), File)
