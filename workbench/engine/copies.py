"""Which sessions have a copy elsewhere, kept when their own file could not be written: said when that is opened again.

Without it a person would see an unfinished answer, and pay a second time for one that lies in the copy, whole.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.engine import copy_rows, files, store
from workbench.engine.copy_rows import Row
from workbench.engine.lost_runs import question


class Copies:
    """What is remembered of copies; where the file for that can't be written either, beside temporary files."""

    def __init__(self, path: Path) -> None:
        user = os.getuid() if hasattr(os, "getuid") else 0
        self._places = (path, Path(tempfile.gettempdir()) / f"workbench-{user}-copies.json")

    def remember(self, file: Path, copy: Path) -> None:
        """That a copy of the session in `file` was kept; where no disk takes that, it is only said."""
        row = Row(str(file.resolve()), str(copy.resolve()))
        for place in self._places:
            with suppress(files.StoreError):
                copy_rows.write(place, [*(each for each in copy_rows.read(place) if each != row), row])
                return

    def told(self, file: Path, session: Session) -> tuple[str, ...]:
        """A sentence for each copy that has answers or messages which the session lacks; other copies are forgotten."""
        own = str(file.resolve())
        rows = [row for place in self._places for row in copy_rows.read(place) if row.of == own]
        sentences: list[str] = []
        for row in dict.fromkeys(rows):
            if said := _said(file, Path(row.copy), session):
                sentences.append(said)
            else:
                self._forget(row)
        return tuple(sentences)

    def _forget(self, row: Row) -> None:
        for place in self._places:
            rows = copy_rows.read(place)
            if row in rows:
                with suppress(files.StoreError):
                    copy_rows.write(place, [each for each in rows if each != row])


def _said(file: Path, copy: Path, session: Session) -> str:
    """What the copy has that the session lacks; empty where that is nothing."""
    try:
        kept = store.load(copy).session
    except store.MissingFile:
        return ""
    except store.StoreError:
        return f"a copy of {file.name} was kept in {copy}, which can't be read now"
    answers = _answers(kept, session)
    if len(answers) == 1:
        about = question(kept, answers[0].parent)
        return f"the answer{about} is in {copy}: it was kept there because {file.name} could not be written"
    there = {(message.role, message.text) for message in session.messages}
    messages = [each for each in kept.messages if each.run is None and (each.role, each.text) not in there]
    number, what = (len(answers), "answers") if answers else (len(messages), "messages")
    if not number:
        return ""
    what = what if number > 1 else what.removesuffix("s")
    return f"{number} {what} not in {file.name}, which could not be written, kept in {copy}: open that"


def _answers(kept: Session, session: Session) -> list[RunRecord]:
    """Its runs that have an answer of which the session has nothing, or less."""
    there: dict[tuple[object, ...], list[str]] = {}
    for run in session.runs:
        there.setdefault((run.request_sha256, run.started), []).append(run.text)
    return [
        run
        for run in kept.runs
        if run.content
        and not any(text.startswith(run.text) for text in there.get((run.request_sha256, run.started), ()))
    ]
