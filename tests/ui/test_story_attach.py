"""Images and documents at the prompt: chosen, pasted, shown with what they weigh, and sent as they are."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Static

from tests.pictures import pdf, png
from tests.ui.acts import Start, asks, closed, notes, opened, saves
from tests.ui.story import User
from workbench.core import attached, media
from workbench.core.kinds import Json
from workbench.engine.attached_files import MOST
from workbench.ui.pasting import LARGE_LINES
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm
from workbench.ui.widgets.attachments import Attachments

LONG = "\n".join(f"line {number}\r" for number in range(LARGE_LINES + 1))


def sent(user: User) -> list[dict[str, Any]]:
    """The bodies that went out, oldest first."""
    return [json.loads(wire.request_body) for wire in user.chat.wires.values()]


def chips(user: User) -> Attachments:
    return user.chat.query_one("#attached", Attachments)


def kept(user: User) -> tuple[Json, ...]:
    """What goes with the draft."""
    return user.chat.session.attachments


async def reads_files(user: User) -> None:
    await user.until(lambda: not user.chat.looking)
    await user.rests()


async def chooses(user: User, text: str) -> None:
    """Type into the chooser that is up, and take what it then means."""
    dialog = await opened(user, Choose)
    dialog.field.value = text
    await user.pilot.pause()
    await user.presses("ctrl+j")


async def pastes(user: User, text: str) -> None:
    user.chat.prompt.focus()
    await user.pilot.pause()
    user.app.post_message(events.Paste(text))
    await user.rests()
    await user.until(lambda: not [each for each in user.app.workers if each.group == "attachments"])
    await user.rests()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder that the program is started in, with files to attach."""
    folder = tmp_path / "home"
    (folder / "shots").mkdir(parents=True)
    (folder / ".hidden").write_text("x")
    (folder / "shots" / "shelf.png").write_bytes(png(1000, 800))
    (folder / "report.pdf").write_bytes(pdf(3))
    (folder / "notes.txt").write_text("Seven bells.\n")
    return folder


async def test_a_picture_is_chosen_weighed_asked_about_and_kept_by_reference(start: Start, home: Path) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 200))
        await user.does("back", "attach")
        await opened(user, Choose)
        rows = user.screen
        assert rows.index("shots/") < rows.index("notes.txt") < rows.index("report.pdf") < rows.index(".hidden")
        user.reads("PDF", "folder")
        await chooses(user, "shots")
        await chooses(user, "shel")
        await closed(user)
        await reads_files(user)
        user.reads("shelf.png", "1000×800", "≈ 1 044 tok")
        assert user.chat.prompt.has_focus
        await user.does("back", "attach")
        await opened(user, Choose)
        user.reads("/shots  ")  # the next one is likely to lie beside it
        await chooses(user, "https://example.com/map.png")
        await closed(user)
        user.reads("read by the API")
        user.chat.prompt.focus()
        await user.types("What stands on the upper shelf? One sentence.")
        user.reads("≈ 2 65")  # both pictures count
        await user.sees("attached")
        await user.does("run")
        await user.settles()
        (body,) = sent(user)
        image, address, text = body["messages"][0]["content"]
        assert base64.b64decode(image["source"]["data"]) == (home / "shots" / "shelf.png").read_bytes()
        assert address["source"] == {"type": "url", "url": "https://example.com/map.png"}
        assert text["text"] == "What stands on the upper shelf? One sentence."
        assert not chips(user).display
        user.reads("image shelf.png", "1000×800 · ", "The image is 1000 × 800 pixels, a PNG.")
        await user.sees("image-question")
        path = await saves(user)
        text_of_file = path.read_text()
        assert 'path = "../../shots/shelf.png"' in text_of_file
        assert "sha256" in text_of_file
        assert image["source"]["data"][:40] not in text_of_file
        await user.does("back", "undo")
        assert chips(user).items[0].detail.startswith("1000×800")


async def test_chips_are_walked_told_and_removed_and_a_small_screen_has_room(start: Start, home: Path) -> None:
    (home / "wide.png").write_bytes(png(8001, 2))
    with (home / "film.pdf").open("wb") as file:
        file.truncate(MOST + 1)
    async with start("small") as user:
        for name in ("notes.txt", "report.pdf", "wide.png"):
            await user.does("back", "attach")
            await chooses(user, name)
            await closed(user)
        await reads_files(user)
        user.reads("‹2 ", "wide.png 8001×2", "! wide.png is 8001×2, and 8000 pixels is the most for a side")
        await user.sees("attached-small")
        await user.does("back", "attach")
        await chooses(user, "film.pdf")
        await user.until(lambda: "film.pdf can't be attached · it has 33.6 MB, and 32 MB is the most" in user.screen)
        await opened(user, Choose)  # to choose another
        await user.presses("escape")
        await closed(user)
        await user.does("jump")
        await user.pilot.press("escape")
        chips(user).focus()
        await user.does("last", "enter")
        assert str(home / "wide.png") in notes(user)
        await user.does("unset")
        assert [each.name for each in chips(user).items] == ["notes.txt", "report.pdf"]
        await user.does("undo")
        assert len(chips(user).items) == 3
        await user.does("redo", "first", "more", "unset")
        assert [each.name for each in chips(user).items] == ["notes.txt"]


