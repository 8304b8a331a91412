"""The compiled scan of masking under the sanitizers, by the launcher's driver: see tests/masking/fuzz_scan.c."""

from __future__ import annotations

from tests.launcher.test_answers_fuzzed import fuzz
from tests.masking import scan_corpus


def test_no_text_breaks_the_scan_nor_what_it_says(built, tmp_path):
    samples = scan_corpus.write(tmp_path / "corpus")
    inputs, known, found, edges = fuzz(built, tmp_path / "corpus", tmp_path, 20_000, "fuzz-scan")
    assert (inputs, known) == (20_000, samples)
    assert found > 0
    assert edges > 100
