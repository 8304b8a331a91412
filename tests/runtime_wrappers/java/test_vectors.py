"""The spool vectors through the Java writer's own frames: byte for byte, as other writers make them."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest

from aftercall.spool import SegmentReader
from aftercall.spool.head import HEAD_BYTES, Head, distance

from . import parts

VECTORS = parts.ROOT / "tests" / "spool_vectors" / "valid"


def begins_with_its_process(path: Path) -> bool:
    frames = json.loads(path.read_text())["frames"]
    return bool(frames) and frames[0]["header"]["kind"] == "process"


NAMES = sorted(path.stem for path in VECTORS.glob("*.json") if begins_with_its_process(path))
LARGEST = 1 << 63
OTHER_BYTES = {
    "empty-part": "we leave empty parts out",
    "no-parts-no-payload": "we leave an empty list of parts out",
    "unknown-header-keys": "parts stand last with us",
    "negative-and-huge-times": "no clock of Java's says 2^63",
}


def order_of(frame: dict) -> list[str]:
    """One frame as WriteVectors reads it."""
    header = dict(frame["header"])
    header.pop("parts", None)
    words = ["frame", header.pop("kind"), str(header.pop("time"))]
    if header.get("request_id"):
        words.append(encoded(header.pop("request_id")))
    lines = [" ".join(words)]
    for name, value in header.items():
        if isinstance(value, str):
            lines.append(f"text {name} {encoded(value)}")
        else:
            lines.append(f"json {name} {json.dumps(value, separators=(',', ':'))}")
    return [*lines, *(f"part {name} {content}" for name, content in frame["parts"])]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be", "surrogatepass")).decode()


def comparable(frames: list[dict]) -> list[tuple[dict, list]]:
    """Headers and parts; a writer of ours leaves empty parts out."""
    found = []
    for frame in frames:
        header = {key: value for key, value in frame["header"].items() if key != "parts"}
        found.append((header, [part for part in frame["parts"] if part[1]]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_vector_is_written_as_it_is(name, tmp_path) -> None:
    frames = json.loads((VECTORS / f"{name}.json").read_text())["frames"]
    frames = [frame for frame in frames if abs(frame["header"]["time"]) < LARGEST]
    order = Path(tmp_path, "order")
    order.write_text("".join(f"{line}\n" for frame in frames for line in order_of(frame)))
    command = [*parts.agents_command("8", "WriteVectors"), str(order)]
    done = subprocess.run(command, capture_output=True, check=True)
    written = SegmentReader()
    read = [
        {
            "header": frame.header,
            "parts": [[part, base64.b64encode(content).decode()] for part, content in frame.parts()],
        }
        for frame in written.feed(done.stdout)
    ]
    assert written.close() is None
    assert comparable(read) == comparable(frames)
    if name not in OTHER_BYTES:
        assert done.stdout == committed(name)


def committed(name: str) -> bytes:
    data = (VECTORS / f"{name}.segment").read_bytes()
    head = Head(data[:HEAD_BYTES])
    return data[HEAD_BYTES : HEAD_BYTES + distance(head.base, head.committed)]
