"""The highlighted run as a conversation of two turns: what was asked, and what came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.core import facts
from workbench.core.record import RunRecord
from workbench.core.run_list import Row
from workbench.core.state import State
from workbench.ui.chat.entries import title_of
from workbench.ui.widgets.conversation_entry import Entry, Fact, Fold


def entries(row: Row) -> tuple[Entry, ...]:
    """The prompt, then the answer or why there is none."""
    record = row.record
    key = "/".join(row.key)
    found = [Entry(f"prompt:{key}", "user", "you", text=row.prompt)] if row.prompt else []
    marks = () if record.state in {State.COMPLETE, None} else (str(record.state),)
    title = title_of(record.model, simulated=record.simulated)
    folds = tuple(_folds(record.content))
    if row.answer or folds:
        found.append(
            Entry(f"answer:{key}", "assistant", title, text=row.answer, facts=_facts(record), folds=folds, marks=marks)
        )
    if record.problem is not None or not (row.answer or folds):
        problem = record.problem
        lines = (problem.title, problem.detail, problem.hint) if problem else ("Nothing came.",)
        text = "\n".join(line for line in lines if line)
        found.append(
            Entry(
                f"problem:{key}",
                "problem",
                title if not row.answer else "why",
                text=text,
                facts=() if row.answer else _facts(record),
                tone="problem",
                marks=() if row.answer else marks,
                markdown=False,
            )
        )
    return tuple(found)


def _facts(record: RunRecord) -> tuple[Fact, ...]:
    return facts.of_record(record)


def _folds(blocks: tuple[dict[str, Any], ...]) -> Iterator[Fold]:
    """Thinking, and the names of what else came beside text; the wire view has it whole."""
    at = 0
    for block in blocks:
        kind = str(block.get("type", "block"))
        if kind == "text":
            at += len(str(block.get("text", "")))
        elif kind == "thinking":
            yield Fold("thinking", str(block.get("thinking", "")), at)
        else:
            yield Fold(f"{kind.replace('_', ' ')} {block.get('name', '')}".strip(), "", at)
