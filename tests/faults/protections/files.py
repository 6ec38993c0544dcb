"""What protects: files."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    # A folder, a disk or a home that can't be written
    Protection(("F03",), "cli/run.py", "    if keeper.keeps:\n        check_writable(found)\n", ""),
    Protection(
        ("F03",),
        "cli/keeping.py",
        "            self._keep_elsewhere(held.path)\n",
        "            self.session = held.on_disk\n",
    ),
    Protection(
        ("F03",),
        "engine/store.py",
        '        if not os.access(path, os.W_OK):\n            notes.append(f"{path.name} is write-protected',
        '        if False:\n            notes.append(f"{path.name} is write-protected',
    ),
    Protection(
        ("F03",),
        "engine/places.py",
        "    if empty or not all(folder.is_absolute() for folder in (found.config, found.data, found.state)):",
        "    if False:",
    ),
    Protection(("F03",), "cli/context.py", "            output.note(note)\n    config", "            pass\n    config"),
    # Killed
    Protection(
        ("F06",),
        "cli/keeping.py",
        "            self._try(lambda held: held.came(run.id, run.attempts, shown), run.id)\n",
        "            pass\n",
    ),
    Protection(
        ("F06",), "cli/keeping.py", "        self._try(lambda held: held.started(begun, self.session), run.id)\n", ""
    ),
    Protection(("F06",), "engine/results.py", "            files.sync_folder(self.path.parent)\n", ""),
    # Two programs
    Protection(("F07",), "cli/keeping.py", "    if IN_USE in found.why:\n", "    if False:\n"),
    Protection(("F07",), "cli/recover.py", '    if " on " not in found.holder:\n', "    if False:\n"),
    # Changed by another program
    Protection(
        ("F08",),
        "engine/files.py",
        "    if overwrite or found is None or Stamp.of(found) == stamp:\n",
        "    if True:\n",
    ),
    Protection(
        ("F08",),
        "engine/files.py",
        '        _compare(path, _look(target, f"{path.name} is not saved"), stamp, overwrite=overwrite)\n',
        "",
    ),
    # Links
    Protection(("F09",), "engine/files.py", "path.resolve() if follow else path.parent.resolve() / path.name", "path"),
    Protection(
        ("F09",), "engine/files.py", "path.resolve() if follow else path.parent.resolve() / path.name", "path.resolve()"
    ),
    Protection(("F09",), "engine/recorder.py", ", follow=False)", ")"),
    Protection(("F09",), "engine/results.py", " | os.O_NONBLOCK | os.O_NOFOLLOW\n", " | os.O_NONBLOCK\n"),
    Protection(("F09",), "engine/files.py", "os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC\n", "os.O_CLOEXEC\n"),
    # Permissions
    Protection(("F10",), "engine/files.py", "os.open(temporary, flags, 0o600)", "os.open(temporary, flags, 0o644)"),
    Protection(("F10",), "engine/files.py", "each.mkdir(mode=0o700)", "each.mkdir()"),
    Protection(("F10",), "engine/store.py", "        if mode & 0o022:\n", "        if False:\n"),
    Protection(
        ("F10",),
        "engine/store.py",
        "        elif _read_by_others(path, mode):\n",
        "        elif False:\n",
    ),
    # Bombs
    Protection(("F11",), "engine/toml_file.py", "if reason := toml_guard.refusal(text):", 'if reason := "":'),
    Protection(
        ("F11",), "engine/toml_guard.py", "    if MANY_DOTS.search(bare) and DOTTED.search(bare):\n", "    if False:\n"
    ),
    Protection(("F11",), "engine/toml_guard.py", "    if LONG_NUMBER.search(bare):\n", "    if False:\n"),
    # Encodings
    Protection(("F12",), "engine/toml_file.py", 'data.decode("utf-8-sig")', 'data.decode("utf-8")'),
    Protection(("F12",), "engine/toml_file.py", "        if data.startswith(mark):\n", "        if False:\n"),
    # Other schemas
    Protection(("F13",), "core/session_file.py", "                **self.tables,\n", ""),
    Protection(("F13",), "core/session_file.py", "        newer = version > FORMAT\n", "        newer = False\n"),
    Protection(
        ("F13", "F14"),
        "core/kinds.py",
        "abs(raw) > 1e15 or not math.isfinite(raw)",
        "not math.isfinite(raw) or abs(raw) > 1e15",
    ),
    # A session from a stranger
    Protection(
        ("F14",),
        "engine/endpoints.py",
        "    known = named(config, name, environ)\n    if known is None:\n        return None,",
        "    known = named(config, name, environ) or Endpoint(name, name)\n    if known is None:\n        return None,",
    ),
    # Names
    Protection(("F15",), "engine/names.py", 're.sub(r"[^\\w]+", "-",', 're.sub(r"[/]+", "-",'),
    Protection(("F15",), "engine/names.py", 'return f"{name}-session" if name in DEVICES else name', "return name"),
    Protection(("F15",), "engine/names.py", "    if not within:\n", "    if False:\n"),
    Protection(("F15",), "engine/recorder.py", "names.slug(run_id)", "run_id"),
    # Exact text
    Protection(("F16",), "engine/toml_values.py", r"[\\\x00-\x08", r"[\\\x01-\x08"),
    Protection(("F16",), "engine/toml_values.py", r"""|"(?="")|""", "|"),
)
