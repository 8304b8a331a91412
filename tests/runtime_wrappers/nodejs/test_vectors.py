"""The spool vectors through the Node.js writer: a reader understands its frames as it does the vectors'."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from aftercall.spool import SegmentReader

from . import parts

VECTORS = parts.SOURCES.parents[1] / "tests" / "spool_vectors" / "valid"
NAMES = sorted(path.stem for path in VECTORS.glob("*.json"))
# JSON.stringify escapes nothing that need not be, and the writer leaves out what is empty.
OTHER_BYTES = {"non-ascii-url", "empty-part", "no-parts-no-payload", "unknown-header-keys", "negative-and-huge-times"}
NEWEST = parts.EDGES[1]  # the vectors' times need JSON.parse with the source of numbers


def understood(data: bytes):
    reader = SegmentReader()
    frames = reader.feed(data)
    assert reader.close() is None
    return [
        (
            {key: value for key, value in frame.header.items() if key != "parts"},
            [(name, bytes(content)) for name, content in frame.parts() if content],
        )
        for frame in frames
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_writers_frames_are_those_of_the_vector(tmp_path, name) -> None:
    out = tmp_path / "out.spool"
    script = Path(__file__).with_name("write_vector.js")
    vector = VECTORS / f"{name}.json"
    command = [parts.node(NEWEST), str(script), str(parts.SOURCES), str(vector), str(out)]
    subprocess.run(command, check=True, timeout=60)
    wanted = (VECTORS / f"{name}.spool").read_bytes()
    assert understood(out.read_bytes()) == understood(wanted)
    if name not in OTHER_BYTES:
        assert out.read_bytes() == wanted


def test_each_exception_is_a_vector() -> None:
    assert set(NAMES) >= OTHER_BYTES
    assert json.loads((VECTORS / "worked-example.json").read_text())["loss"] is None
