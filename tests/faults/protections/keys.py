"""What protects the key: how it is held and checked, where it may go, what is on its way, what is shown of it."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

HELD: Final = (
    Protection(("K01",), "engine/keys.py", 'return f"key {self.masked}"', 'return f"key {self._reveal()}"'),
    Protection(
        ("K01",),
        "engine/keys.py",
        'raise TypeError("a key is never written anywhere")',
        "return (str, (self._reveal(),))",
    ),
    Protection(("K01",), "engine/veiled.py", 'return f"{len(self)} entries"', "return repr(dict(self))"),
    Protection(("K01",), "engine/veiled.py", "os.environ.pop(name, None)", "os.environ.get(name)"),
    Protection(
        ("K01",),
        "ui/desk.py",
        "field(default_factory=lambda: os.environ, repr=False)",
        "field(default_factory=lambda: os.environ)",
    ),
    Protection(("K01",), "engine/endpoints.py", "(*found.notes, KEY_LOG_NOTE)", "found.notes"),
)
ECHOED: Final = (
    Protection(("K01",), "core/errors.py", "return masking.masked_problem(problem, secrets)", "return problem"),
    Protection(("K01",), "core/masking.py", "found += [inner, inner.translate", "[inner, inner.translate"),
    Protection(
        ("K01",),
        "engine/receiving.py",
        "shown = {name: masking.masked(value, self._call.secrets) for name, value in answer.headers.items()}",
        "shown = dict(answer.headers)",
    ),
    Protection(
        ("K01",),
        "engine/receiving.py",
        "self._run.problem = masking.masked_problem(self._run.problem, self._call.secrets)",
        "pass",
    ),
    Protection(("K01",), "engine/wire.py", "self._take(seconds, self.flow.feed(piece))", "self._take(seconds, piece)"),
    Protection(
        ("K01",),
        "engine/receiving.py",
        'self.end(State.MALFORMED, errors.malformed("not_stream", sample, secrets=self._call.secrets))',
        'self.end(State.MALFORMED, errors.malformed("not_stream", sample))',
    ),
)
CHECKED: Final = (
    Protection(("N09",), "engine/keys.py", 'return "has quotes around it: leave them out"', "return None"),
    Protection(("N09",), "engine/keys.py", "if any(character.isspace() for character in text):", "if False:"),
    Protection(("N09",), "engine/keys.py", "if not text.isascii() or not text.isprintable():", "if False:"),
    Protection(("N09",), "engine/keys.py", "if len(text) > LONGEST:", "if False:"),
    Protection(("N09",), "engine/keys.py", "    key = text.strip()\n", "    key = text\n"),
    Protection(("N09",), "engine/keys.py", "or key.reveal().startswith(OFFICIAL_START):", "or True:"),
    Protection(
        ("N09",),
        "engine/client.py",
        'return Broken(failures.unsendable(place), "connect")',
        'return Broken(failures.proxy_refused(place, str(error)), "connect")',
    ),
    Protection(("N09",), "core/config.py", 'not VARIABLE.fullmatch(texts["key_env"])', 'not texts["key_env"]'),
)
WHERE: Final = (
    Protection(("N08", "F14"), "engine/origins.py", "if endpoint.home:", "if endpoint:"),
    Protection(
        ("N08", "F14"), "engine/keys.py", "if wanted is None or wanted in confirmed:", "if confirmed is not None:"
    ),
    Protection(("N08", "F14"), "cli/context.py", "        if not confirm:\n", "        if False:\n"),
    Protection(
        ("N08", "F14"),
        "ui/chat/permission.py",
        'Answer("stay", "n", "Don\'t send"))\n        return Confirm(self.title, self.lines, answers, "stay")',
        'Answer("stay", "n", "Don\'t send"))\n        return Confirm(self.title, self.lines, answers, YES)',
    ),
    Protection(
        ("N08",),
        "engine/origins.py",
        "proxy = None if endpoint.encrypted else proxies.proxy_for(endpoint.base_url)",
        "proxy = None",
    ),
    Protection(
        ("F14",),
        "engine/keys.py",
        "return urlsplit(endpoint.base_url).hostname == urlsplit(OFFICIAL_URL).hostname",
        "return bool(endpoint)",
    ),
    Protection(
        ("F14",), "ui/sweep/sending.py", "if not await permission.answered(chat, permission.where(chat)):", "if False:"
    ),
    Protection(
        ("N07",),
        "core/address.py",
        'if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:',
        "if False:",
    ),
    Protection(("N07",), "core/address.py", 'if not _HOST.fullmatch(_ascii(parts.hostname) or "") or', "if"),
    Protection(
        ("N07",), "core/address.py", 'return parts._replace(netloc=f"{_ascii(host)}{port}").geturl()', "return address"
    ),
    Protection(("N07",), "engine/endpoints.py", "    if wrong := address.mistake(given):\n", "    if wrong := None:\n"),
    Protection(("N07",), "core/config.py", 'if mistake := address.mistake(texts["base_url"]):', "if mistake := None:"),
)
ON_THE_WAY: Final = (
    Protection(("N06",), "engine/proxies.py", "if host in LOOPBACK:", "if False:"),
    Protection(("N06",), "ui/widgets/topbar.py", 'f"via {display(_end_of(shown.proxy))}" if shown.proxy else ""', '""'),
    Protection(
        ("N06",),
        "engine/proxies.py",
        "return f\"{parts.hostname or '?'}:{parts.port}\" if parts.port",
        "return parts.netloc if parts.port",
    ),
    Protection(("N10",), "core/errors.py", "if 300 <= status < 400:", "if False:"),
    Protection(
        ("N10",), "core/errors.py", 'masking.masked(told.get("location", ""), secrets)', 'told.get("location", "")'
    ),
    Protection(
        ("N10",),
        "engine/client.py",
        "await self._transport.handle_async_request(request)",
        "await httpx.AsyncClient(transport=self._transport, follow_redirects=True).send(request, stream=True)",
    ),
)
PROTECTIONS: Final[tuple[Protection, ...]] = (*HELD, *ECHOED, *CHECKED, *WHERE, *ON_THE_WAY)
