"""The reader against the vectors that every language shares."""

import base64
import json
import re
import runpy
from pathlib import Path

import pytest

from aftercall.spool import SegmentReader

VECTORS = Path(__file__).parents[1] / "spool_vectors"
GENERATED = runpy.run_path(str(VECTORS / "generate.py"))["vectors"]()
NAMES = sorted(name.removesuffix(".spool") for name in GENERATED if name.endswith(".spool"))


def read(pieces: list[bytes]) -> dict:
    reader = SegmentReader()
    frames = [frame for piece in pieces for frame in reader.feed(piece)]
    loss = reader.close()
    return {
        "frames": [
            {"header": f.header, "parts": [[name, base64.b64encode(part).decode()] for name, part in f.parts()]}
            for f in frames
        ],
        "loss": loss and {"lost_bytes": loss.lost_bytes, "phrase": loss.phrase},
    }


def test_the_files_are_what_the_generator_writes() -> None:
    on_disk = {
        str(path.relative_to(VECTORS)): path.read_bytes()
        for folder in ("valid", "invalid", "version2/valid", "version2/invalid")
        for path in (VECTORS / folder).iterdir()
    }
    assert on_disk == GENERATED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("piece_size", [1, 7, 4096, 1 << 20])
def test_vector(name: str, piece_size: int) -> None:
    data = GENERATED[f"{name}.spool"]
    expected = json.loads(GENERATED[f"{name}.json"])
    assert read([data[i : i + piece_size] for i in range(0, len(data), piece_size)]) == expected


def test_the_worked_example_of_the_page_is_the_vector() -> None:
    page = (VECTORS.parents[1] / "runtime_wrappers" / "SPOOL_FORMAT.md").read_text()
    dump = re.findall(r"^    [0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+) ", page, re.MULTILINE)
    assert bytes.fromhex("".join(dump)) == GENERATED["version2/valid/worked-example.segment"]
