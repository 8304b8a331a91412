"""Writes the sources of modules as mypyc makes the fastest code of them, line by line the same program.

What is assigned once in a module is said to be `Final`: mypyc takes it from where it lies, instead of looking its name
up each time. The sources themselves stay without: they say it by the form of the name, and run interpreted as well.
Docstrings go, as in the rest of the frozen file, and so does `typing`, which the frozen extension does not load.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from build_spec.compiled_traps import traps

if TYPE_CHECKING:
    from collections.abc import Iterator

    Edit = tuple[int, int, int, str]
    """Line, from zero; the columns from and to, in bytes; what stands there instead."""

_HEAD = ("TYPE_CHECKING = False", "if TYPE_CHECKING: from typing import Final")
"""In the first two lines, which are the module's docstring and, if it is short, the empty one behind it."""


class SourceError(Exception):
    """A module cannot be prepared; the message names it."""


def prepared(source: str, name: str) -> str:
    tree = ast.parse(source)
    lines = [line.encode() for line in source.split("\n")]
    if not (ast.get_docstring(tree) and (tree.body[0].end_lineno != 1 or not lines[1])):
        raise SourceError(f"{name}: a docstring is needed in the first line, and an empty line behind it")
    for line, trap in traps(tree):
        raise SourceError(f"{name}:{line}: {trap}")
    for line, start, end, instead in sorted(_edits(tree), reverse=True):
        lines[line] = lines[line][:start] + instead.encode() + lines[line][end:]
    lines[:2] = [line.encode() for line in _HEAD]
    return b"\n".join(lines).decode()


def _edits(tree: ast.Module) -> Iterator[Edit]:
    once = _assigned_once(tree)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in once:
            yield _at_end(node.targets[0], ": Final")
        elif isinstance(node, ast.Assign) and (numbers := _numbers(node)):
            apart = "; ".join(f"{name}: Final = {number}" for name, number in numbers.items())
            yield node.lineno - 1, node.col_offset, node.end_col_offset or 0, apart
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in once:
            yield _at_start(node.annotation, "Final[")
            yield _at_end(node.annotation, "]")
        elif isinstance(node, ast.ImportFrom) and _is_for_types(node):
            yield from _without(node, "")
    for said in ast.walk(tree):
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str):
            yield from _without(said, "pass")


def _numbers(node: ast.Assign) -> dict[str, int]:
    """`NAME, TOKEN = 1, 2`, in one line; empty if it is another statement."""
    try:
        values = ast.literal_eval(node.value)
    except ValueError:
        return {}
    target = node.targets[0]
    if not (isinstance(target, ast.Tuple) and isinstance(values, tuple) and node.lineno == node.end_lineno):
        return {}
    names = [name.id for name in target.elts if isinstance(name, ast.Name) and not _is_type(name.id)]
    are_numbers = all(type(value) is int for value in values)
    return dict(zip(names, values, strict=True)) if are_numbers and len(names) == len(values) else {}


def _assigned_once(tree: ast.Module) -> set[str]:
    """Names of the module that get a value by one statement of its own, outside loops and functions."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    stored = Counter(node.id for node in names)
    others = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    own = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            own.add(node.targets[0].id)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            own.add(node.target.id)
    # A local variable of the same name counts as a second: constants are written in another way.
    return {name for name in own if stored[name] == 1 and name not in others and not _is_type(name)}


def _is_type(name: str) -> bool:
    """`Value = str | bytes`."""
    letters = name.lstrip("_")
    return letters[:1].isupper() and not letters.isupper()


def _is_for_types(node: ast.ImportFrom) -> bool:
    names = [name.name for name in node.names]
    return (node.module, names) in (("typing", ["TYPE_CHECKING"]), ("__future__", ["annotations"]))


def _at_start(node: ast.expr, text: str) -> Edit:
    return node.lineno - 1, node.col_offset, node.col_offset, text


def _at_end(node: ast.expr, text: str) -> Edit:
    column = node.end_col_offset or 0
    return (node.end_lineno or node.lineno) - 1, column, column, text


def _without(node: ast.stmt, instead: str) -> Iterator[Edit]:
    """The statement's lines stay, so that what is behind it keeps its numbers."""
    last, end = (node.end_lineno or node.lineno) - 1, node.end_col_offset or 0
    for line in range(node.lineno - 1, last + 1):
        is_first = line == node.lineno - 1
        yield line, node.col_offset if is_first else 0, end if line == last else _END, instead if is_first else ""


_END = 1 << 20
"""Behind the last column of any line."""
