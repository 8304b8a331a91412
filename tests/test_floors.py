"""No package imports one above it, and no files import each other in a circle."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"

FLOORS = (
    ("", "formats", "http1"),  # nothing of ours; "" is the package itself, with its version
    ("masking", "recognition", "spool"),
    ("settings", "transport", "pipeline"),
    ("exporters",),
    ("extension", "sandbox"),
    ("command",),
)
"""From the bottom to the top. Neighbours on a floor do not know each other."""


def _modules() -> dict[str, Path]:
    found = {}
    for path in SOURCES.rglob("*.py"):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(path: Path, modules: dict[str, Path]) -> set[str]:
    """Our modules that it names, within functions and for type checkers too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{name.name}" for name in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
    found = names & modules.keys()
    # `from package import module` names the package too, of which it wants nothing.
    return {name for name in found if modules[name].name != "__init__.py" or not _has_below(name, found)}


def _has_below(package: str, names: set[str]) -> bool:
    return any(name.startswith(f"{package}.") for name in names)


def _floor(module: str) -> int:
    (number,) = [number for number, floor in enumerate(FLOORS) if _package(module) in floor]
    return number


def _package(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


MODULES = _modules()
IMPORTS = {module: _imports(path, MODULES) for module, path in MODULES.items()}


def test_no_package_imports_one_that_is_not_below_it() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, names in IMPORTS.items()
        for imported in names
        if _package(imported) != _package(module) and _floor(imported) >= _floor(module)
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle() -> None:
    graphlib.TopologicalSorter(IMPORTS).prepare()
