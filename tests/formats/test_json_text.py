"""JSON without the json package: the same as with it, and not loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aftercall
from aftercall.formats.json_text import dumps, loads

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


@pytest.mark.parametrize(
    "text", ["", "{{{", '{"a"', '"\\ud83', "[1,]", "nul", "-", "1 2", '{"a":1}x', '"\\u12"', "{1:2}"]
)
def test_what_is_not_json_is_a_value_error(text) -> None:
    """In a process of its own, since pytest has imported that package."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT, text], env={"PYTHONPATH": SOURCES}, capture_output=True, check=True
    )
    assert done.stdout == b"ValueError\n"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_json_by_its_c_halves_is_json(value: object) -> None:
    assert json.loads(dumps(value)) == value
    assert loads(json.dumps(value)) == value
    assert loads(f" \n{json.dumps(value)}\t") == value
