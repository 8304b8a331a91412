"""The reader against the vectors that every language shares."""

import base64
import json
import re
import runpy
from pathlib import Path

import pytest

from aftercall.spool import Frame, Loss
from aftercall.spool.folder import SpoolFolder
from aftercall.spool.head import HEAD_BYTES, Head, is_being_made
from aftercall.spool.progress import Progress

PIECES = [1, 7, 4096, 1 << 20]
VECTORS = Path(__file__).parents[1] / "spool_vectors"
GENERATED = runpy.run_path(str(VECTORS / "generate.py"))["vectors"]()
NAMES = sorted(name.removesuffix(".segment") for name in GENERATED if name.endswith(".segment"))


def told(frames: list[Frame], loss: Loss | None) -> dict:
    return {
        "frames": [
            {"header": f.header, "parts": [[name, base64.b64encode(part).decode()] for name, part in f.parts()]}
            for f in frames
        ],
        "loss": loss and {"lost_bytes": loss.lost_bytes, "phrase": loss.phrase},
    }


def read_in_pieces(data: bytes, size: int) -> dict:
    """As a new incarnation reads a segment."""
    raw = data[:HEAD_BYTES]
    if is_being_made(raw):
        return told([], None)
    head = Head(raw)
    if head.damage:
        return told([], Loss(len(data), head.damage))
    progress = Progress()
    start, end = progress.next_range(head, len(data))
    if progress.goes_on:
        progress.reader.go_on_behind(data[HEAD_BYTES:])
    frames = [frame for at in range(start, end, size) for frame in progress.feed(data[at : min(at + size, end)])]
    progress.end()
    return told(frames, progress.reader.loss)


def test_the_files_are_what_the_generator_writes() -> None:
    on_disk = {
        str(path.relative_to(VECTORS)): path.read_bytes()
        for folder in ("valid", "invalid")
        for path in (VECTORS / folder).iterdir()
    }
    assert on_disk == GENERATED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("piece_size", PIECES)
def test_vector(name: str, piece_size: int) -> None:
    assert read_in_pieces(GENERATED[f"{name}.segment"], piece_size) == json.loads(GENERATED[f"{name}.json"])


@pytest.mark.parametrize("name", NAMES)
def test_vector_through_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "1-1-1.segment").write_bytes(GENERATED[f"{name}.segment"])
    folder = SpoolFolder(str(tmp_path))
    frames = [frame for _, frame in folder.read()]
    expected = json.loads(GENERATED[f"{name}.json"])
    assert told(frames, None)["frames"] == expected["frames"]
    loss = expected["loss"]
    assert folder.losses == ({loss["phrase"]: loss["lost_bytes"]} if loss else {})
    folder.release(set(), set(), [], {})
    assert [frame for _, frame in folder.read()] == []
    assert folder.take_faults() == 0


def test_the_worked_example_of_the_page_is_the_vector() -> None:
    page = (VECTORS.parents[1] / "runtime_wrappers" / "SPOOL_FORMAT.md").read_text()
    dump = re.findall(r"^    [0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+) ", page, re.MULTILINE)
    assert bytes.fromhex("".join(dump)) == GENERATED["valid/worked-example.segment"]
