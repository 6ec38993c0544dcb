"""Keys: where one comes from, what is wrong with it, and where it may go; none is ever shown or stored."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from workbench.core import address, clouds, failures, masking
from workbench.core.endpoint import OFFICIAL_ORIGIN, OFFICIAL_URL, Endpoint
from workbench.core.problem import Problem
from workbench.engine import files, origins
from workbench.engine.origins import Way

OFFICIAL_VARIABLES: Final = (("ANTHROPIC_API_KEY", None), ("ANTHROPIC_AUTH_TOKEN", "bearer"))
"""The variables of the official endpoint, in the official SDK's order, and how each is sent where that is fixed."""
OFFICIAL_START: Final = "sk-ant-"
LARGEST_KEY_FILE: Final = 64 * 1024
LONGEST: Final = 4096
"""Characters of a key; servers refuse a header of twice that."""
LONG_ENOUGH: Final = 12
"""Characters of a key whose last four give nothing away."""


class Key:
    """A secret that shows itself as its last four characters, in whatever way it is printed.

    It is no attribute of this object, so that nothing that lists attributes lists it.
    """

    __slots__ = ("_reveal", "auth", "source")

    def __init__(self, secret: str, source: str, auth: str | None = None) -> None:
        self._reveal: Callable[[], str] = lambda: secret
        self.source = source
        """Where it came from, as a person would say it."""
        self.auth = auth
        """How it must be sent, where its source fixes that; else the endpoint says."""

    def reveal(self) -> str:
        """The secret itself, for a request header and nothing else."""
        return self._reveal()

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in any text that is shown; a call, because properties are listed with their values."""
        return masking.forms(self._reveal())

    @property
    def masked(self) -> str:
        """The last four characters, and none of a key so short that they would give it away."""
        secret = self._reveal()
        return f"…{secret[-4:]}" if len(secret) >= LONG_ENOUGH else "…"

    @property
    def told(self) -> str:
        """Which key it is, in words."""
        return f"{self.masked} of {self.source}"

    def __repr__(self) -> str:
        return f"key {self.masked}"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Key:
        return self

    def __deepcopy__(self, memo: object) -> Key:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never written anywhere")

    __getstate__ = __reduce__


SIMULATED: Final = Key("sk-simulated", "the simulator")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for a key came to: a key, or why there is none, and what to tell the user either way."""

    key: Key | None = None
    problem: Problem | None = None
    notes: tuple[str, ...] = ()


def find(endpoint: Endpoint, environ: Mapping[str, str], folder: Path, *, named: bool = False) -> Found:
    """The key of an endpoint; `named` says that the user himself gave its address for this run."""
    if endpoint.simulated:
        return Found(SIMULATED)
    if endpoint.auth == "none":
        return Found()
    if endpoint.key_env is not None:
        found = from_variable(endpoint, endpoint.key_env, environ)
    elif endpoint.key_file is not None:
        found = from_file(endpoint, endpoint.key_file)
    elif named or official_key_may_go(endpoint):
        found = find_official(environ, folder)
    else:
        return Found(problem=missing(endpoint))
    note = doubt(endpoint, found.key) if found.key is not None else None
    return replace(found, notes=(*found.notes, note)) if note else found


def official_key_may_go(endpoint: Endpoint) -> bool:
    """Whether it goes there without the user naming the place: to the official address and no other."""
    return urlsplit(endpoint.base_url).hostname == urlsplit(OFFICIAL_URL).hostname


def find_official(environ: Mapping[str, str], folder: Path) -> Found:
    """The key variables of the environment, then those of a `.env` in the folder; empty counts as unset."""
    set_here = [name for name, _ in OFFICIAL_VARIABLES if environ.get(name, "").strip()]
    both = "ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set; the key is used"
    notes = (both,) if len(set_here) > 1 else ()
    places = ((environ, ""),) if set_here else ((_dotenv(folder), " in .env"),)
    for variables, place in places:
        for name, auth in OFFICIAL_VARIABLES:
            if (text := variables.get(name, "")) and text.strip():
                return _checked("anthropic", text, f"{name}{place}", auth, notes)
    return Found(problem=NO_OFFICIAL_KEY)


def way(endpoint: Endpoint, key: Key | None) -> Way | None:
    """What must have been agreed to before this key goes to this endpoint; None where nothing is asked."""
    return None if key is None else origins.way(endpoint, key.source)


