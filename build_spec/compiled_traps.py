"""What mypyc compiles into another program than Python runs, found in a module's source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Trap = tuple[int, str]
    """The line, and what is wrong there with its remedy."""

_SLICE = "mypyc takes a slice object for a number: write the slice itself"
_STALE = "self.{} is asked, and may be another when it is read behind a call: take it into a variable first"


def traps(tree: ast.Module) -> Iterator[Trap]:
    yield from _slice_objects(tree)
    yield from _stale_answers(tree)


def _slice_objects(tree: ast.Module) -> Iterator[Trap]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return ((node.lineno, _SLICE) for node in names if node.id == "slice")


def _stale_answers(tree: ast.Module) -> Iterator[Trap]:
    """An attribute is asked for None, and read behind a call of a method, while other methods assign it.

    The answer is believed until the function itself assigns the attribute: where it is wrong by then, what reads it
    raises TypeError.
    """
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        methods = [node for node in owner.body if isinstance(node, ast.FunctionDef)]
        for method in methods:
            others = (other for other in methods if other is not method and other.name != "__init__")
            changed = {name for other in others for name, _ in _of_self(other, ast.Store)}
            yield from _stale_in(method, changed)


def _stale_in(method: ast.FunctionDef, changed: set[str]) -> Iterator[Trap]:
    calls = [node.lineno for node in ast.walk(method) if isinstance(node, ast.Call) and _is_of_self(node.func)]
    for branch in (node for node in ast.walk(method) if isinstance(node, (ast.If, ast.While))):
        first, last = branch.body[0].lineno, branch.end_lineno or 0
        if isinstance(branch.body[-1], (ast.Return, ast.Raise, ast.Continue)):  # what is behind it knows the answer
            first, last = last + 1, method.end_lineno or 0
        within = [line for line in calls if first <= line <= last]
        earliest = first - 1 if isinstance(branch, ast.While) else min(within, default=last)
        for name, line in _of_self(method, ast.Load):
            if within and name in _asked(branch.test) & changed and earliest < line <= last:
                yield line, _STALE.format(name)


def _asked(test: ast.expr) -> set[str]:
    """Attributes that the condition compares with None, or takes for true or false."""
    parts = test.values if isinstance(test, ast.BoolOp) else [test]
    parts = [part.operand if isinstance(part, ast.UnaryOp) else part for part in parts]
    parts = [part.left if isinstance(part, ast.Compare) and _is_none(part.comparators[0]) else part for part in parts]
    return {part.attr for part in parts if isinstance(part, ast.Attribute) and _is_of_self(part)}


def _of_self(tree: ast.AST, context: type[ast.expr_context]) -> Iterator[tuple[str, int]]:
    """Attributes of self that are read or assigned, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_of_self(node) and isinstance(node.ctx, context):
            yield node.attr, node.lineno


def _is_of_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
