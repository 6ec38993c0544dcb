"""Reading and reusing: recall, find, copy, export, and how everything looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, closed, notes, opened, reaching, streams
from tests.ui.story import User
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.ui import clipboard, external_editor
from workbench.ui.chat import paths
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied; nothing reaches the machine's clipboard."""
    found: list[str] = []

    async def copy(app: object, text: str, **_: object) -> str:
        del app
        found.append(text)
        return "Copied to the clipboard."

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


async def chooses(user: User, command: str, typed: str) -> None:
    """Call a command that opens a list, filter it, and take the first."""
    await user.does(command)
    chooser = await opened(user, Choose)
    chooser.field.value = typed
    await user.pilot.pause()
    await user.presses("enter")


async def test_an_earlier_prompt_comes_back_whole(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Write about\n\n  the sea.")
        await user.asks("Write about the wind.")
        user.chat.prompt.focus()
        await user.types("What I had written.")
        await chooses(user, "recall", "sea")
        await closed(user)
        assert user.chat.prompt.text == "Write about\n\n  the sea."
        assert user.chat.prompt.has_focus
        await user.presses("ctrl+z")
        assert user.chat.prompt.text == "What I had written."


async def test_what_the_outside_editor_replaced_comes_back(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    async def edit(app: object, text: str) -> str:
        del app
        return f"{text} and more"

    monkeypatch.setattr(external_editor, "edit", edit)
    async with start("usual") as user:
        await user.types("Mine")
        await user.does("editor")
        await user.until(lambda: user.chat.prompt.text == "Mine and more")
        await user.presses("ctrl+z")
        assert user.chat.prompt.text == "Mine"


async def test_undo_in_the_editor_never_leads_to_another_session(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("The first session.")
        await user.types("A draft of it.")
        await user.does("new")
        await user.until(lambda: not user.chat.session.messages)
        await user.presses("ctrl+z")
        assert user.chat.prompt.text == ""


async def test_recall_without_a_prompt_says_so(start: Start) -> None:
    async with start("usual") as user:
        await user.does("recall")
        await opened(user, Choose)
        user.reads("No prompt was sent yet.")


async def test_prompts_of_an_earlier_start_are_recalled(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Write about the sea.")
    async with start("usual") as user:
        await chooses(user, "recall", "sea")
        await closed(user)
        assert user.chat.prompt.text == "Write about the sea."


async def test_find_counts_and_goes_from_match_to_match(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("one fish two fish")
        await user.asks("red fish")
        user.chat.prompt.focus()
        await user.does("find")
        field = user.app.focused
        assert field is not None
        assert field.id == "find-text"
        await user.presses(*"fish")
        of = user.chat.view.found[1]
        assert of >= 3
        user.reads("find fish", f"/{of}")
        await user.presses("enter")
        assert user.chat.view.has_focus
        here = user.chat.view.found[0]
        await user.does("find-next")
        assert user.chat.view.found[0] == here % of + 1
        await user.does("find-previous")
        assert user.chat.view.found[0] == here
        await user.does("back")
        assert "find fish" not in user.screen
        assert user.chat.view.found == (0, 0)


async def test_find_says_when_there_is_none_and_arrows_step(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("one fish two fish")
        await user.does("find")
        await user.presses(*"zebra")
        user.reads("none")
        await user.presses(*["backspace"] * 5)
        await user.presses(*"fish")
        here, of = user.chat.view.found
        await user.presses("down")
        assert user.chat.view.found[0] == here % of + 1
        await user.presses("up")
        assert user.chat.view.found[0] == here
        await user.presses("escape")
        assert user.app.focused is not None
        assert user.app.focused.id == "conversation"


async def test_a_turn_is_copied_as_its_source(start: Start, copied: list[str]) -> None:
    async with start("usual") as user:
        await user.asks("Explain caching with a list.")
        user.chat.view.focus()
        await user.does("copy")
        await user.settles()
        assert copied == [user.chat.session.messages[1].text]
        assert "Copied to the clipboard." in notes(user)
        await user.does("first", "copy")
        await user.settles()
        assert copied[-1] == "Explain caching with a list."


async def test_an_answer_that_is_still_coming_can_be_copied(start: Start, copied: list[str]) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        user.chat.view.focus()
        await user.does("last", "copy")
        await user.until(lambda: copied)
        assert copied[0].startswith("word0 ")
        held.go_on.set()
        await user.settles()


@pytest.mark.parametrize(
    ("form", "holds"),
    [
        ("Markdown", lambda text: "end" not in text[:0] and text),
        ("JSON", lambda text: json.loads(text)["messages"][0]["content"] == "Hello #1."),
        ("curl", lambda text: "curl" in text and "$ANTHROPIC_API_KEY" in text),
        ("Python", lambda text: "import" in text),
    ],
)
async def test_a_turn_is_copied_in_another_form_without_the_key(
    start: Start, copied: list[str], form: str, holds: Callable[[str], object]
) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_variable("id", "#1"))
        await user.asks("Hello {{id}}.")
        user.chat.view.focus()
        await chooses(user, "copy-as", form)
        await closed(user)
        await user.until(lambda: copied)
        assert holds(copied[0])
        assert "sk-" not in copied[0]


async def test_a_request_is_exported_to_a_file_that_was_not_there(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "request.py"
    async with start("usual") as user:
        await user.asks("Hello.")
        for attempt in range(2):
            user.chat.view.focus()
            await user.does("export")
            chooser = await opened(user, Choose)
            assert [item.id for item in chooser.items][-1] == "turn"
            chooser.field.value = "Python"
            await user.pilot.pause()
            await user.presses("enter")
            ask = await opened(user, Ask)
            assert ask.field.value.endswith(".py")
            ask.field.value = str(file)
            await user.presses("enter")
            await closed(user)
            if attempt == 0:
                assert f"Written to {paths.shown(file)}" in notes(user)
                written = file.read_text()
        assert "request.py" in notes(user).splitlines()[-1]
        assert "Written" not in notes(user).splitlines()[-1]
        assert file.read_text() == written


async def test_a_theme_shows_while_it_is_highlighted_and_goes_when_it_is_left(start: Start) -> None:
    async with start("usual") as user:
        await user.does("theme")
        chooser = await opened(user, Choose)
        assert len(chooser.items) >= 6
        assert chooser.items[chooser.rows.highlighted].id == "nightshift"
        await user.presses("down")
        shown = user.app.theme_name
        assert shown != "nightshift"
        await user.presses("escape")
        await closed(user)
        assert user.app.theme_name == "nightshift"
        await chooses(user, "theme", "paper")
        await closed(user)
        assert user.app.theme_name == "paper"
        assert 'theme = "paper" in config.toml' in notes(user)


async def test_an_endpoint_is_chosen_and_goes_with_the_session(start: Start) -> None:
    config = Config(endpoints={"llama": Endpoint("llama", "http://127.0.0.1:9", auth="none")})
    async with start("usual", config=config) as user:
        user.reads("No API key was found")
        await chooses(user, "endpoint", "llama")
        await closed(user)
        assert user.chat.desk.chosen.endpoint.name == "llama"
        assert user.chat.session.endpoint == "llama"
        user.reads("llama")
        assert "simulat" not in user.screen


async def test_ctrl_c_copies_a_selection_stops_a_run_and_never_quits(start: Start, copied: list[str]) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.does("stop")
        assert "Nothing is running; ^Q quits." in notes(user)
        await user.types("Hello there.")
        user.chat.prompt.select_all()
        await user.does("stop")
        await user.until(lambda: copied)
        assert copied == ["Hello there."]
        await user.does("run")
        await streams(user)
        await user.does("stop")
        await user.settles()
        assert user.chat.session.runs[-1].state == "cancelled"
        assert user.app.is_running
