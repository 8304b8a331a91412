"""The HTTP reader and the event scanner on changed copies of tests/launcher/corpus, under the sanitizers."""

import subprocess
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"


def test_no_bytes_break_the_readers_and_no_split_changes_what_they_read(built):
    command = [built / "fuzz-mutations", CORPUS, "60000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    samples = len(list(CORPUS.iterdir()))
    assert done.stdout == f"60000 inputs from {samples} samples\n"