def refusal(endpoint: Endpoint, key: Key | None, confirmed: frozenset[Way] = frozenset()) -> Problem | None:
    """Why nothing may be sent to this endpoint with this key, or None."""
    if wrong := address.mistake(endpoint.base_url):
        return failures.unreachable("bad_address", f"The base_url of {endpoint.name}", f"it {wrong}")
    if key is None and endpoint.auth != "none" and not endpoint.keyless and not endpoint.loopback:
        return missing(endpoint)
    wanted = way(endpoint, key)
    if wanted is None or wanted in confirmed:
        return None
    return failures.unreachable("origin_refused" if endpoint.encrypted else "plain_http_refused", wanted.origin)


NO_OFFICIAL_KEY: Final = replace(
    failures.unreachable("no_key", "anthropic"), hint="Set ANTHROPIC_API_KEY, or put it into a .env in this folder."
)


def missing(endpoint: Endpoint) -> Problem:
    """What to do about an endpoint without its key."""
    cloud = clouds.of(endpoint.kind)
    if endpoint.key_env is not None:
        hint = f"Set {endpoint.key_env}."
    elif endpoint.key_file is not None:
        hint = f"Put the key into {endpoint.key_file}, with mode 0600."
    elif cloud is not None:
        hint = f"Set {' or '.join((*cloud.key_variables, 'key_env or key_file of the endpoint'))}."
    elif official_key_may_go(endpoint):
        return NO_OFFICIAL_KEY
    else:
        hint = 'Give it a key_env or key_file in the configuration, or auth = "none".'
    return replace(failures.unreachable("no_key", endpoint.name), hint=hint)


def mistake(text: str) -> str | None:
    """What is wrong with a key, without a character of it, or None."""
    if not text:
        return "is empty"
    if text[0] in "\"'" or text[-1] in "\"'":
        return "has quotes around it: leave them out"
    if any(character.isspace() for character in text):
        return "holds a space or a line break: it was copied with something else"
    if not text.isascii() or not text.isprintable():
        return "holds a character that no key has: copy it again"
    if len(text) > LONGEST:
        return f"has more than {LONGEST} characters: it is something else"
    return None


def doubt(endpoint: Endpoint, key: Key) -> str | None:
    """A key that may be meant for another service: it is sent, and the user is told beforehand."""
    if endpoint.origin != OFFICIAL_ORIGIN or key.auth == "bearer" or key.reveal().startswith(OFFICIAL_START):
        return None
    return f"the key in {key.source} does not begin with {OFFICIAL_START}, as Anthropic's keys do: is it another's?"


def _checked(where: str, text: str, source: str, auth: str | None, notes: tuple[str, ...] = ()) -> Found:
    key = text.strip()
    if wrong := mistake(key):
        return Found(problem=failures.unreachable("bad_key", where, f"the key in {source} {wrong}"), notes=notes)
    return Found(Key(key, source, auth), notes=notes)


def from_variable(endpoint: Endpoint, name: str, environ: Mapping[str, str]) -> Found:
    text = environ.get(name, "")
    if not text.strip():
        return Found(problem=missing(endpoint))
    return _checked(endpoint.name, text, name, "bearer" if name == "ANTHROPIC_AUTH_TOKEN" else None)


def from_file(endpoint: Endpoint, name: str) -> Found:
    path = files.expanded(name)
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            text = file.read(LARGEST_KEY_FILE).decode()
    except UnicodeDecodeError:
        return Found(problem=failures.unreachable("bad_key", endpoint.name, f"{name} is not text"))
    except OSError as error:
        why = f"{name}: {(error.strerror or 'it could not be read').lower()}"
        return Found(problem=replace(failures.unreachable("no_key", endpoint.name, why), hint=missing(endpoint).hint))
    return _checked(endpoint.name, text, name, None, _told_wide(name, mode))


def exposed(name: str) -> tuple[str, ...]:
    """A warning where others can read a file with a secret in it; one that isn't there is told when it is needed."""
    try:
        return _told_wide(name, stat.S_IMODE(files.expanded(name).stat().st_mode))
    except OSError:
        return ()


def _told_wide(name: str, mode: int) -> tuple[str, ...]:
    return (f"{name} can be read by others (mode {mode:04o}): chmod 600 {name}",) if mode & 0o077 else ()


def _dotenv(folder: Path) -> Mapping[str, str]:
    """The two key variables of a `.env`, and nothing else that stands in it."""
    path = folder / ".env"
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: text for name, _ in OFFICIAL_VARIABLES if (text := values.get(name))}