async def test_a_long_paste_goes_along_as_a_document_and_undo_puts_it_into_the_text(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 90))
        user.chat.prompt.focus()
        await user.types("Sum this up: ")
        await pastes(user, f"{LONG}\n")  # a last line that ended is one line
        assert "201 lines were pasted, and go along as a document: ^Z puts them into the text" in notes(user)
        await user.presses("ctrl+z", "ctrl+z")
        user.app.clear_notifications()
        await pastes(user, LONG)
        assert user.chat.draft == "Sum this up: "
        assert kept(user) == (Json.of(attached.of_text(LONG)),)
        assert "201 lines were pasted, and go along as a document: ^Z puts them into the text" in notes(user)
        await user.presses("ctrl+z")
        assert user.chat.draft == f"Sum this up: {LONG}"
        assert not kept(user)
        await user.presses("ctrl+z")
        await pastes(user, "short")
        assert user.chat.draft == "Sum this up: short"
        await pastes(user, LONG)
        await user.types("!")
        await user.presses("ctrl+z")  # what was typed since goes first
        assert kept(user)
        await user.does("run")
        await user.settles()
        document, _ = sent(user)[0]["messages"][0]["content"]
        assert (document["title"], document["source"]["data"]) == ("pasted", LONG)
        model = user.chat.desk.catalogue.recognise("claude-sonnet-4-6")
        (weighed,) = media.of([document])
        assert weighed.told(model) != weighed.told(None)  # an older tokenizer: the chip and the turn say the same
        user.reads("document pasted", weighed.told(model))


async def test_a_pasted_path_stays_text_and_can_be_attached_in_its_place(start: Start, home: Path) -> None:
    (home / "my cat.png").write_bytes(png(20, 10))
    async with start("usual") as user:
        user.chat.prompt.focus()
        await user.types("What is this? ")
        text = str(home / "my cat.png").replace(" ", "\\ ")
        await pastes(user, text)
        assert user.chat.draft == f"What is this? {text}"
        assert "my cat.png is a file: esc A attaches it in place of its path." in notes(user)
        assert not kept(user)
        await user.does("back", "attach")
        await opened(user, Choose)
        user.reads("as pasted: its path leaves the text")
        await user.presses("ctrl+j")
        await closed(user)
        assert user.chat.draft == "What is this? "
        assert chips(user).items[0].name == "my cat.png"
        await pastes(user, "nothing/of/that/name.png")
        assert "name.png is a file" not in notes(user)


async def test_a_file_is_that_file_whatever_it_is_called(start: Start, home: Path) -> None:
    (home / "file_notes").write_text("x")
    (home / "odd\udcff.png").write_bytes(png(2, 2))
    async with start("small") as user:
        await user.does("back", "attach")
        await chooses(user, "file_not")
        await closed(user)
        (block,) = kept(user)
        assert json.loads(block.text)["source"] == {"type": "path", "path": str(home / "file_notes")}
        await user.does("back", "attach")
        await chooses(user, "odd")
        await user.until(lambda: "rename the file first" in user.screen)
        await opened(user, Choose)
        await user.presses("escape")
        await closed(user)
        assert len(kept(user)) == 1


async def test_a_strangers_session_is_asked_about_with_whole_paths(start: Start, tmp_path: Path, home: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key is 7")
    file = tmp_path / "work" / "s.toml"
    file.write_text('[[messages]]\nrole = "user"\ntext = "Hm."\nattachments = ["../secret.txt"]\n')
    del home
    async with start("usual", file=file) as user:
        await reads_files(user)
        await user.does("run")
        await asks(user, "Send these files?", str(secret))
        await user.presses("escape")
        await closed(user)
        assert sent(user) == []
        await user.does("run")
        await opened(user, Confirm)
        secret.write_text("the key is another")
        await user.presses("s")
        await closed(user)
        await user.rests()
        assert sent(user) == []
        assert f"Nothing was sent: {secret} changed since you were asked." in notes(user)
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("s")
        await closed(user)
        await user.settles()
        assert len(sent(user)) == 1
        await user.chat.do("run")  # once is enough
        await user.settles()
        assert len(sent(user)) == 2
        secret.write_text("the key is 8")
        await user.chat.do("run")
        await reads_files(user)
        await opened(user, Confirm)
        user.reads("Send these files?")
        await user.presses("escape")
        await closed(user)
        secret.unlink()
        await user.chat.do("run")
        await user.rests()
        assert "secret.txt can't be read · there is no such file or folder" in notes(user)
        assert len(sent(user)) == 2


async def test_a_file_that_changed_since_it_was_sent_is_asked_about_once(start: Start, tmp_path: Path) -> None:
    file, note = tmp_path / "work" / "s.toml", tmp_path / "work" / "note.txt"
    note.write_text("Seven bells.")
    file.write_text('[[messages]]\nrole = "user"\ntext = "Hm."\nattachments = ["note.txt"]\n')
    async with start("usual", file=file) as user:
        await user.does("back")
        for text, title in (("Seven bells.", ""), ("Eight bells.", "Send the changed files?"), ("Eight bells.", "")):
            note.write_text(text)
            await user.chat.do("run")
            await reads_files(user)
            if title:
                dialog = await opened(user, Confirm)
                user.reads(title)
                assert str(note) in str(dialog.words.query_one(Static).content)  # a long path goes on in the next row
                await user.presses("s")
                await closed(user)
            await user.settles()
            assert sent(user)[-1]["messages"][0]["content"][0]["source"]["data"] == text
        assert len(sent(user)) == 3
        assert user.chat.session.messages[0].blocks[0]["source"]["path"] == str(note)
