"""Images and documents without a screen: named on the command line, or in a file that somebody wrote by hand."""

from __future__ import annotations

import base64
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from tests.pictures import pdf, png
from workbench.core import attached
from workbench.engine import store

WRITTEN = Path(__file__).parent.parent / "sessions"


def content(body: dict[str, Any]) -> Any:
    return body["messages"][-1]["content"]


@pytest.fixture
def here() -> Path:
    """Where the program is called, with a picture, a PDF and a note."""
    folder = Path.cwd()
    (folder / "cat.png").write_bytes(png(1000, 1000))
    (folder / "report.pdf").write_bytes(pdf(2))
    (folder / "note.txt").write_text("Seven bells.\n")
    return folder


def test_a_hand_written_image_question(program: Program, served: Served, here: Path) -> None:
    for name in ("image-question.toml", "shelf.png", "note.txt"):
        shutil.copy(WRITTEN / name, here / name)
    found = program("run", "image-question.toml", "--json")
    assert found.status == 0, found.err
    (body,) = served.bodies
    image, note, text = content(body)
    assert base64.b64decode(image["source"]["data"]) == (here / "shelf.png").read_bytes()
    assert (note["title"], note["source"]["data"]) == ("note.txt", (here / "note.txt").read_text())
    assert text["text"].startswith("What is on the shelf")
    kept = (here / "image-question.toml").read_text()
    assert 'path = "shelf.png"' in kept
    assert kept.count("sha256 = ") == 2 + 1  # of two files, and of the request
    assert image["source"]["data"] not in kept
    again = program("run", "image-question.toml", "--json")
    assert again.records[0]["request_sha256"] == found.records[0]["request_sha256"]
    (here / "note.txt").write_text("Eight bells.\n")
    changed = program("run", "image-question.toml", "--json")
    assert changed.status == 0
    assert "note.txt has changed since it was first sent: it goes as it is now" in changed.err
    assert content(served.bodies[-1])[1]["source"]["data"] == "Eight bells.\n"
    (here / "shelf.png").unlink()
    assert "shelf.png can't be read · there is no such file" in program("run", "image-question.toml").err
    assert len(served.bodies) == 3


def test_files_addresses_and_ids_go_with_a_prompt(program: Program, served: Served, here: Path) -> None:
    del here
    words = ("--attach", "cat.png", "--attach", "https://example.com/a.png", "--attach", "file_011Cat")
    assert program("run", "--prompt", "Which?", *words).status in {0, 1}
    image, address, upload, text = content(served.bodies[0])
    assert image["source"]["media_type"] == "image/png"
    assert address == {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
    assert upload == {"type": "document", "source": {"type": "file", "file_id": "file_011Cat"}}
    assert text == {"type": "text", "text": "Which?"}
    counted = program("count", "--prompt", "Which?", "--attach", "cat.png", "--json")
    assert 1296 < counted.records[0]["input_tokens"] < 1330
    exported = program("export", "--prompt", "Which?", "--attach", "cat.png", "--as", "json")
    assert image["source"]["data"] in exported.out


def test_what_an_answer_cites_is_told(program: Program, served: Served, here: Path) -> None:
    written = """
[params]
model = "claude-sonnet-4-6"
max_tokens = 200
[[messages]]
role = "user"
text = "When do the bells ring?"
attachments = [{ path = "note.txt", citations = { enabled = true } }]
"""
    (here / "cited.toml").write_text(written)
    found = program("run", "cited.toml")
    assert found.status == 0
    assert content(served.bodies[0])[0]["citations"] == {"enabled": True}
    assert "cites note.txt, characters 0–12: “Seven bells.”\n" in found.err
    exported = program("export", "--as", "markdown", "cited.toml")
    assert "- cites 1: `note.txt, characters 0–12: “Seven bells.”`" in exported.out
    assert "char_location" in (here / "cited.toml").read_text()
    schema = 'output_format={"type": "object", "additionalProperties": false}'
    refused = program("run", "cited.toml", "--no-save", "--set", schema)
    assert "An output format doesn't go with citations" in refused.err
    assert refused.status == 1


def test_a_sweep_keeps_what_goes_with_its_prompt(program: Program, served: Served, here: Path) -> None:
    words = ("sweep", "s.toml", "--axis", "temperature=0,1", "--prompt", "Which?", "--attach", "cat.png")
    assert program(*words).status == 0
    assert 'attachments = ["cat.png"]' in (here / "s.toml").read_text()
    sent = [body for body in served.bodies if "max_tokens" in body]
    assert [content(body)[0]["type"] for body in sent] == ["image", "image"]
    assert "2 of 2 answers are there" in program("sweep", "s.toml").err
    assert len([body for body in served.bodies if "max_tokens" in body]) == 2


@pytest.mark.parametrize("command", ["run", "count", "export"])
def test_a_strangers_session_takes_nothing_along(program: Program, served: Served, here: Path, command: str) -> None:
    secret = here.parent / "secret.txt"
    secret.write_text("the key is 7")
    (here / "link.txt").symlink_to(secret)
    more = ("--as", "curl") if command == "export" else ()
    for path in (str(secret), "../secret.txt", "link.txt", "~/../secret.txt"):
        (here / "s.toml").write_text(f'[[messages]]\nrole = "user"\ntext = "Hm."\nattachments = ["{path}"]\n')
        refused = program(command, "s.toml", *more)
        assert refused.status == 2
        assert f"s.toml names files outside of its folder: {secret}. If they are to be sent, add --allow-files" in (
            refused.err
        )
        assert "the key is 7" not in refused.out
    assert served.bodies == []
    assert program(command, "s.toml", "--allow-files", *more).status == 0
    named = program("run", "--prompt", "Hm.", "--attach", "../secret.txt")
    assert named.status == 0
    assert content(served.bodies[-1])[0]["source"]["data"] == "the key is 7"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--attach", "cat.png"), "--attach goes with a prompt"),
        (("--prompt", "Hm.", "--attach", "gone.png"), "gone.png can't be read · there is no such file or folder"),
        (("--prompt", "Hm.", "--attach", "~nobody-at-all/x"), "x can't be read · there is no such file or folder"),
        (("--prompt", "Hm.", "--attach", "."), "can't be attached · it is a folder"),
        (("--prompt", "Hm.", "--attach", "/dev/zero"), "zero can't be attached · it is no ordinary file"),
        (("--prompt", "Hm.", "--attach", ""), "--attach: '' names no file: give a path, https://… or file_…"),
    ],
)
def test_what_can_t_be_sent_is_told_before_anything_is(
    program: Program, served: Served, here: Path, words: tuple[str, ...], told: str
) -> None:
    del here
    found = program("run", *words)
    assert (found.status, served.bodies) == (2, [])
    assert told in found.err


