"""What the custom ids of a batch stand for: `NAME.b1.batch.jsonl` beside the session, until its results are there.

A session may be changed while its batch is on its way: what was asked is known from here, whatever it says by then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.core import batch_items, strict_json
from workbench.core.batch import WAITING, place_of
from workbench.core.safe import encodable
from workbench.engine import files, names
from workbench.engine.endpoints import SIMULATOR
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.core.batch import Batch
    from workbench.core.batch_items import Item
    from workbench.core.record import RunRecord
    from workbench.core.sweep_plan import Plan, Spot

ENDING: Final = ".batch.jsonl"


def path_of(session_file: Path, batch_id: str) -> Path:
    """Beside the session, and of a symbolic link beside what it points to."""
    target = session_file.resolve()
    return target.with_name(f"{target.name.removesuffix(names.SUFFIX)}.{batch_id}{ENDING}")


def write(path: Path, items: Iterable[Item]) -> None:
    """Have the disk hold it. Raises StoreError."""
    data = b"".join(_line(batch_items.line(item)) for item in items)
    files.write(path, data, overwrite=True, follow=False)


def _line(row: dict[str, Any]) -> bytes:
    return encodable(json.dumps(row, ensure_ascii=False, default=_iso)).encode() + b"\n"


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def remove(path: Path) -> None:
    """What it says stands in the run records by now."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def follow(before: Path, after: Path, batches: Iterable[Batch]) -> str | None:
    """Take the manifests along to where the session was saved now; what went wrong."""
    for batch in batches:
        old, new = path_of(before, batch.id), path_of(after, batch.id)
        if old == new:
            continue
        try:
            files.write(new, old.read_bytes(), overwrite=True, follow=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            return str(files.explain(f"{new.name} is not written", error))
        except StoreError as error:
            return str(error.problem)
    return None


class Manifest:
    """One such file, of which only the places of its lines are held."""

    def __init__(self, path: Path) -> None:
        """Raises StoreError where it can't be read; one that isn't there is empty."""
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        """Of each custom id: its number, and where its line begins."""
        self._file = _opened(path)
        if self._file is not None:
            at = 0
            with os.fdopen(os.dup(self._file), "rb") as lines:
                for line in lines:
                    name = _read(line).get("custom_id")
                    if isinstance(name, str):
                        self._places.setdefault(name, (len(self._places), at))
                    at += len(line)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, custom_id: object) -> bool:
        return custom_id in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def find(self, custom_id: str) -> tuple[int, RunRecord] | None:
        """The request of that name: its number in the batch, and the beginning of its record."""
        place = self._places.get(custom_id)
        if place is None or self._file is None:
            return None
        number, at = place
        with os.fdopen(os.dup(self._file), "rb") as lines:
            lines.seek(at)
            found = batch_items.read_line(_read(lines.readline()))
        return None if found is None else (number, found[1])

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(files.explain(f"{path.name} can't be read", error)) from error


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = strict_json.loads(line.decode())
    except (UnicodeDecodeError, strict_json.BadJsonError):
        return {}
    return found if isinstance(found, dict) else {}


def first(path: Path, most: int) -> list[RunRecord]:
    """The beginnings of the records that it begins with; of 100,000 reading all takes seconds. Raises StoreError."""
    if (file := _opened(path)) is None:
        return []
    with os.fdopen(file, "rb") as lines:
        read = (batch_items.read_line(_read(line)) for line in islice(lines, most))
        return [each[1] for each in read if each is not None]


def named(begun: RunRecord, batch: Batch, number: int) -> RunRecord:
    """The beginning of a record with the id that its end will have."""
    return replace(begun, id=f"{batch.id}-{number + 1}", started=batch.created)


def under_way(session_file: Path, batches: Iterable[Batch], plan: Plan, endpoint: str) -> frozenset[Spot]:
    """The spots of a sweep that batches of this endpoint ask for, whose results are still to come. Raises StoreError.

    Where nothing says any more what a batch asks for, it may be all of its sweep: nothing is paid for twice unasked.
    """
    spots = _by_name(plan)
    found: set[Spot] = set()
    for batch in batches:
        read = batch.unread is None
        if read and (batch.status not in WAITING or batch.endpoint != endpoint):
            continue
        asked = _asked(session_file, batch.kept_id) if batch.kept_id else []
        found.update(spot for place in asked for spot in spots.get(place, ()))
        if read and batch.sweep == plan.sweep.id and not asked:
            return frozenset(plan.order)
    return frozenset(found)


def elsewhere(
    session_file: Path, batches: Iterable[Batch], plan: Plan, missing: Iterable[Spot], endpoint: str
) -> tuple[Batch, ...]:
    """The batches of other endpoints that ask what is missing here, their results to come. Raises StoreError.

    Those of the bundled simulator cost nothing, and are gone with the program that sent them.
    """
    others = [each for each in batches if each.unread is None and each.status in WAITING]
    others = [each for each in others if each.endpoint not in {endpoint, SIMULATOR.name}]
    wanted = frozenset(missing) if others else frozenset()
    if not wanted:
        return ()
    spots = _by_name(plan)
    found: list[Batch] = []
    for batch in others:
        asked = _asked(session_file, batch.id)
        unknown = not asked and batch.sweep == plan.sweep.id
        if unknown or any(spot in wanted for place in asked for spot in spots.get(place, ())):
            found.append(batch)
    return tuple(found)


def told_elsewhere(found: Iterable[Batch]) -> str:
    """`b1 at sim asks the same, and its answers are still to come`; nothing where no batch does."""
    named = [f"{each.id} at {each.endpoint}" for each in found]
    if not named:
        return ""
    asks, its = ("asks", "its") if len(named) == 1 else ("ask", "their")
    return f"{', '.join(named)} {asks} the same already, and {its} answers are to come"


def _by_name(plan: Plan) -> dict[tuple[str, int], list[Spot]]:
    """The spots of a sweep by what their custom ids say of the request."""
    spots: dict[tuple[str, int], list[Spot]] = {}
    for spot in plan.order:
        spots.setdefault((plan.cells[spot.cell].sha256[:8], spot.repeat), []).append(spot)
    return spots


def asking(session_file: Path, batches: Iterable[Batch], items: Iterable[Item]) -> tuple[str, ...]:
    """Which batches on their way ask lanes one of these already: more answers may be wanted. Raises StoreError."""
    digests = {(item.begun.endpoint, item.begun.request_sha256[:8]) for item in items}
    found: list[str] = []
    for batch in batches:
        if batch.status in WAITING and batch.unread is None and batch.lanes:
            asked = _asked(session_file, batch.id)
            if any((batch.endpoint, digest) in digests for digest, _ in asked):
                found.append(batch.id)
    return tuple(found)


def told_again(ids: tuple[str, ...]) -> str:
    """What to say before it is asked, and paid, once more; nothing where no batch asks it."""
    return f"{', '.join(ids)} {'asks' if len(ids) == 1 else 'ask'} the same already, on its way" if ids else ""


def _asked(session_file: Path, batch_id: str) -> list[tuple[str, int]]:
    """Of each request of a batch how its hash begins, and its repeat. Raises StoreError."""
    manifest = Manifest(path_of(session_file, batch_id))
    try:
        return [(place[2], place[1]) for name in manifest if (place := place_of(name)) is not None]
    finally:
        manifest.close()
