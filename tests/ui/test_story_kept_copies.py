"""After a disk that took nothing: who opens the session's own file again learns where the answers are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, full_disk, opened
from workbench.ui.chat import opening
from workbench.ui.screens.confirm import Confirm


@pytest.mark.fault("F01")
@pytest.mark.parametrize("how", ["leaving", "ended from outside"])
async def test_the_copy_with_the_answer_is_named_when_the_original_is_opened_again(
    how: str, start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, spare = tmp_path / "mine.toml", tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(spare))
    with monkeypatch.context() as patched:
        async with start("usual", file=file) as user:
            await user.asks("Before.")
            full_disk(patched, but=spare)
            await user.asks("What is a tide?")
            answer = user.chat.session.messages[-1].text
            if how == "leaving":
                await user.does("quit")
                await opened(user, Confirm)
                await user.presses("d")
            else:
                user.app.exit()
            await user.until(lambda: user.app._exit)
    (copy,) = spare.glob("*.toml")
    async with start("usual", file=file) as user:
        await opened(user, Confirm)
        user.reads("Recovered", 'the answer to "What is a tide?" is in', "mine.toml could not be written")
        await user.presses("enter")
        await closed(user)
        await opening.open_file(user.chat, copy)
        await user.until(lambda: user.chat.document.path == copy)
        assert user.chat.session.messages[-1].text == answer
        await opening.open_file(user.chat, file)
        await opened(user, Confirm)
        user.reads('the answer to "What is a tide?" is in')
        await user.presses("enter")
        await closed(user)
    copy.unlink()
    async with start("usual", file=file) as user:
        await user.pilot.pause()
        assert user.app.screen is user.chat
