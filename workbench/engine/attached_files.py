"""One file as it is attached: read whole within limits, and known for what it is by its first bytes."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from workbench.core import images, media
from workbench.core.attached import Block
from workbench.core.media import Media
from workbench.core.problem import Problem
from workbench.engine import files
from workbench.engine.files import Stamp, StoreError

MOST: Final = 32 * 2**20
"""Bytes of a file that is read at all: no request takes more."""
TRIES: Final = 3
PDF: Final = b"%PDF-"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    path: str
    """Where it really lies, links followed."""
    stamp: Stamp
    sha256: str
    source: Block
    """Of the content block: its bytes in base64, or its text."""
    media: Media


def stamp(real: str) -> Stamp | None:
    try:
        return Stamp.of(os.stat(real))  # noqa: PTH116  # as quick as can be: asked at each pause in typing
    except (OSError, ValueError):
        return None


def missing(real: str) -> Problem:
    try:
        os.stat(real)  # noqa: PTH116
    except OSError as error:
        return files.explain(f"{Path(real).name} can't be read", error)
    except ValueError:
        return Problem(f"{real!r:.60} can't be read", "its name holds a NUL character", "Name a file.")
    return Problem(f"{Path(real).name} can't be read", "it came and went", "Try again.")


def read(real: str, name: str) -> File | Problem:
    """A regular file of a size that can be sent, whole: one that is written meanwhile is read again."""
    title = f"{name} can't be attached"
    try:
        for _ in range(TRIES):
            found = os.stat(real)  # noqa: PTH116
            if not S_ISREG(found.st_mode):  # before it is opened: a pipe or a device may wait, or do something
                files.check_kind(found, title)
            if found.st_size > MOST:
                size = f"it has {media.in_bytes(found.st_size)}, and {MOST // 2**20} MB is the most for a request"
                return Problem(title, size, "Attach a part of it.")
            data, seen = files.read(Path(real), most=MOST + 1)
            if len(data) == seen.size and Stamp.of(os.stat(real)) == seen:  # noqa: PTH116
                return _file(real, name, data, seen)
    except OSError as error:
        return files.explain(title, error)
    except StoreError as error:
        return replace(error.problem, title=title)
    return Problem(title, "it changes while it is read", "Wait until whatever writes it has done.")


def _file(real: str, name: str, data: bytes, seen: Stamp) -> File | Problem:
    """What is in it: its first bytes say, whatever it is called."""
    digest = sha256(data).hexdigest()
    if not data:
        return Problem(f"{name} can't be attached", "it is empty", "Attach a file that has something in it.")
    if (kind := images.media_type(data)) is not None:
        source = {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}
        return File(real, seen, digest, source, media.of_bytes(name, data, kind))
    if data.startswith(PDF):
        source = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(data).decode()}
        return File(real, seen, digest, source, _pdf(name, data))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = f"it is no picture and no PDF, and no UTF-8 text (byte {error.start})"
    else:
        if "\0" not in text:
            source = {"type": "text", "media_type": "text/plain", "data": text}
            return File(real, seen, digest, source, media.of_text(name, text, len(data)))
        text = "it is no picture and no PDF, and holds NUL characters"
    return Problem(f"{name} can't be attached", text, "PNG, JPEG, GIF, WebP, PDF and UTF-8 text can be.")


def _pdf(name: str, data: bytes) -> Media:
    """Its pages as a reader of PDFs counts them; one that it can't read goes by what its bytes show."""
    import logging
    from io import BytesIO

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is odd in a file is no news for a terminal
    sent = media.encoded_size(len(data))
    guess = Media(name, "pdf", "PDF", len(data), sent, pages=images.pdf_pages(data))
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return replace(guess, pages=None, locked=True)
        tree: Any = reader.root_object["/Pages"]
        pages = int(tree["/Count"])  # what it says of itself: to count them takes its time
        return replace(guess, pages=pages) if pages > 0 else guess
    except Exception:  # whatever is wrong with a stranger's file, the API has the last word
        return guess
