"""Samples for fuzz_scan.c, a file each: `python -m tests.masking.scan_corpus FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

from tests.masking.documents import DOCUMENTS, Draw
from tests.masking.hostile import texts
from tests.masking.test_scan import SPANS, WORDS

HOSTILE_BYTES = 300
MOST_BYTES = 4_096
DEEPEST = b"[" * 130 + b"".join(b"\\" * level + b'"' for level in range(60, 0, -1))
"""As many open spans as there may be, and more."""


def write(folder: Path) -> int:
    """How many there are."""
    documents = [json.dumps(build(Draw(Random("fuzz")))) for build in DOCUMENTS]
    nested = [json.dumps({"a": json.dumps({"b": document})}) for document in documents]
    samples = [text.encode()[:MOST_BYTES] for text in [*documents, *nested]]
    samples += [DEEPEST, *texts(HOSTILE_BYTES).values(), *(text for text, _ in (*SPANS.values(), *WORDS.values()))]
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(samples):
        (folder / f"{number:04}").write_bytes(sample)
    return len(samples)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
