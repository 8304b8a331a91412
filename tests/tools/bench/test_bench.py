"""Each bench gives its rows. What the numbers are, a busy machine says nothing about."""

import importlib
import math
import os
import signal
import subprocess
import sys
import time

import pytest

from build_spec import maven
from tests.tools.bench.__main__ import BENCHES, table
from tests.tools.bench.environment import ROOT
from tests.tools.bench.figures import Figure


@pytest.mark.parametrize("name", BENCHES)
def test_it_gives_rows(name: str, layer, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.startswith("java_") and not maven.is_there():
        pytest.skip(f"no JDK: {maven.INSTALL}")
    module = importlib.import_module(f"tests.tools.bench.{name}")
    for loops, enough in {"INVOCATIONS_A_RUN": 2, "PAIRS": 1, "CALLS": 5, "INVOCATIONS": 20}.items():
        monkeypatch.setattr(module, loops, enough, raising=False)
    figures = module.figures(1)
    assert figures
    assert all(math.isfinite(figure.value) for figure in figures)
    assert all(figure.baseline is None or figure.baseline > 0 for figure in figures)
    assert len({figure.name for figure in figures}) == len(figures)


def test_the_table_is_markdown_of_one_row_a_figure() -> None:
    figures = [
        Figure("a", 1.5, "ms", 1.0, "bare.c", "<= 2 x", met=True),
        Figure("b", 150.0, "MB", None, "peers", "<= 20 MB", met=False),
    ]
    assert list(table(figures))[2:] == [
        "| a | 1.50 ms | 1.00: bare.c | 1.50 | <= 2 x | yes |",
        "| b | 150 MB | peers |  | <= 20 MB | **no** |",
    ]


def test_an_interrupted_bench_leaves_nothing_behind(layer, tmp_path) -> None:
    # A shell that started the tests in the background has SIGINT ignored.
    program = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "runpy.run_module('tests.tools.bench', run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-c", program, "--only", "memory"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob("*/*/spool")):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.endswith("bench: interrupted\n")
    assert list(tmp_path.iterdir()) == []

    def has_processes() -> bool:
        return str(tmp_path) in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout

    deadline = time.monotonic() + 10  # what was killed takes a moment to be gone
    while has_processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not has_processes()
