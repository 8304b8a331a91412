"""Finds the modules that the build compiled (build_spec/compiled_modules.py). All are in one library.

They know each other's layout: either each of them is the compiled one or none is. So this finder goes before all
others, and before any of them is imported.
"""

from __future__ import annotations

import sys
from _frozen_importlib import ModuleSpec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType


class CompiledFinder:
    """`make`: makes the module of a name and runs it. `names`: those that it knows."""

    def __init__(self, make: Callable[[str], ModuleType], names: Iterable[str]) -> None:
        self._make = make
        self._names = frozenset(names)

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, origin=sys.executable) if name in self._names else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._make(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """It has run."""
