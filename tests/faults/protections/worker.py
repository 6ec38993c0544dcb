"""What protects: worker."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

STATUS_ROWS: Final = tuple(
    Protection((f"H{status}",), "core/errors.py", code, without)
    for status, code, without in (
        (400, '"Look at {field[1]}, then run again."', "row.hint"),
        (401, 'Problem("Key rejected", hint="Check the key and the endpoint it belongs to.", status=401),', ""),
        (403, 'Problem("Not permitted", hint="This key may not use that model, feature or address.", status=403),', ""),
        (404, 'Problem("Not found",', 'Problem("Failed",'),
        (408, 'Problem("Server gave up waiting", hint=_LATER, retry=True,', 'Problem("Server gave up waiting",'),
        (409, 'Problem("Conflict", hint=_LATER, retry=True,', 'Problem("Conflict",'),
        (413, 'detail = f"{detail or', 'detail = f"{detail}" if detail else f"{detail or'),
        (422, "status=422", "retry=True, status=422"),
        (429, '"Wait until the limit refills, or run fewer lanes at once.", retry=True', '"Wait."'),
        (500, 'Problem("Server error", hint=_LATER, retry=True,', 'Problem("Server error", hint=_LATER,'),
        (502, 'Problem("Bad gateway", hint=_LATER, retry=True,', 'Problem("Bad gateway", hint=_LATER,'),
        (503, 'Problem("Service unavailable", hint=_LATER, retry=True,', 'Problem("Service unavailable",'),
        (504, 'happens often.", retry=True,', 'happens often.",'),
        (529, '"The server is busy, not you. Wait a moment, then run again.", retry=True', '"Wait."'),
    )
)

NETWORK: Final = (
    Protection(
        ("N01",),
        "core/failures.py",
        '"Check the base URL and the network.",\n        retry=True,',
        '"Check the base URL and the network.",',
    ),
    Protection(("N02",), "core/failures.py", '"Nothing answers at {where}."', '"Nothing answers."'),
    Protection(("N03",), "engine/timeouts.py", "connect: float = 5.0", "connect: float = 50.0"),
    Protection(
        ("N04",),
        "engine/client.py",
        "asyncio.to_thread(httpx.create_ssl_context)",
        "asyncio.to_thread(httpx.create_ssl_context, False)",
    ),
    Protection(("N05",), "engine/failures.py", 'if stage == "tls":', "if False:"),
    Protection(("N06",), "engine/proxies.py", "if not address or proxy_bypass(host):", "if not address:"),
    Protection(("N07",), "core/address.py", 'if parts.scheme not in {"http", "https"}:', "if False:"),
    Protection(("N11",), "core/failures.py", "[: SAMPLE * 4], secrets)[:SAMPLE]", "[:0], secrets)"),
    Protection(("N12",), "core/run.py", '"structure" if self.events else nothing', '"structure"'),
    Protection(
        ("N13",), "engine/client.py", "case httpx.RemoteProtocolError():", "case httpx.RemoteProtocolError() if False:"
    ),
    Protection(("N14",), "engine/runner.py", "if failure.kept_closed and not reconnected:", "if False:"),
    Protection(("N15",), "engine/uploading.py", "raise WRITE_ERROR", "pass"),
    Protection(("H-RA",), "core/retry.py", "ask=seconds > ASK_AFTER_S", "ask=False"),
    Protection(("H-RA",), "core/retry.py", "if 0 < seconds < math.inf:", "if seconds:"),
    Protection(
        ("H-RA200",),
        "engine/receiving.py",
        "if not 200 <= answer.status < 300:",
        'if not 200 <= answer.status < 300 or "retry-after" in answer.headers:',
    ),
    Protection(
        ("H-RL",), "core/limits.py", "return int(text) if text.isascii() and text.isdigit()", "return int(text) if text"
    ),
    Protection(("T01",), "engine/stamps.py", "max(now, self._newest)", "now"),
    Protection(("T02",), "core/limits.py", "(reset - self.at)", "(reset - datetime.now(UTC))"),
)

STREAMS: Final = (
    Protection(
        ("S01",), "engine/client.py", "case httpx.TimeoutException():", "case httpx.TimeoutException() if False:"
    ),
    Protection(("S02", "S05"), "engine/client.py", "raise self._slot.broken(error) from None", "pass"),
    Protection(
        ("S03", "S04", "T03"),
        "core/reply.py",
        "return State.UNCONFIRMED\n        return State.INTERRUPTED",
        "return State.UNCONFIRMED\n        return State.COMPLETE",
    ),
    Protection(
        ("S06",),
        "core/reply.py",
        "if self.stop_reason is not None and self.usage_final:",
        "if self.stop_reason is not None:",
    ),
    Protection(("S07",), "core/reply.py", "if self.failed:", "if False:"),
    Protection(("S08",), "core/reply.py", "if broken or self._after_bad:", "if broken:"),
    Protection(("S09",), "core/sse.py", 'data.decode(errors="replace")', "data.decode()"),
    Protection(("S09",), "engine/receiving.py", "if decoder.invalid:", "if False:"),
    Protection(
        ("S10",), "core/strict_json.py", "JSONDecoder(parse_constant=_refuse, parse_float=_finite)", "JSONDecoder()"
    ),
    Protection(
        ("S11",),
        "core/reply.py",
        "if older.start == start and not older.closed and not older.parts:",
        "if False:",
    ),
    Protection(("S12",), "core/reply.py", 'self._fault("a second message_start', 'self.flag("a second message_start'),
    Protection(
        ("S13",),
        "core/reply.py",
        'self._fault(f"a delta for block {index}, which never started")\n        elif',
        "pass\n        elif",
    ),
    Protection(("S14",), "core/events.py", "return Unknown(kind, data)", 'raise _ShapeError("no type")'),
    Protection(
        ("S14",),
        "core/events.py",
        "_TEXT_DELTAS.get(kind) if isinstance(kind, str) else None",
        "_TEXT_DELTAS.get(kind)",
    ),
    Protection(
        ("S14",),
        "core/thoughts.py",
        'THOUGHTS: Final = ("thinking", "redacted_thinking")',
        'THOUGHTS: Final = frozenset({"thinking", "redacted_thinking"})',
    ),
    Protection(
        ("S10",),
        "core/merge.py",
        'if key.endswith(("_tokens", "_requests")):',
        'if key.endswith(("_tokens", "_requests")) and not isinstance(value, dict):',
    ),
    Protection(("H-RL",), "core/limits.py", "with suppress(OverflowError):", "with suppress():"),
    Protection(("S15",), "core/events.py", 'data.get("type") or frame.event', 'frame.event or data.get("type")'),
    Protection(("S16",), "core/sse.py", "if self._held + end - start > self._max_event:", "if False:"),
    Protection(("S17",), "core/sse.py", 'end = 1 if self._line_ended and data.startswith(b"\\n") else 0', "end = 0"),
    Protection(("S18",), "engine/client.py", "if unpack and not unpack.whole:", "if False:"),
    Protection(("S18",), "engine/client.py", "if size > most:", "if False:"),
    Protection(("S19",), "core/sse.py", '.replace(b"\\r", b"\\n")', ""),
    Protection(("S20",), "engine/receiving.py", "if run.stopped or run.failed:", "if run.failed:"),
    Protection(("S22",), "core/block.py", 'block.pop("input", None)', "pass"),
    Protection(
        ("S23",),
        "engine/receiving.py",
        "                self._unpaused = 0\n                await asyncio.sleep(0)\n        run.last_byte",
        "                self._unpaused = 0\n        run.last_byte",
    ),
)

STOPS: Final = (
    Protection(
        ("C01", "C02"),
        "engine/client.py",
        "if self._socket is not None:  # of a handshake",
        "if False:  # of a handshake",
    ),
    Protection(
        ("C01",), "engine/client.py", "if not clean or not self._slots.keep(self):", "if not self._slots.keep(self):"
    ),
    Protection(("C01", "C04"), "engine/receiving.py", "await connection.release(clean=clean)", "pass"),
    Protection(("C03",), "core/run.py", "if self.state is not None:\n            return\n", "pass\n"),
    Protection(
        ("C05",),
        "engine/client.py",
        "return Slot(self, place, proxy, await self._transport(place, proxy), self.timeouts)",
        "self._idle.append(Slot(self, place, proxy, await self._transport(place, proxy), self.timeouts))\n"
        "        return self._idle[-1]",
    ),
)

PROTECTIONS: Final[tuple[Protection, ...]] = (*NETWORK, *STATUS_ROWS, *STREAMS, *STOPS)
