"""Documents as well-known services publish them, written anew: facts and shapes.

Two halves: whoever writes the rules reads `seen` alone, and never `unseen`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from tests.masking.services.shapes import with_escaped

if TYPE_CHECKING:
    from tests.masking.services.shapes import Document

HALVES = ("seen", "unseen")


def services(half: str) -> dict[str, tuple[Document, ...]]:
    """By name, what each service of this half sends."""
    package = import_module(f"{__name__}.{half}")
    found: dict[str, tuple[Document, ...]] = {}
    for module in iter_modules(package.__path__):
        found.update(import_module(f"{package.__name__}.{module.name}").SERVICES)
    return {name: with_escaped(documents) for name, documents in found.items()}
