"""Recorded streams as Bedrock sends them: each event in a frame of AWS."""

from __future__ import annotations

import json
from base64 import b64encode

from tests.core.recordings import frames, load
from workbench.core import eventstream


def chunk(data: str) -> bytes:
    payload = json.dumps({"bytes": b64encode(data.encode()).decode(), "p": "abcd"}).encode()
    headers = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
    return eventstream.write(headers, payload)


def exception(kind: str, message: str) -> bytes:
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return eventstream.write(headers, json.dumps({"message": message}).encode())


def framed(name: str) -> bytes:
    """A recording in frames; Bedrock's own way of saying an error is `exception`."""
    return b"".join(chunk(frame.data) for frame in frames([load(name)]))
