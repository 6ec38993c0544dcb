"""What protects: store."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Protection(
        rows=("F01", "F02", "F06"),
        file="engine/files.py",
        code="        temporary.replace(target)\n",
        without="        target.write_bytes(data[: len(data) // 2])\n        target.write_bytes(data)\n",
    ),
    Protection(
        rows=("F01", "F02"),
        file="engine/journal.py",
        code="            self._cut(descriptor)\n            raise\n",
        without="            raise\n",
    ),
    Protection(
        rows=("F01",),
        file="engine/open_session.py",
        code="self._journal.append((*owed, *records))",
        without="self._journal.append(records)",
    ),
    Protection(
        rows=("F01", "F02"),
        file="engine/files.py",
        code="    except BaseException:  # an interrupt too must leave no temporary file\n",
        without="    except KeyError:\n",
    ),
    Protection(
        rows=("F02",),
        file="engine/journal.py",
        code="        except OSError:\n            self.broken = True\n            raise\n",
        without="        except OSError:\n            raise\n",
    ),
    Protection(
        rows=("F04",),
        file="engine/session_text.py",
        code="    return Text(toml_file.loads(whole.encode(), name), cut=True, dropped=dropped)\n",
        without="    return Text(toml_file.loads(text.encode(), name))\n",
    ),
    Protection(
        rows=("F04",),
        file="engine/toml_values.py",
        code="|\"\\Z|^#(?={END[1:]})', re.MULTILINE)",
        without="|\"\\Z')",
    ),
    Protection(
        rows=("F04", "F05"),
        file="engine/open_session.py",
        code="            if (copy := damaged.keep(each)) is not None:\n                self._copies.append(copy)\n",
        without="            pass\n",
    ),
    Protection(
        rows=("F05",),
        file="core/journal.py",
        code=" or crc32(payload[:-1]) != int(head[2], 16)",
        without="",
    ),
    Protection(
        rows=("F05",),
        file="engine/session_text.py",
        code='data.partition(b"\\0")[0].removeprefix',
        without="data.removeprefix",
    ),
    Protection(
        rows=("F05",),
        file="engine/recovery.py",
        code="            return session_text.Text({}, cut=True)\n",
        without="            return session_text.read(self.data, self.path.name)\n",
    ),
    Protection(
        rows=("F06",),
        file="engine/open_session.py",
        code="            self._append(change, after=session)\n",
        without="            pass\n",
    ),
    Protection(
        rows=("F06",),
        file="engine/open_session.py",
        code="self._going_on.kept(self._journal, None if whole else upto)",
        without="()",
    ),
    Protection(
        rows=("F06",),
        file="engine/open_session.py",
        code="        files.sweep(path.resolve(), older_s=0)\n",
        without="",
    ),
    Protection(
        rows=("F06",),
        file="engine/recovery.py",
        code="lost_runs.ended(on_disk, kept.records, None if start is not None else moved)",
        without="(on_disk, ())",
    ),
    Protection(
        rows=("F07",),
        file="engine/lock.py",
        code="            raise _in_use(descriptor, path)\n",
        without="            pass\n",
    ),
    Protection(
        rows=("F07",),
        file="engine/lock.py",
        code="        if not _is_still(place, descriptor):\n",
        without="        if False:\n",
    ),
    Protection(
        rows=("F17",),
        file="engine/session_writer.py",
        code="            row = self._rows.get(id(thing))\n",
        without="            row = None\n",
    ),
    Protection(
        rows=("F17",),
        file="engine/open_session.py",
        code="            self._folding = True\n            upto = self._journal.size\n",
        without="            return self._fold(session, overwrite=overwrite)\n",
    ),
    Protection(
        rows=("F17",),
        file="engine/session_text.py",
        code="(_in_parts(text) if text is not None and len(text) > PART else None)",
        without="{}",
    ),
)
