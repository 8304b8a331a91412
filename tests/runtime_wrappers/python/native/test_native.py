"""The C module under every Python that is found. The cases are plain scripts: other Pythons have no pytest."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("case_*.py")))
def test_native(python, wrapper, case):
    command = [python, "-X", "dev", "-W", "error::ResourceWarning", CASES / "run.py", wrapper, case]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
