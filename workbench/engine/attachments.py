"""Files in place of the paths of a request, read when it is made: every sender asks here, and ten lanes read once.

A session can come from a stranger, so what lies outside of its folder is told: nothing of it may leave unasked.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.core import attached
from workbench.core.attached import Block, Sent
from workbench.core.kinds import Json
from workbench.core.problem import Problem
from workbench.core.request import Request, Turn
from workbench.engine import files

if TYPE_CHECKING:
    from workbench.core.media import Media
    from workbench.engine.attached_files import File
    from workbench.engine.files import Stamp

KEPT: Final = 96 * 2**20
"""Bytes of files, and of turns made of them, that are kept: the newest."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A request with the files in it, as far as they could be read."""

    request: Request
    problems: tuple[Problem, ...] = ()
    """What can't be sent, a sentence for each file."""
    unread: tuple[str, ...] = ()
    """Paths that must be read first."""


class Attachments:
    """What was read, and which files a person agreed to; a program has one. Any thread may ask."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, File] = OrderedDict()
        self._refused: dict[str, tuple[Stamp, Problem]] = {}
        """What can't be attached, and why, until it changes."""
        self._turns: OrderedDict[tuple[str, ...], Turn] = OrderedDict()
        self._lock = threading.Lock()
        self._agreed: set[tuple[str, str]] = set()

    # What a person agreed to

    def chose(self, path: str | Path) -> None:
        """A person named this file: it may be sent as it is then."""
        self._agreed.add((_real(path), ""))

    def agree(self, sent: Sent) -> None:
        """A person said yes to this file as it is now."""
        self._agreed.add((sent.path, sent.sha256))

    # Reading

    def look(self, path: str | Path) -> File | Problem:
        """The file, read where that wasn't done since it changed; takes its time."""
        real = _real(path)
        found = self._known(real)
        if found is not None:
            return found
        from workbench.engine import attached_files

        made = attached_files.read(real, Path(path).name or str(path))
        with self._lock:
            if not isinstance(made, Problem):
                self._files[real] = made
                self._let_go()
            elif (stamp := attached_files.stamp(real)) is not None:
                self._refused[real] = (stamp, made)
        return made

    def known(self, path: str | Path) -> File | Problem | None:
        """The same where nothing must be read for it."""
        return self._known(_real(path))

    def _known(self, real: str) -> File | Problem | None:
        from workbench.engine import attached_files

        stamp = attached_files.stamp(real)
        if stamp is None:
            return attached_files.missing(real)
        with self._lock:
            found = self._files.get(real)
            if found is not None and found.stamp == stamp:
                self._files.move_to_end(real)
                return found
            refused = self._refused.get(real)
            return refused[1] if refused is not None and refused[0] == stamp else None

    def _let_go(self) -> None:
        """Forget the oldest while all together are too large, but never the newest."""
        sizes = {name: each.media.sent for name, each in self._files.items()}
        weights = {key: sum(each.sent for each in turn.media) for key, turn in self._turns.items()}
        total = sum(sizes.values()) + sum(weights.values())
        for key in [*weights][:-1]:
            if total > KEPT:
                total -= weights[key]
                del self._turns[key]
        for name in [*sizes][:-1]:
            if total > KEPT:
                total -= sizes[name]
                del self._files[name]

    # Putting files in place of their paths

    def filled(self, request: Request, folder: Path | None, *, read: bool = True) -> Filled:
        """The request as it is sent from a session in that folder; without `read` from what is known already."""
        if not any(turn.names_files for turn in request.turns):
            return Filled(request)
        filling = _Filling(self, folder, read=read)
        turns = tuple(self._turn(turn, filling) if turn.names_files else turn for turn in request.turns)
        made = replace(request, turns=turns, files=tuple(dict.fromkeys(filling.sent)))
        return Filled(made, tuple(dict.fromkeys(filling.problems)), tuple(dict.fromkeys(filling.unread)))

    def _turn(self, turn: Turn, filling: _Filling) -> Turn:
        assert isinstance(turn.content, Json)
        failed = len(filling.problems) + len(filling.unread)
        sources = [filling.file_of(source, each) for each, source in _sources(turn.content.value)]
        if len(filling.problems) + len(filling.unread) > failed:
            return turn
        key = (turn.role, turn.content.text, *(each.sha256 for each in sources if each is not None))
        with self._lock:
            found = self._turns.get(key)
            if found is None:
                found = self._turns[key] = filling.made(turn)
                self._let_go()
            self._turns.move_to_end(key)
            return found

    def agreed(self, real: str, digest: str) -> bool:
        return (real, "") in self._agreed or (real, digest) in self._agreed


