"""Earlier prompts, for recall: one JSON line each, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from workbench.engine import files

MOST: Final = 2_000
MOST_BYTES: Final = 8 * 1024 * 1024
"""What is read of the file, from its end."""
LONGEST: Final = 256 * 1024
"""Characters; a longer prompt stays in its session only."""


@dataclass(slots=True)
class History:
    """The prompts of all sessions. What can't be read is passed over, and what can't be written raises StoreError."""

    path: Path
    _newest: str | None = field(default=None, init=False)

    def add(self, prompt: str, at: datetime) -> None:
        """Keep a prompt that was sent; nothing for an empty one, or the same again. Raises StoreError."""
        if not prompt.strip() or prompt == self._newest or len(prompt) > LONGEST:
            return
        line = json.dumps({"at": at.isoformat(), "prompt": prompt}).encode() + b"\n"
        try:
            files.make_folder(self.path.parent)
            self._append(line)
        except OSError as error:
            raise files.StoreError(files.explain(f"{self.path.name} is not kept", error)) from error
        self._newest = prompt

    def _append(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            # A crash may have cut the last line: it must not take the new one with it.
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            files.write_all(descriptor, b"\n" + line if torn else line)
        finally:
            os.close(descriptor)

    def recent(self) -> tuple[str, ...]:
        """The prompts, the newest first, each once, at most 2 000."""
        seen: dict[str, None] = {}
        for prompt in self._backwards():
            seen.setdefault(prompt)
            if len(seen) == MOST:
                break
        return tuple(seen)

    def _backwards(self) -> Iterator[str]:
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - MOST_BYTES))
                lines = file.read(MOST_BYTES).split(b"\n")
        except OSError:
            return
        for line in reversed(lines):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict) and isinstance(prompt := row.get("prompt"), str) and prompt:
                yield prompt
