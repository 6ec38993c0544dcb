"""What goes with a prompt: named with --attach, or in the session; files are put in, and what may not leave is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.cli.arguments import UsageError
from workbench.core import attached
from workbench.core.kinds import Json
from workbench.core.request import Request
from workbench.engine import files, referring
from workbench.engine.attachments import Attachments

ALLOW: Final = "--allow-files"


def read(references: Iterable[str]) -> tuple[Json, ...]:
    """The blocks of --attach, with whole paths: they are from here, and not from where a session lies."""
    found: list[Json] = []
    for reference in references:
        try:
            block = attached.block(reference)
        except attached.AttachError as error:
            raise UsageError(f"--attach: {error}") from error
        source = block["source"]
        if source["type"] == attached.PATH:
            block["source"] = {**source, "path": str(Path.cwd() / files.expanded(source["path"]))}
        found.append(Json.of(block))
    return tuple(found)


@dataclass(slots=True)
class Files:
    """The files of one command."""

    file: Path | None
    """The session's."""
    allowed: bool = False
    """Whether the session may name files anywhere."""
    attachments: Attachments = field(default_factory=Attachments)

    def chose(self, blocks: Iterable[Json]) -> None:
        """Who names a file on the command line wants it sent."""
        for each in blocks:
            for source in attached.paths(each.value):
                self.attachments.chose(source["path"])

    def fill(self, request: Request) -> Request:
        """The request with its files in it. Raises UsageError for one that can't be sent, or may not."""
        folder = referring.folder_of(self.file) if self.file is not None else None
        found = self.attachments.filled(request, folder)
        if found.problems:
            raise UsageError(" ".join(map(str, found.problems)))
        strange = [each.path for each in found.request.files if each.strange]
        if strange and not self.allowed:
            name = self.file.name if self.file is not None else "the session"
            raise UsageError(
                f"nothing was sent: {name} names files outside of its folder: {', '.join(strange)}. "
                f"If they are to be sent, add {ALLOW}."
            )
        return found.request


def changed(request: Request) -> list[str]:
    """A sentence for each file that is another than was sent before."""
    paths = dict.fromkeys(each.path for each in request.files if each.changed)
    return [f"{path} has changed since it was first sent: it goes as it is now" for path in paths]
