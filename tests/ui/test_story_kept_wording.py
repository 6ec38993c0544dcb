"""What is offered, and what is said of files that can't be written, is what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, full_disk, opened
from tests.ui.test_story_kept_trouble import held_by_another
from workbench.ui.screens.confirm import Confirm


@pytest.mark.fault("F01")
async def test_on_a_full_disk_leaving_is_called_what_it_is_only_where_a_copy_is_made(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual") as user:
        full_disk(monkeypatch)
        await user.types("A draft.")
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("Discard the changes")
        assert "in a copy" not in user.screen
        await user.presses("n")
        await closed(user)
        await user.does("run")
        await user.settles()
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("Leave; new answers are kept in a copy")
        assert "Discard" not in user.screen
        await user.presses("n")
        await closed(user)
        monkeypatch.undo()


@pytest.mark.fault("F07")
async def test_of_a_session_that_is_open_elsewhere_it_says_where_answers_go(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    with held_by_another(file):
        async with start("usual", file=file) as user:
            user.reads("has it open", "what you ask here is kept in a copy")
            await user.asks(" And mine.")
            await user.does("quit")
            await opened(user, Confirm)
            user.reads("Leave; new answers are kept in a copy")
            await user.presses("n")
            await closed(user)
