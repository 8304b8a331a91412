"""The spool vectors through the Python writer: byte for byte, as other writers make them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aftercall.command.check.recorded import read_recorded

VECTORS = Path(__file__).parents[2] / "spool_vectors" / "valid"

WRITE = """
import base64, json, sys
sys.path.insert(0, {wrapper!r})
from _aftercall import spool
from _aftercall.spool import fields
import os
frames = json.load(open({vector!r}))["frames"]
def framed(header, parts):
    rest = dict(header)
    kind, time, owner = rest.pop("kind"), rest.pop("time"), rest.pop("request_id", "")
    rest.pop("parts", None)
    tail = "".join(
        fields(**{{name: value}}) if isinstance(value, (str, int)) else
        "," + json.dumps(name) + ":" + json.dumps(value, separators=(",", ":"))
        for name, value in rest.items()
    )
    return kind, time, owner, tail, [(name, base64.b64decode(content)) for name, content in parts]
writer = spool.Writer(os.environ["AFTERCALL_SPOOL_DIR"], "3.x", "0")
process, *others = [framed(**frame) for frame in frames]
writer.process_frame = spool.frame(process[0], process[1], process[3])
for frame in others:
    writer.write(*frame)
if not others:
    writer.count_fault("nothing")  # a segment begins with its first frame
"""


def is_whole(vector: Path) -> bool:
    """Others have bytes that were taken already, or none."""
    head = vector.with_suffix(".segment").read_bytes()[:64]
    return bool(json.loads(vector.read_text())["frames"]) and head[12:16] == head[32:36] == head[36:40]


NAMES = sorted(path.stem for path in VECTORS.glob("*.json") if is_whole(path))
OTHER_BYTES = {
    "empty-part": "we leave empty parts out",
    "no-parts-no-payload": "we leave an empty list of parts out",
    "unknown-header-keys": "parts stand last with us",
}
BEYOND_THE_WRITER = {"negative-and-huge-times": "times are 64 bits"}


def understood(data: bytes) -> list[tuple[dict, list]]:
    frames, loss = read_recorded(data)
    assert loss is None
    found = []
    for frame in frames:
        header = {key: value for key, value in frame.header.items() if key != "parts"}
        found.append((header, [(name, bytes(part)) for name, part in frame.parts() if part]))
    return found


@pytest.mark.parametrize("name", sorted(set(NAMES) - BEYOND_THE_WRITER.keys()))
def test_the_writers_frames_are_those_of_the_vector(name, runner, python):
    vector = VECTORS / f"{name}.json"
    runner.run(python, WRITE.format(wrapper=str(runner.wrapper), vector=str(vector)), wrapped=False)
    (segment,) = runner.spool.glob("*.segment")
    written, wanted = segment.read_bytes(), vector.with_suffix(".segment").read_bytes()
    expected = understood(wanted)
    assert understood(written)[: len(expected)] == expected
    if name not in OTHER_BYTES:
        size = int.from_bytes(wanted[8:12], "little") - int.from_bytes(wanted[12:16], "little")
        assert written[64 : 64 + size] == wanted[64 : 64 + size]


def test_each_exception_is_a_vector():
    assert set(NAMES) >= OTHER_BYTES.keys() | BEYOND_THE_WRITER.keys()