def test_limits_are_a_word_before_sending_and_the_server_decides(program: Program, served: Served, here: Path) -> None:
    (here / "wide.png").write_bytes(png(8001, 2))
    found = program("run", "--prompt", "Hm.", "--attach", "wide.png")
    assert "wide.png is 8001×2, and 8000 pixels is the most for a side; make it smaller." in found.err
    assert found.status == 1
    assert len(served.bodies) == 1


def test_the_draft_of_a_session_is_sent_with_what_belongs_to_it(program: Program, served: Served, here: Path) -> None:
    (here / "s.toml").write_text('[session]\nprompt = "Which?"\nattachments = ["cat.png", { path = "note.txt" }]\n')
    assert program("run", "s.toml", "--attach", "report.pdf").status == 0
    assert [block["type"] for block in content(served.bodies[0])] == ["image", "document", "document", "text"]
    kept = store.load(here / "s.toml").session
    assert (kept.prompt, kept.attachments) == ("", ())
    document = program("export", "s.toml", "--as", "markdown")
    assert "`cat.png`" in document.out
    assert str(here) not in document.out


def test_thinking_behind_a_file_that_changed_is_left_out(program: Program, served: Served, here: Path) -> None:
    opus = ("--set", "model=claude-opus-5-5", "--set", "max_tokens=4000")

    def thoughts() -> list[bool]:
        answers = [turn["content"] for turn in served.bodies[-1]["messages"] if turn["role"] == "assistant"]
        return [any(block["type"] == "thinking" for block in blocks) for blocks in answers]

    (here / "s.toml").write_text("")
    assert program("run", "s.toml", *opus, "--prompt", "What is it?", "--attach", "cat.png").status == 0
    assert program("run", "s.toml", *opus, "--prompt", "And?").status == 0
    assert thoughts() == [True]
    (here / "cat.png").write_bytes(png(10, 10))
    changed = program("run", "s.toml", *opus, "--prompt", "And now?")
    assert changed.status == 0, changed.err
    assert "cat.png has changed since it was first sent: it goes as it is now" in changed.err
    assert "thinking of 2 earlier answers is left out" in changed.err
    assert thoughts() == [False, False]
    swept = program("sweep", "s.toml", "--axis", "effort=low", "--prompt", "So?", *opus)
    assert swept.status == 0, swept.err
    assert thoughts() == [False, False, True]


def test_a_picture_in_a_canned_result_keeps_its_sha256_and_the_loop_its_thinking(
    program: Program, served: Served, here: Path
) -> None:
    loop = here / "loop.toml"
    text = (WRITTEN / "tool-loop.toml").read_text().replace("claude-sonnet-4-6", "claude-opus-5-5")
    picture = 'content = [{ type = "image", source = { type = "path", path = "cat.png" } }]'
    loop.write_text(
        text.replace("1024", "4000").replace('text = "PX-1881 · seen 2026-11-21 in Lyon, held at the depot"', picture)
    )
    assert program("run", "loop.toml").status == 0
    turns = served.bodies[-1]["messages"]
    assert turns[4]["content"][0]["content"][0]["source"]["type"] == "base64"
    answers = [turn["content"] for turn in turns if turn["role"] == "assistant"]
    assert [blocks[0]["type"] for blocks in answers] == ["thinking"] * 3
    (held,) = attached.paths([message.blocks for message in store.load(loop).session.messages])
    assert held["sha256"] == sha256((here / "cat.png").read_bytes()).hexdigest()
    (here / "cat.png").write_bytes(png(20, 20))
    again = program("run", "loop.toml", "--prompt", "And order 88231 again? First find_order, then track_parcel.")
    assert again.status == 0, again.err
    assert again.err.count("cat.png has changed since it was first sent") == 1
