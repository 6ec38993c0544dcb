"""Two answers that say the same and call something else are not alike, and Runs shows what they call."""

from __future__ import annotations

from pathlib import Path

from tests.ui.acts import Start
from tests.ui.board_acts import goes_to_runs
from workbench.ui.diff.screen import DiffScreen

SESSION = """
[params]
model = "claude-sonnet-4-6"
max_tokens = 64

[[messages]]
id = "m1"
role = "user"
text = "Where is it?"
"""
ANSWER = """
[[messages]]
id = "m{0}"
parent = "m1"
role = "assistant"
run = "r{0}"
content = [
    {{ type = "text", text = "I look." }},
    {{ type = "tool_use", id = "t{0}", name = "find", input = {{ number = "{1}" }} }},
]

[[runs]]
id = "r{0}"
lane = "A"
parent = "m1"
endpoint = "simulator"
state = "complete"
stop_reason = "tool_use"
model = "claude-sonnet-4-6"
started = 2026-11-22T14:0{0}:00Z
"""


async def test_calls_are_compared_and_shown(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "calls.toml"
    file.write_text(SESSION + ANSWER.format(2, "eighty") + ANSWER.format(3, "ninety"))
    async with start("usual", file=file) as user:
        user.chat.view.focus()
        await user.chat.do("last")
        await user.chat.do("diff")
        await user.until(lambda: isinstance(user.app.screen, DiffScreen))
        await user.rests()
        user.reads("1 change", "→ find", "eighty", "ninety")
        await user.does("back")
        await goes_to_runs(user)
        await user.rests()
        user.reads("tool use find")
        await user.does("fold", "diff")
        await user.until(lambda: isinstance(user.app.screen, DiffScreen))
        await user.rests()
        user.reads("run r3", "run r2", "1 change", "eighty", "ninety")
