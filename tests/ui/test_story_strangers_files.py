"""Files that a session names: a stranger's leave by no way unasked, and behind a changed one no thinking is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.ui.acts import Start, asks, opened
from tests.ui.board_acts import catch_copies
from tests.ui.story import User
from tests.ui.sweeps import AMPLE, done, ends, looks, results
from workbench.core.state import State
from workbench.ui.chat import counting
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm

SESSION: Final = """
[params]
model = "claude-sonnet-4-6"
max_tokens = 64
[[sweeps]]
id = "w1"
lane = "A"
prompt = "Hm."
attachments = ["../secret.txt"]
axes = { temperature = [0.5] }
[[messages]]
role = "user"
text = "Hm."
attachments = ["../secret.txt"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("the key is 7")
    made = tmp_path / "work" / "s.toml"
    made.parent.mkdir(exist_ok=True)
    made.write_text(SESSION)
    return made


@pytest.fixture
def thinking(file: Path) -> Path:
    """A question about a note, for a model that thinks."""
    (file.parent / "note.txt").write_text("Seven bells.")
    params = 'model = "claude-opus-5-5"\nmax_tokens = 4000'
    file.write_text(f'[session]\nprompt = "Hm."\nattachments = ["note.txt"]\n[params]\n{params}\n')
    return file


async def refuses(user: User, path: Path) -> None:
    """Say no to sending the file."""
    await asks(user, "Send these files?", str(path))
    await user.presses("n")
    await done(user)


async def test_nothing_of_it_is_counted_copied_batched_or_swept(
    start: Start, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = file.parent.parent / "secret.txt"
    copied = catch_copies(monkeypatch)
    async with start("usual", file=file, limits=AMPLE) as user:
        user.app.desk.counts = True
        await user.types("And?")
        await user.until(lambda: not user.chat.looking)
        await user.until(lambda: any(each.files for each in user.chat.counts.wanted))
        (request,) = user.chat.counts.wanted
        assert [each.path for each in request.files] == [str(secret)]
        counting.begin(user.chat)
        await user.until(lambda: all(each.is_finished for each in user.app.workers if each.group == "counting"))
        assert user.chat.counts.of(request, user.chat.desk.chosen.endpoint) is None
        user.chat.prompt.text = ""
        user.chat.view.focus()
        await user.does("copy-as")
        dialog = await opened(user, Choose)
        dialog.field.value = "json"
        await user.presses("enter")
        await refuses(user, secret)
        assert copied == []
        screen = await looks(user)
        await user.does("run")
        await refuses(user, secret)
        await user.does("batch-it")
        await opened(user, Confirm)
        await user.presses("s")
        await refuses(user, secret)
        assert (results(user), user.chat.session.batches) == ([], ())
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("s")
        await user.until(lambda: screen.sweeping is not None and len(screen.sweeping.records) == 1)
        await ends(user)  # a yes is asked for once
        assert len(results(user)) == 1


async def test_thinking_behind_a_file_that_changed_is_left_out(start: Start, thinking: Path) -> None:
    note = thinking.parent / "note.txt"
    async with start("usual", file=thinking) as user:
        await user.until(lambda: user.chat.draft and not user.chat.looking)
        await user.does("run")
        await user.settles()
        note.write_text("Eight bells.")
        await user.types("And now?")
        await user.does("run")
        await asks(user, "Send the changed files?", str(note))
        await user.presses("s")
        await done(user)
        await user.settles()
        *_, wire = user.chat.wires.values()
        said = json.loads(wire.request_body)["messages"]
        assert said[0]["content"][0]["source"]["data"] == "Eight bells."
        assert [block["type"] for block in said[1]["content"]] == ["text"]
        assert [run.state for run in user.chat.session.runs] == [State.COMPLETE] * 2
