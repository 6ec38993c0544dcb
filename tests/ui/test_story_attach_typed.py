"""A path typed into the chooser of files: its folder is listed as one types, and a mistake costs no typing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.pictures import png
from tests.ui.acts import Start, closed, notes, opened
from tests.ui.story import User
from workbench.ui.chat import folder_items
from workbench.ui.screens.file_choice import FileChoice


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """A folder far from where the program is started, with pictures and another folder."""
    folder = tmp_path / "far" / "pics"
    (folder / "pi").mkdir(parents=True)
    (folder / "pie.png").write_bytes(png(20, 10))
    (folder / "cat.png").write_bytes(png(20, 10))
    (folder / "pi" / "deep.png").write_bytes(png(20, 10))
    (folder / ".pixels").write_text("x")
    (tmp_path / "home").mkdir(exist_ok=True)
    return folder


async def attaches(user: User) -> FileChoice:
    await user.does("back", "attach")
    return await opened(user, FileChoice)


async def shows(user: User, dialog: FileChoice, typed: str, *titles: str) -> None:
    """Type it anew: these are the rows then, in this order."""
    dialog.field.value = typed
    await user.until(lambda: not [each for each in user.app.workers if each.group == "folder"])
    await user.pilot.pause()
    await user.until(lambda: dialog.filtered == typed)
    assert [dialog.items[at].title if at >= 0 else "use" for at in dialog.shown if isinstance(at, int)] == [*titles]


def paths(user: User) -> list[str]:
    return [json.loads(each.text)["source"]["path"] for each in user.chat.session.attachments]


async def test_a_typed_folder_is_listed_and_what_stands_behind_its_slash_filters(
    start: Start, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(far.parent))
    async with start("small") as user:
        dialog = await attaches(user)
        everything = ("use", "pi/", "cat.png", "pie.png", ".pixels", "..")
        assert user.chat.desk.folder.parent == far.parents[1]
        for folder in (f"{far}/", "~/pics/", "../far/pics/", f"{far}/pi/../"):
            await shows(user, dialog, folder, *everything)
        await shows(user, dialog, "~", "use", "pics/", "..")
        await shows(user, dialog, f"{far}/cat", "cat.png", "use")
        await shows(user, dialog, f"{far}/pics", "use")  # the folders before are no match
        await shows(user, dialog, "https://example.com/pi", "use")
        await shows(user, dialog, "~/pics/pi", "pi/", "pie.png", ".pixels")
        await user.presses("enter")  # a folder is gone into
        await user.until(lambda: user.app.screen is not dialog and isinstance(user.app.screen, FileChoice))
        dialog = await opened(user, FileChoice)
        user.reads("deep.png")
        await shows(user, dialog, "..", "use", "pi/", "cat.png", "pie.png", ".pixels", "..")
        await shows(user, dialog, "../pie.png", "pie.png")
        await user.presses("enter")
        await closed(user)
        assert paths(user) == [str(far / "pie.png")]


async def test_a_path_that_cannot_be_read_stays_to_be_mended(start: Start, far: Path) -> None:
    async with start("small") as user:
        dialog = await attaches(user)
        await shows(user, dialog, "/no/such\0folder/x", "use")
        user.reads("null byte")
        await shows(user, dialog, f"{far}/none/x", "use")
        user.reads("no such file or directory")
        dialog.field.value = f"{far}/cat.pgn"
        await user.presses("ctrl+j")
        await user.until(lambda: user.app.screen is not dialog and isinstance(user.app.screen, FileChoice))
        dialog = await opened(user, FileChoice)
        assert dialog.field.value == f"{far}/cat.pgn"
        user.reads("cat.pgn can't be read · there is no such file or folder")
        assert not notes(user)  # one would show beside the dialog, or behind it
        await user.presses("backspace", "backspace", "backspace", "backspace")
        await user.until(lambda: "cat.png" in user.screen)
        assert "can't be read" not in user.screen
        await user.presses("ctrl+j")
        await closed(user)
        assert paths(user) == [str(far / "cat.png")]


async def test_a_folder_that_is_read_late_holds_nothing_up(
    start: Start, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, of = threading.Event(), folder_items.of

    def late(folder: Path, typed: str = "") -> object:
        if typed.endswith("pi/"):
            assert go_on.wait(20)
        return of(folder, typed)

    async with start("small") as user:
        dialog = await attaches(user)
        monkeypatch.setattr(folder_items, "of", late)
        dialog.field.value = f"{far}/pi/"
        await user.until(lambda: dialog.folder == f"{far}/pi/")
        await user.presses("d")
        assert dialog.field.value == f"{far}/pi/d"
        await shows(user, dialog, f"{far}/cat", "cat.png", "use")
        go_on.set()
        await shows(user, dialog, f"{far}/c", "cat.png", "use")
        await user.presses("escape")
        await closed(user)
        assert not paths(user)
