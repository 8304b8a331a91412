"""A spool folder as the launcher makes it, and the frames of its segments."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

from aftercall.command.check.recorded import read_recorded
from aftercall.spool import SegmentName

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.spool import Frame

SPARE = b"aftcall\2".ljust(262_144, b"\0")
_IN_OPEN, _IN_MOVED_TO = 0x20, 0x80


def furnish(folder: Path, spares: int = 0) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "bell").touch(0o600)
    for number in range(spares):
        (folder / f"{number + 1}.spare").write_bytes(SPARE)


def watch(folder: Path) -> int:
    """An inotify descriptor as the launcher makes it."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor: int = libc.inotify_init1(os.O_NONBLOCK)
    assert descriptor >= 0
    assert libc.inotify_add_watch(descriptor, os.fsencode(folder), _IN_MOVED_TO) >= 0
    assert libc.inotify_add_watch(descriptor, os.fsencode(folder / "bell"), _IN_OPEN) >= 0
    return descriptor


def read_folder(folder: Path) -> dict[SegmentName, list[Frame]]:
    """The frames of each segment, in the order of writing. Everything must be readable."""
    found = {}
    names = [name for name in (SegmentName.parse(path.name) for path in folder.iterdir()) if name]
    for name in sorted(names, key=lambda name: (name.start, name.n)):
        frames, loss = read_recorded((folder / str(name)).read_bytes())
        assert loss is None, f"{name}: {loss}"
        found[name] = frames
    return found


def count_new(folder: Path, kind: str) -> int:
    """How many frames of this kind there are that nobody has taken."""
    wanted = b'"kind":"%b"' % kind.encode()
    found = 0
    for path in folder.glob("*.segment"):
        data = path.read_bytes()
        committed, base, taken = (int.from_bytes(data[at : at + 4], "little") for at in (8, 12, 32))
        found += data.count(wanted, 64 + max(0, taken - base), 64 + committed - base)
    return found


def take_all(folder: Path) -> None:
    """As the extension, once it has exported everything: writers may begin again."""
    for path in folder.glob("*.segment"):
        with path.open("r+b") as file:
            committed = file.read(12)[8:]
            file.seek(32)
            file.write(committed * 2)
