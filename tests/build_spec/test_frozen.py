"""What must not be left out of the frozen file without a word."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from build_spec import frozen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("source", "said"),
    [("x = 1\ndef f(:\n", r"part\.py:2: invalid syntax; mend"), ("x = '\0'\n", r"part\.py.*: .*null bytes; mend")],
)
def test_a_module_that_does_not_compile_is_named(tmp_path: Path, source: str, said: str) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "whole.py").write_text("x = 1\n")
    assert not list(frozen.uncompiled(tmp_path))
    (tmp_path / "pipeline" / "part.py").write_text(source)
    (told,) = frozen.uncompiled(tmp_path)
    assert re.search(said, told)


def test_what_only_type_checkers_read_is_dropped() -> None:
    source = b"""
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from typing import Any
else:
    x = 1
if x:
    y: int = 2
class C:
    z: int
    def f(self, a: Any, *, b: list[Any] = ()) -> Any: return a
"""
    assert ast.unparse(frozen.without_types(source)) == (
        "x = 1\nif x:\n    y = 2\n\nclass C:\n\n    def f(self, a, *, b=()):\n        return a"
    )
