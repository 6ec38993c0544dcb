"""A recorded stream in place of the network: the same bytes, the same rules for how a run ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LARGEST: Final = 64 * 1024 * 1024
SLICE: Final = 64 * 1024
"""Bytes at a time where no pace is set: what a socket gives at most."""


class RecordingError(ValueError):
    """A file that can't be replayed; the text is a sentence naming it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The body of a streamed answer."""

    body: bytes
    per_second: float = 0.0
    """Events a second; 0 is all at once."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    @classmethod
    def read(cls, path: Path, *, per_second: float = 0.0) -> Recording:
        """The recording in a file. Raises RecordingError."""
        try:
            with path.open("rb") as file:
                body = file.read(LARGEST + 1)
        except OSError as error:
            raise RecordingError(f"{path} can't be read: {(error.strerror or 'unknown').lower()}") from error
        if len(body) > LARGEST:
            raise RecordingError(f"{path} is larger than {LARGEST // 2**20} MiB: no recording of an answer is")
        if not body.strip():
            raise RecordingError(f"{path} is empty: a recording holds the events of a stream, as they came")
        return cls(body, per_second)

    async def take(self, url: str) -> Replayed:
        return Replayed(self)

    async def warm(self, *, secure: bool) -> None:
        """There is nothing to load."""

    async def aclose(self) -> None:
        """There is nothing to close."""

    def slices(self) -> list[bytes]:
        if not self.per_second:
            return [self.body[at : at + SLICE] for at in range(0, len(self.body), SLICE)]
        ending = next((each for each in (b"\r\n\r\n", b"\n\n", b"\r\r") if each in self.body), b"\n\n")
        events = [event + ending for event in self.body.split(ending)]
        return [*events[:-1], events[-1].removesuffix(ending)]


class Replayed:
    """One request that a recording answers, whatever it asks."""

    status = 200
    headers: Mapping[str, str] = {"content-type": "text/event-stream"}
    ended = True

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, on_sending: Callable[[], None]
    ) -> Replayed:
        on_sending()
        return self

    async def pieces(self, most: int = LARGEST) -> AsyncGenerator[bytes, None]:
        pause = 1 / self._recording.per_second if self._recording.per_second else 0.0
        for piece in self._recording.slices():
            await self._recording.sleep(pause)
            yield piece

    async def whole(self, limit: int) -> bytes:
        return self._recording.body[:limit]

    async def drain(self) -> None:
        """Nothing follows."""

    async def release(self, *, clean: bool) -> None:
        """Nothing is held."""
