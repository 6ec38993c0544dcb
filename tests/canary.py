"""A key that is looked for in everything the program leaves, and servers that say it back in every way they can."""

from __future__ import annotations

import asyncio
import re
import threading
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote, quote_plus

from tests.engine import fault_server as fault
from tests.engine.fault_server import FaultServer, Talk, delta, event, head, serving
from workbench.core import masking

SECRET: Final = "-".join(("sk", "ant", "api03", "kAn4Ry/x+7Qf9Zt~Lw2Vb8Jm3Hc6Pd1Ns5", "Gx0Yr4Uq"))
HALF: Final = len(SECRET) // 2
ESCAPE: Final = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|.)")
DRAWN_ROUND: Final = re.compile(rb"[\s\x00]+|\xe2[\x94-\x97][\x80-\xbf]")
"""Blanks, and the lines of frames, that may part a key on the screen."""


def needles() -> dict[bytes, str]:
    """What is looked for: the key, its halves, both backwards, and its other forms."""
    parts = {"the key": SECRET, "its first half": SECRET[:HALF], "its second half": SECRET[HALF:]}
    found = {text: name for name, text in parts.items()} | {SECRET[:40]: "its beginning"}
    found |= {text[::-1]: f"{name} backwards" for name, text in parts.items()}
    for form in masking.forms(SECRET):
        half = len(form) // 2
        found |= {text: "another form of it" for text in (form, form[:half], form[half:]) if text not in found}
    found |= {SECRET.encode().hex(): "its hexadecimal form", b64encode(SECRET.encode()).decode(): "its base64 form"}
    return {text.encode(): name for text, name in found.items()} | {SECRET.encode("utf-16-le"): "its UTF-16 form"}


NEEDLES: Final = needles()


def found_in(data: bytes, where: str) -> Iterator[str]:
    """Which of them stand in it, also where a terminal would show them in pieces."""
    shown = ESCAPE.sub(b"", data)
    joined = DRAWN_ROUND.sub(b"", shown)
    for needle, name in NEEDLES.items():
        if needle in data or needle in shown or needle in joined:
            yield f"{where}: {name}"


def found_under(folder: Path) -> Iterator[str]:
    """The same of every file below a folder, and of their names."""
    for path in folder.rglob("*"):
        yield from found_in(str(path).encode(), "the name of a file")
        if path.is_file() and not path.is_symlink():
            yield from found_in(path.read_bytes(), str(path.relative_to(folder)))


Said: TypeAlias = Callable[[Talk, bytes], Awaitable[None]]
"""Says something to a request, given a form of the key that came with it."""
NO_RETRY: Final = {"x_should_retry": "false"}


def _error(status: str, kind: str = "application/json") -> Said:
    async def say(talk: Talk, key: bytes) -> None:
        text = key.decode()
        body = b'{"type":"error","error":{"type":"%s","message":"No: %s (%s)"},"request_id":"%s"}'
        page = b"<html><title>%s</title><h1>%s</h1>%s</html>" % (key, key, key)
        sent = page if "html" in kind else key if "plain" in kind else body % (key, key, key * 3, key)
        echoed = {"request_id": text, "x_echo": f"Bearer {text}", "location": f"https://{text[-20:]}.x/{text}?k={text}"}
        await talk.send(head(status, kind, content_length=len(sent), **NO_RETRY, **echoed) + sent)

    return say


def _same(piece: bytes) -> Callable[[bytes], bytes]:
    return lambda key: piece


def _stream(*pieces: Callable[[bytes], bytes]) -> Said:
    async def say(talk: Talk, key: bytes) -> None:
        await talk.send(head(transfer_encoding="chunked", x_echo=key.decode(), request_id=key.decode()))
        await talk.chunks(*(piece(key) for piece in pieces))
        await talk.send(fault.ENDED)
        talk.writer.close()

    return say


def _failing(key: bytes) -> bytes:
    return event("error", error={"type": key.decode(), "message": f"No: {key.decode()}"})


SAYS: Final[Mapping[str, Said]] = {
    "answers": _stream(*map(_same, fault.EVENTS)),
    "401": _error("401 No"),
    "400": _error("400 No"),
    "403 page": _error("403 No", "text/html"),
    "500 text": _error("500 No", "text/plain"),
    "302": _error("302 Found"),
    "200 page": _error("200 OK", "text/html"),
    "200 text": _error("200 OK", "text/plain"),
    "200 json": _error("200 OK"),
    "error event": _stream(_same(fault.EVENTS[0]), _failing),
    "late error event": _stream(*map(_same, fault.EVENTS[:6]), _failing),
    "unknown event": _stream(lambda key: b"event: %s\ndata: {%s\n\n" % (key, key) * 2),
    "half an event": _stream(_same(fault.EVENTS[0] + delta("x")), lambda key: b"data: " + key),
    "comment": _stream(lambda key: b": %s\n\n" % key),
}
FORMS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "as it is": lambda key: key,
    "quoted": lambda key: quote(key.decode(), safe="").encode(),
    "quoted plus": lambda key: quote_plus(key.decode()).encode(),
    "base64": b64encode,
    "base64 of a header": lambda key: b64encode(b"Bearer " + key),
}


async def echo(talk: Talk) -> None:
    """Do what the last prompt says, `[how|form]`, with the key that came; without one answer as any server."""
    asked = re.findall(rb"\[([a-z0-9 ]+)\|([a-z0-9 ]+)\]", talk.body)
    key = re.search(rb"(?i)\r\n(?:x-api-key: |authorization: bearer )([^\r]*)", talk.head)
    how, form = (each.decode() for each in asked[-1]) if asked else ("answers", "as it is")
    if b"/count_tokens" in talk.head or talk.head.startswith(b"GET"):
        how = how if asked else "401"
    await SAYS[how](talk, FORMS[form](key[1] if key else b""))


def prompts(*, whole: bool) -> list[str]:
    """One for each way to say it back; with `whole` in each form."""
    forms = FORMS if whole else ("as it is",)
    pairs = [(how, form) for how in SAYS for form in forms]
    pairs += [] if whole else [(how, "base64 of a header") for how in ("401", "200 page", "error event")]
    return [f"Hello [{how}|{form}]" for how, form in pairs]


@contextmanager
def echoing() -> Iterator[str]:
    """The address of a server that says keys back, on a thread of its own."""
    ready, ended = threading.Event(), asyncio.Event()
    made: list[FaultServer] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with serving(echo) as server:
            made.append(server)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield made[0].base_url
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
