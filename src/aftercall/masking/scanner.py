"""The scan of a text: the compiled one where it is there, as in the layer, else the one in Python.

Both find the same. A wheel of the project has no compiled one: `aftercall check` can wait for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking.scan import Scan
from aftercall.masking.scan import scan as scan_in_python

try:
    from aftercall.masking import _scanner
except ImportError:
    compiled = None
else:
    compiled = _scanner.scan

if TYPE_CHECKING:
    from aftercall.masking.scan import Vocabulary


def scan(text: bytes, vocabulary: Vocabulary, min_any: int) -> Scan:
    if compiled is None:
        return scan_in_python(text, vocabulary, min_any)
    *columns, words, seen = compiled(text, vocabulary.names, vocabulary.starts, min_any)
    return Scan([_numbers(column) for column in columns], _numbers(words), seen)


_NONE = memoryview(b"").cast("I")
"""Most headers and messages have no span: the views of nothing would take longer than their scan."""


def _numbers(column: bytearray) -> memoryview[int]:
    return memoryview(column).cast("I") if column else _NONE
