"""The HTTP reader and the event scanner on changed copies of tests/launcher/corpus, under the sanitizers."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
SUMMARY = re.compile(r"(\d+) inputs from (\d+) samples, (\d+) more were found, (\d+) edges( \(interrupted\))?\n")


def fuzz(built: Path, corpus: Path, folder: Path, inputs: int, program: str = "fuzz-mutations") -> tuple[int, ...]:
    """Numbers of inputs, of samples, of those found, and of edges."""
    command = [str(built / program), str(corpus), str(inputs)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    summary = SUMMARY.fullmatch(done.stdout)
    assert summary, done.stdout
    return tuple(int(number) for number in summary.groups()[:4])


def test_no_bytes_break_the_readers_and_no_split_changes_what_they_read(built, tmp_path):
    inputs, samples, found, _ = fuzz(built, CORPUS, tmp_path, 60_000)
    assert (inputs, samples) == (60_000, len(list(CORPUS.iterdir())))
    assert found > 0


def test_coverage_leads_it_from_one_letter_to_most_of_what_the_corpus_shows(built, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one").write_text("H")
    _, _, found, edges = fuzz(built, tmp_path / "corpus", tmp_path, 60_000)
    _, _, _, known = fuzz(built, CORPUS, tmp_path, len(list(CORPUS.iterdir())))
    assert found > 20
    assert edges > 0.8 * known


def test_a_long_run_tells_how_far_it_is_and_ends_at_ctrl_c(built, tmp_path):
    command = [str(built / "fuzz-mutations"), str(CORPUS), "--minutes", "30"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("fuzz: ")
        process.send_signal(signal.SIGINT)
        *_, last = process.stdout.read().splitlines(keepends=True)
    assert process.returncode == 0
    assert SUMMARY.fullmatch(last)
    assert list(tmp_path.iterdir()) == []
