"""Functions are watched with the layer that the Dockerfile makes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_functions_are_watched_with_it(built_layer) -> None:
    """The end-to-end tests, on this layer instead of the one that `make layer` builds."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "tests/end_to_end"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "AFTERCALL_LAYER": str(built_layer)}, check=True)
