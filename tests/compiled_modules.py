"""The modules that the build compiles (build_spec/compiled_modules.py), in a process of the tests.

`python -m tests.compiled_modules MODULE ...` runs a module of the tests, such as `pytest`, with the compiled ones in
the place of the sources.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
from functools import cache
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec
from typing import TYPE_CHECKING, Any

from aftercall.extension.compiled_finder import CompiledFinder
from build_spec.compiled_modules import LIBRARY, ROOT

if TYPE_CHECKING:
    from pathlib import Path


@cache
def library() -> Path:
    """Compiled now if it is not there or was made of other sources."""
    python = ROOT / ".cache" / "mypyc" / "bin" / "python"
    subprocess.run([str(python), "-m", "build_spec.compiled_modules"], check=True, cwd=ROOT)
    return ROOT / ".cache" / "compiled" / LIBRARY


def install() -> None:
    """Before any of the modules is imported."""
    name, path = LIBRARY.partition(".")[0], str(library())
    made = module_from_spec(ModuleSpec(name, ExtensionFileLoader(name, path), origin=path))
    known = set(made.NAMES) & sys.modules.keys()
    assert not known, f"imported already: {known}"
    CompiledFinder(made.make, made.NAMES).install()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """As a plugin: leaves out tests that replace a constant or a function, which compiled code does not look up."""
    items[:] = [item for item in items if "monkeypatch" not in item.fixturenames]


if __name__ == "__main__":
    install()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
