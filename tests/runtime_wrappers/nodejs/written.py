"""What a writer left in a segment, and what a reader does to it: a short reading of
runtime_wrappers/SPOOL_FORMAT.md that shares no code with the layer's reader."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = 64
USUAL = 262_144
MAGIC = b"aftcall\x02"
WRITERS, READERS = 8, 32
"""Offsets of `committed`, `base`, `closed` and of `taken`, `done`, `tries`, `off`."""


class Words(NamedTuple):
    committed: int
    base: int
    closed: int
    taken: int
    done: int
    tries: int
    off: int


def is_made(path: Path) -> bool:
    """Whether its maker has come to an end."""
    return path.read_bytes()[:8] == MAGIC


def words(path: Path) -> Words:
    head = path.read_bytes()[:HEAD]
    assert head[:8] == MAGIC, head
    return Words(*struct.unpack_from("<III", head, WRITERS), *struct.unpack_from("<IIII", head, READERS))


def store(path: Path, **values: int) -> None:
    """Words of a head, by name."""
    with path.open("r+b") as file:
        for name, value in values.items():
            at = Words._fields.index(name)
            file.seek(WRITERS + 4 * at if at < 3 else READERS + 4 * (at - 3))
            file.write(struct.pack("<I", value))


class Frame(NamedTuple):
    header: dict[str, Any]
    payload: bytes


def frames(path: Path) -> Iterator[Frame]:
    """Every committed frame that was not taken; fails where one is not whole."""
    data, head = path.read_bytes(), words(path)
    end = HEAD + (head.committed - head.base) % 2**32
    taken = HEAD + (head.taken - head.base) % 2**32
    at = taken if taken <= end else HEAD
    while at < end:
        header, payload = struct.unpack_from("<II", data, at)
        body = at + 8 + header
        yield Frame(json.loads(data[at + 8 : body]), data[body : body + payload])
        padding = -(body + payload) % 8
        assert data[body + payload : body + payload + padding] == bytes(padding)
        at = body + payload + padding
    assert at == end, f"{path.name}: a frame is cut off"


def segments(folder: Path) -> list[Path]:
    """In the order of writing."""
    return sorted(folder.glob("*.segment"), key=lambda path: [int(word) for word in path.stem.split("-")][1:])


def take(path: Path) -> None:
    """Everything was exported: wipe it, but for the first frame, and tell the writer."""
    committed, base = words(path)[:2]
    store(path, done=committed)
    with path.open("r+b") as file:
        file.seek(HEAD)
        header, payload = struct.unpack("<II", file.read(8))
        first = (8 + header + payload + 7) // 8 * 8
        file.seek(HEAD + first)
        file.write(bytes(max(0, (committed - base) % 2**32 - first)))
    store(path, taken=committed)
