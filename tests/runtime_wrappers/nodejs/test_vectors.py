"""The spool vectors through the Node.js writer: a reader understands its frames as it does the vectors'."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from . import parts, written

VECTORS = parts.SOURCES.parents[1] / "tests" / "spool_vectors" / "valid"
# JSON.stringify escapes nothing that need not be, and the writer leaves out what is empty.
OTHER_BYTES = {"non-ascii-url", "empty-part", "no-parts-no-payload", "unknown-header-keys", "negative-and-huge-times"}
NEWEST = parts.EDGES[1]  # the vectors' times need JSON.parse with the source of numbers


def is_whole(vector: Path) -> bool:
    """Others have bytes that were taken already, or none."""
    head = vector.with_suffix(".segment").read_bytes()[:64]
    return any(json.loads(vector.read_text())["frames"]) and head[12:16] == head[32:36] == head[36:40]


NAMES = sorted(path.stem for path in VECTORS.glob("*.json") if is_whole(path))


def understood(path: Path) -> list:
    found = []
    for header, payload in written.frames(path):
        parts_, offset = [], 0
        for name, length in header.pop("parts", []):
            parts_.append((name, payload[offset : offset + length]))
            offset += length
        found.append((header, [part for part in parts_ if part[1]]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_writers_frames_are_those_of_the_vector(tmp_path, way, name) -> None:
    out = tmp_path / "out.segment"
    script = Path(__file__).with_name("write_vector.js")
    vector = VECTORS / f"{name}.json"
    command = [parts.node(NEWEST), str(script), str(parts.SOURCES), parts.mapping(way), str(vector), str(out)]
    subprocess.run(command, check=True, timeout=60)
    wanted = VECTORS / f"{name}.segment"
    assert understood(out) == understood(wanted)
    if name not in OTHER_BYTES:
        size = written.words(out).committed
        assert out.read_bytes()[64 : 64 + size] == wanted.read_bytes()[64 : 64 + size]


def test_each_exception_is_a_vector() -> None:
    assert set(NAMES) >= OTHER_BYTES
    assert json.loads((VECTORS / "worked-example.json").read_text())["loss"] is None
