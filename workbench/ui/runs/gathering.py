"""The runs of all saved sessions, read one file after another in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.run_list import Row, rows_of
from workbench.core.session import Session
from workbench.engine import results, store
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.ui.runs.screen import RunsScreen


@dataclass(frozen=True, slots=True)
class Gathered:
    """One file that was read, or couldn't be."""

    path: Path
    number: int
    """From 1."""
    of: int
    session: Session | None = None
    rows: tuple[Row, ...] = ()
    mistake: str = ""
    """Why its runs are not there, or not all of them."""


async def gather(folder: Path, without: Path | None = None) -> AsyncGenerator[Gathered, None]:
    """Every session of the folder but the one that is open. Raises StoreError where the folder can't be listed."""
    found = await asyncio.to_thread(store.sessions, folder)
    paths = [each.path for each in found if without is None or not _same(each.path, without)]
    for number, path in enumerate(paths, 1):
        yield await asyncio.to_thread(_read, path, number, len(paths))


def _same(one: Path, other: Path) -> bool:
    return one == other or one.resolve() == other.resolve()


def _read(path: Path, number: int, of: int) -> Gathered:
    try:
        session = store.load(path).session
    except StoreError as error:
        return Gathered(path, number, of, mistake=str(error.problem))
    try:
        records, notes = results.Results(results.results_path(path)).load()
    except StoreError as error:
        records, notes = [], (str(error.problem),)
    named = session if session.title else replace(session, title=path.stem)
    return Gathered(path, number, of, session, rows_of(named, records, place=str(path)), "; ".join(notes))


async def read_all(screen: RunsScreen) -> None:
    """Hand the screen each session that is read, and in the end what could not be."""
    trouble: list[str] = []
    try:
        async with aclosing(gather(screen.desk.places.sessions, screen.document.path)) as found:
            async for each in found:
                screen.add(each)
                if each.mistake:
                    trouble.append(each.mistake)
    except StoreError as error:
        trouble.append(str(error.problem))
    screen.all_read(trouble)
