"""Answers that have a schema: written, completed, answered as a tree, checked."""

from __future__ import annotations

import json
from typing import Any

from tests.ui.acts import Start, closed, opened, params
from tests.ui.story import User
from workbench.core.config import Config
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.ui.screens.confirm import Confirm
from workbench.ui.screens.jump import Jump
from workbench.ui.screens.write import Write

QUESTION = "Order 88231: the red lighthouse lamp came broken, and the brass fog horn never came. I want my money back."
ITEM = {"type": "object", "properties": {"article": {"type": "string"}, "price": {"type": "number"}}}
WRITTEN: dict[str, Any] = {
    "title": "ticket",
    "type": "object",
    "properties": {
        "order": {"type": "string", "minLength": 3},
        "kind": {"enum": ["refund", "exchange", "question"]},
        "items": {"type": "array", "items": ITEM},
        "sure": {"type": "boolean"},
    },
}
DEFAULTS = Config(
    defaults=Params(model="claude-opus-5-5", max_tokens=2048, thinking="adaptive", thinking_display="summarized")
)


def tree_row(user: User) -> str:
    """The jump's key of the row that holds the items."""
    y = next(at for at, line in enumerate(user.screen.splitlines()) if "▾ items: " in line)
    return next(key for key, spot in user.chat.view.folds() if spot.y == y)


async def test_a_schema_is_completed_and_its_answer_is_a_tree_that_folds(start: Start) -> None:
    async with start(config=DEFAULTS) as user:
        user.chat.view.focus()
        await user.does("schema")
        dialog = await opened(user, Write)
        assert json.loads(dialog.editor.text)["required"] == ["answer"]  # begun from a template
        dialog.editor.text = "{"
        await user.presses("ctrl+j")
        user.reads("The schema is not JSON")
        dialog.editor.text = json.dumps(WRITTEN)
        await user.presses("ctrl+j")
        await opened(user, Confirm)
        user.reads(
            "The API will refuse it: the object at the top needs", "items.items: allows no other property and requires"
        )
        user.reads("order: minLength 3 in the description only")
        await user.presses("escape")
        again = await opened(user, Write)
        assert json.loads(again.editor.text) == WRITTEN  # nothing that was written is lost
        await user.presses("ctrl+j")
        await opened(user, Confirm)
        await user.presses("c")
        await closed(user)
        held = params(user).output_format
        assert held is not None
        assert isinstance(held.value, dict)
        assert held.value["schema"]["required"] == ["order", "kind", "items", "sure"]
        user.reads("ticket")

        await user.asks(QUESTION)
        record = user.chat.session.runs[-1]
        assert record.schema_errors == ()
        user.reads("fits the schema", "▾ items: ", "kind: ")
        await user.sees("schema-answer")
        text = user.screen
        user.chat.view.focus()
        await user.does("fold")
        user.reads("▸ items: ")
        await user.does("fold")
        user.reads("▾ thinking")
        await user.does("fold", "raw")
        assert "▾ items" not in user.screen
        user.reads('"kind": ')
        await user.does("raw")
        await user.does("fold", "fold")
        items = f"fold:{tree_row(user)}"
        await user.does("jump")
        labels = {target.id: label for label, target in (await opened(user, Jump)).targets.items()}
        assert sum(key.startswith("fold:") for key in labels) == 4  # the thinking, the whole, its items, the first
        await user.presses(*labels[items])
        user.reads("▸ items: ", "sure: ")
        assert "▾ items" in text


async def test_a_mismatch_is_marked_and_a_schema_of_ones_own_is_kept(start: Start) -> None:
    async with start(config=Config(defaults=Params(model="claude-haiku-4-5", max_tokens=6))) as user:
        user.chat.view.focus()
        await user.does("schema")
        dialog = await opened(user, Write)
        dialog.editor.text = json.dumps(WRITTEN)
        await user.presses("ctrl+j")
        await opened(user, Confirm)
        await user.presses("k")
        await closed(user)
        assert params(user).output_format == Json.of({"type": "json_schema", "schema": WRITTEN})
        await user.asks(QUESTION)
        assert user.chat.session.runs[-1].problem is not None  # the API has the last word
        fixed = {**WRITTEN, "additionalProperties": False, "required": [], "properties": {"order": {"type": "string"}}}
        user.chat.change(user.chat.session.with_param(user.chat.lane, "output_format", fixed))
        await user.does("run")
        await user.settles()
        user.reads("Cut off by max_tokens.", "Raise max_tokens, and run it again.")
        user.reads("doesn't fit the schema", "✗ the answer is not JSON")
        user.chat.view.focus()
        await user.does("schema")
        dialog = await opened(user, Write)
        dialog.editor.text = ""
        await user.presses("ctrl+j")
        await closed(user)
        assert params(user).output_format is None
