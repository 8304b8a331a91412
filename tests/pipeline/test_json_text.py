"""JSON without the json package: in a process of its own, since pytest has imported that package."""

import subprocess
import sys
from pathlib import Path

import pytest

import aftercall

SOURCES = str(Path(aftercall.__file__).parents[1])
SCRIPT = """
import sys
from aftercall.formats.json_text import loads
assert "json" not in sys.modules
try:
    loads(sys.argv[1])
except ValueError:
    print("ValueError")
"""


@pytest.mark.parametrize("text", ["", "{{{", '{"a"', '"\\ud83', "[1,]", "nul", "-", "1 2", '{"a":1}x'])
def test_what_is_not_json_is_a_value_error(text) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT, text], env={"PYTHONPATH": SOURCES}, capture_output=True, check=True
    )
    assert done.stdout == b"ValueError\n"
