"""Save elsewhere proposes a place that takes the session, not the one that refused it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, full_disk, opened
from workbench.engine import store
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


@pytest.mark.fault("F01")
@pytest.mark.parametrize("room", ["sessions", "temporary", "nowhere"])
async def test_the_first_folder_that_has_room_is_proposed(
    room: str, start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sessions = tmp_path / "home" / "data" / "sessions"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "full").mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(temporary))
    wanted = {"sessions": sessions, "temporary": temporary, "nowhere": tmp_path / "full"}[room]
    async with start("usual", file=tmp_path / "full" / "mine.toml") as user:
        await user.asks("Before.")
        with monkeypatch.context() as patched:
            full_disk(patched, but=tmp_path / "no such folder" if room == "nowhere" else wanted)
            await user.asks("In between.")
            await user.does("save")
            await opened(user, Confirm)
            await user.presses("e")
            dialog = await opened(user, Ask)
            assert isinstance(dialog, Ask)
            assert dialog.field.value == str(wanted / "mine-copy.toml")
            if room == "nowhere":
                await user.presses("escape")
                await closed(user)
                return
            await user.presses("enter")
            await closed(user)
            assert "! not saved" not in user.screen
            assert user.chat.document.path == wanted / "mine-copy.toml"
    assert len(store.load(wanted / "mine-copy.toml").session.messages) == 4
