"""Sessions in files: saved, opened, changed by others, broken, and never lost."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, full_disk, notes, opened, saves
from workbench.engine import configuration
from workbench.ui.chat import filing, opening
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


async def test_a_broken_session_is_noted_left_alone_and_the_screen_works(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(b"format = 1\n[session\n")
    async with start("usual", file=file) as user:
        assert "broken.toml" in notes(user)
        assert "line 2" in notes(user)
        await user.asks("Hello.")
        path = await saves(user)
        assert path != file
        assert file.read_bytes() == b"format = 1\n[session\n"


async def test_a_wrong_configuration_is_noted_line_by_line_and_the_rest_counts(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "paper"\nbudget_usd = "lots"\n[defaults]\nmax_tokens = "many"\ntop_k = 7\n')
    config, mistakes = configuration.read(file)
    async with start("usual", config=config, notes=mistakes) as user:
        told = notes(user)
        assert "config.toml: budget_usd must be a sum in USD" in told
        assert "config.toml: [defaults] max_tokens takes a whole number" in told
        assert user.chat.session.params.top_k == 7
        assert user.app.theme_name == "paper"


async def test_a_broken_theme_costs_one_line_and_not_the_start(start: Start, tmp_path: Path) -> None:
    themes = tmp_path / "home" / "config" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text('[theme]\nname = "mine"\nprimary = "no colour"\n')
    config, _ = configuration.read(tmp_path / "none.toml")
    async with start("usual", config=type(config)(theme="mine")) as user:
        assert notes(user).count("mine.toml") == 1
        assert "primary" in notes(user)
        await user.asks("Hello.")


async def test_a_value_of_another_kind_in_a_session_is_named_and_the_file_stays(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('format = 1\n[params]\nmax_tokens = "x"\n')
    async with start("usual", file=file) as user:
        assert "odd.toml can't be opened" in notes(user)
        assert "max_tokens takes a whole number, not 'x'" in notes(user)
        await user.asks("Hello.")
        assert file.read_text() == 'format = 1\n[params]\nmax_tokens = "x"\n'


@pytest.mark.fault("F13")
async def test_keys_that_nobody_knows_survive_a_save(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('format = 1\nlater = 3\n[params]\nmodell = "y"\n[[messages]]\nrole = "user"\ntext = "Hi"\n')
    async with start("usual", file=file) as user:
        user.reads("Hi")
        user.chat.prompt.focus()
        await user.types("More.")
        await saves(user)
        kept = tomllib.loads(file.read_text())
        assert (kept["later"], kept["params"]["modell"]) == (3, "y")


@pytest.mark.fault("F01")
async def test_a_full_disk_shows_in_the_title_until_a_later_save_works(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual") as user:
        with monkeypatch.context() as patched:
            full_disk(patched)
            await user.asks("Hello.")
            await user.does("save")
            await opened(user, Confirm)
            user.reads("Not saved", "the disk is full", "Save elsewhere", "Try again")
            await user.presses("n")
            await closed(user)
            user.reads("! not saved: the disk is full")
            assert len(user.chat.session.messages) == 2
        user.app.clear_notifications()
        path = await saves(user)
        assert "not saved" not in user.screen
        assert len(tomllib.loads(path.read_text())["messages"]) == 2


@pytest.mark.fault("F01", "F03")
async def test_saving_elsewhere_ends_the_trouble_too(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with start("usual") as user:
        with monkeypatch.context() as patched:
            full_disk(patched)
            await user.asks("Hello.")
            user.reads("not saved")
        await user.does("save-as")
        ask = await opened(user, Ask)
        ask.field.value = str(tmp_path / "elsewhere")
        await user.presses("enter")
        await closed(user)
        assert (tmp_path / "elsewhere.toml").exists()
        user.app.clear_notifications()
        await user.pilot.pause()
        assert "not saved" not in user.screen
        user.reads("Hello.")


@pytest.mark.fault("F08")
@pytest.mark.parametrize(("key", "kept"), [("o", "Hello."), ("n", "theirs")])
async def test_a_file_that_another_program_changed_is_asked_about(start: Start, key: str, kept: str) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        path = await saves(user)
        path.write_text('format = 1\n[session]\ntitle = "theirs"\n')
        user.chat.prompt.focus()
        await user.types("More.")
        await user.does("save")
        await opened(user, Confirm)
        user.reads("Changed on disk", "Save elsewhere", "Overwrite it")
        await user.presses(key)
        await closed(user)
        assert tomllib.loads(path.read_text())["session"]["title"] == kept


async def test_two_saves_at_once_do_not_meet_as_strangers(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        user.chat.prompt.focus()
        await user.types("More.")
        assert await asyncio.gather(*(filing.write(user.chat) for _ in range(3))) == [True] * 3
        assert user.app.screen is user.chat


async def test_save_as_asks_before_it_replaces_another_file(start: Start, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("format = 1\n")
    async with start("usual") as user:
        await user.asks("Hello.")
        for key, replaced in (("n", False), ("r", True)):
            await user.does("save-as")
            ask = await opened(user, Ask)
            ask.field.value = str(other)
            await user.presses("enter")
            await opened(user, Confirm)
            user.reads("Replace other.toml?")
            await user.presses(key)
            await closed(user)
            assert ("messages" in other.read_text()) is replaced
        assert "not saved" not in user.screen
        assert user.chat.document.path == other


TOOLS = """
format = 1
[session]
prompt = "Look."
attachments = [{ type = "document", source = { type = "path", path = "note.txt" } }]
[params]
model = "claude-sonnet-4-6"
max_tokens = 100
tools = [{ name = "look", description = "What is there.", input_schema = { type = "object" } }]
[[tool_results]]
tool = "look"
file = "seen.txt"
"""


async def test_save_as_takes_along_what_the_session_names_from_its_folder_on(start: Start, tmp_path: Path) -> None:
    before, after, third = (tmp_path / each for each in ("before", "after", "third"))
    for folder in (before, after, third):
        folder.mkdir()
    (before / "session.toml").write_text(TOOLS)
    (before / "seen.txt").write_text("a harbour")
    (before / "note.txt").write_text("A note.")
    async with start("usual", file=before / "session.toml") as user:
        await user.until(lambda: user.chat.draft)
        for folder, key in ((after, "c"), (third, "n")):
            await user.does("save-as")
            ask = await opened(user, Ask)
            ask.field.value = str(folder / "other")
            await user.presses("enter")
            await opened(user, Confirm)
            user.reads("Files of canned results", "seen.txt", "Copy them along")
            await user.presses(key)
            await closed(user)
            named = tomllib.loads((folder / "other.toml").read_text())["session"]["attachments"][0]["source"]["path"]
            assert (folder / named).resolve() == (before / "note.txt").resolve()
    assert (after / "seen.txt").read_text() == "a harbour"
    assert [each.name for each in third.iterdir()] == ["other.toml"]
    assert "seen.txt: not found from here, so those calls will wait for an answer" in notes(user)


async def test_a_session_that_asked_elsewhere_the_last_time_says_so_when_it_is_opened(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "asked.toml"
    file.write_text(
        '[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 9\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "Hi."\n'
        '[[runs]]\nid = "r1"\nparent = "m1"\nendpoint = "gateway"\nstate = "complete"\n'
    )
    said = "the session names no endpoint: it asked gateway the last time, and simulator is asked now"
    async with start("usual", file=file) as user:
        assert said in notes(user)
        user.app.clear_notifications()
        await user.does("new")
        await user.until(lambda: not user.chat.session.runs)
        assert said not in notes(user)
        await opening.open_file(user.chat, file)
        await user.until(lambda: said in notes(user))


async def test_a_session_is_renamed(start: Start) -> None:
    async with start("usual") as user:
        await user.does("title")
        ask = await opened(user, Ask)
        ask.field.value = "Refund triage [/x]"
        await user.presses("enter")
        await closed(user)
        user.reads("Refund triage [/x]")
        path = await saves(user)
        assert tomllib.loads(path.read_text())["session"]["title"] == "Refund triage [/x]"


async def test_a_file_that_names_no_model_takes_the_default_and_says_so(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "bare.toml"
    text = '[[messages]]\nrole = "user"\ntext = "Hello."\n'
    file.write_text(text)
    async with start("usual", file=file) as user:
        assert user.chat.session.params.model == user.app.desk.config.defaults.model
        assert user.chat.document.unsaved("")
        user.reads("bare.toml sets no model", "Hello.")
        assert file.read_text() == text
