"""Turns what PyInstaller found into the contents of the frozen file: byte code, stripped libraries."""

from __future__ import annotations

import _imp
import ast
import marshal
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import contents as packed
from build_spec import elf, trim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NATIVE_MODULES = "_aftercall_native_modules"
"""The module that tells build_spec/entry.py which extension modules there are."""


def contents(modules: Iterable[tuple[str, str]], natives: Iterable[tuple[str, str, str]]) -> bytes:
    """`modules`: names and source files. `natives`: as PyInstaller lists them, see `_module_of`."""
    natives = list(natives)
    extensions = {name: path for name, path in map(_module_of, natives) if name in trim.KEPT_EXTENSION_MODULES}
    libraries = list(_libraries(extensions.values(), {os.path.basename(path): path for _, path, _ in natives}))
    files = {name: os.path.basename(path) for name, path in extensions.items()}
    told = compile(f"FILES = {files!r}", NATIVE_MODULES, "exec")
    code = [packed.Entry(packed.MODULE, NATIVE_MODULES, marshal.dumps(told)), *_modules(dict(modules))]
    return packed.pack([*libraries, *code])


def uncompiled(folder: Path) -> Iterator[str]:
    """One line for each module that does not compile: PyInstaller would leave it out without a word."""
    for path in sorted(folder.rglob("*.py")):
        try:
            compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            yield f"{path}{f':{line}' if line else ''}: {getattr(error, 'msg', error)}; mend it and build again"


def _modules(sources: dict[str, str]) -> Iterator[packed.Entry]:
    # The interpreter has these as ready code objects: reading ours would take longer.
    has_already = set(_imp._frozen_module_names())  # type: ignore[attr-defined]  # noqa: SLF001 - CPython's own list
    for name in sorted(set(sources) - has_already, key=lambda name: (not name.startswith("aftercall"), name)):
        path = sources[name]
        is_package = os.path.basename(path) == "__init__.py"
        kind = packed.PACKAGE if is_package else packed.MODULE
        yield packed.Entry(kind, name, _compiled(name, path, is_package=is_package))


def _compiled(name: str, path: str, *, is_package: bool) -> bytes:
    """Without docstrings and asserts, as `python -OO` would; under a name that tells nothing of the build machine."""
    shown = name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    source = Path(path).read_bytes()
    code = without_types(source) if name.startswith("aftercall") else source
    return marshal.dumps(compile(code, shown, "exec", dont_inherit=True, optimize=2))


def without_types(source: bytes) -> ast.Module:
    """Without what only type checkers read: annotations, and what is imported for them.

    Loading `typing` alone would take milliseconds of each cold start, and each annotation is built when it is met.
    """
    tree = ast.parse(source)
    _TypeRemover().visit(tree)
    return ast.fix_missing_locations(tree)


class _TypeRemover(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        names = [name.name for name in node.names]
        is_for_types = (node.module, names) in (("typing", ["TYPE_CHECKING"]), ("__future__", ["annotations"]))
        return None if is_for_types else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        is_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return node.orelse if is_for_types else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign | None:
        return None if node.value is None else ast.Assign([node.target], node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node


def _module_of(native: tuple[str, str, str]) -> tuple[str, str]:
    """Name and file of an extension module. A native: where it would be unpacked to, file, EXTENSION or BINARY."""
    place, path, kind = native
    folders = re.sub(r"^python[\d.]+/lib-dynload/", "", place).split("/")[:-1]
    name = os.path.basename(path).partition(".")[0]
    return (".".join([*folders, name]) if kind == "EXTENSION" else ""), path


def _libraries(extensions: Iterable[str], paths: dict[str, str]) -> Iterator[packed.Entry]:
    """libpython, the extension modules, and the shared libraries that these need. `paths`: by file name."""
    needs: dict[str, list[str]] = {}
    for file in [file for file in paths if re.match(r"libpython\d", file)] + [*map(os.path.basename, extensions)]:
        _find_needs(file, paths, needs)
    for file in sorted(needs):
        yield packed.Entry(packed.NATIVE, file, _stripped(paths[file]), tuple(needs[file]))


def _find_needs(file: str, paths: dict[str, str], needs: dict[str, list[str]]) -> None:
    """All that `file` needs, directly or through others, each after what it needs itself."""
    if file in needs:
        return
    ordered: dict[str, None] = {}
    for library in elf.needs(paths[file]).libraries:
        if library in paths:
            _find_needs(library, paths, needs)
            ordered.update(dict.fromkeys([*needs[library], library]))
    needs[file] = list(ordered)


def _stripped(path: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "library"
        subprocess.run(["strip", "--strip-unneeded", "-o", str(out), path], check=True)
        return out.read_bytes()