class _Filling:
    """One request being filled."""

    def __init__(self, attachments: Attachments, folder: Path | None, *, read: bool) -> None:
        self.attachments, self.folder, self.read = attachments, folder, read
        self.sent: list[Sent] = []
        self.problems: list[Problem] = []
        self.unread: list[str] = []
        self._found: dict[str, File] = {}

    def file_of(self, source: Block, block: Block) -> File | None:
        """The file that a source names; None where it can't be sent, or must be read first."""
        path = self._whole(source["path"])
        found = self.attachments.look(path) if self.read else self.attachments.known(path)
        if found is None:
            self.unread.append(path)
            return None
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        if (wrong := _misfit(block, found)) is not None:
            self.problems.append(wrong)
            return None
        self._found[source["path"]] = found
        recorded = source.get("sha256")
        self.sent.append(
            Sent(
                found.path,
                source["path"],
                found.sha256,
                recorded if isinstance(recorded, str) else "",
                outside=not vouches(self.folder, found.path),
                agreed=self.attachments.agreed(found.path, found.sha256),
            )
        )
        return found

    def made(self, turn: Turn) -> Turn:
        """The turn with the files in it, and what is known of them."""
        assert isinstance(turn.content, Json)
        from workbench.core import media

        known: dict[int, Media] = {}

        def change(block: Block) -> Block:
            source = block["source"]
            found = self._found.get(str(source.get("path")))
            if source.get("type") != attached.PATH or found is None:
                return block
            rest = {key: value for key, value in source.items() if key not in {"type", "path", "sha256"}}
            filled = {**block, "source": {**found.source, **rest}}
            known[id(filled)] = replace(found.media, name=attached.name_of(block))
            return filled

        value = attached.replaced(turn.content.value, change)
        each = tuple(known.get(id(block)) or media.of([block])[0] for block in attached.within(value))
        return Turn(turn.role, Json.of(value), each)

    def _whole(self, path: str) -> str:
        whole = files.expanded(path)
        return str(whole if whole.is_absolute() or self.folder is None else self.folder / whole)


def _real(path: str | Path) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL, of which reading tells
        return str(path)


def _sources(value: object) -> Iterator[tuple[Block, Block]]:
    for block in attached.within(value):
        source = block["source"]
        if source.get("type") == attached.PATH and isinstance(source.get("path"), str):
            yield block, source


def vouches(folder: Path | None, real: str) -> bool:
    """Whether a session in that folder may name the file without being asked.

    It may where the file lies below it and none of the names on the way is hidden; but a whole home, and what is above
    one, vouches for nothing.
    """
    if folder is None:
        return False
    base = folder.resolve()
    home = Path.home().resolve()
    if base == home or base in home.parents:
        return False
    path = Path(real)
    return path.is_relative_to(base) and not any(part.startswith(".") for part in path.relative_to(base).parts)


def _misfit(block: Block, found: File) -> Problem | None:
    """Why the file can't be what its block says it is."""
    image = block.get("type") == "image"
    if image == (found.media.kind == "image"):
        return None
    is_ = {"image": f"a picture ({found.media.form})", "pdf": "a PDF"}.get(found.media.kind, "a text")
    meant = "image" if found.media.kind == "image" else "document"
    return Problem(f"{found.media.name} can't be sent", f"it is {is_}", f'Write type = "{meant}" for it.')
