"""The scan of a text: the compiled one where it is there, as in the layer, else the one in Python.

Both find the same. A wheel of the project has no compiled one: `aftercall check` can wait for the other.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from aftercall.masking.scan import DENSE, NUMBERS, Scan
from aftercall.masking.scan import scan as scan_in_python
from aftercall.masking.word import NOTHING

try:
    from aftercall.masking import _scanner
except ImportError:
    compiled = None
else:
    compiled = _scanner

if TYPE_CHECKING:
    from aftercall.masking.scan import Vocabulary
    from aftercall.masking.word import Word


def scan(text: bytes, vocabulary: Vocabulary, min_any: int, known: dict[bytes, Word] | None = None) -> Scan:
    """`known`: verdicts on words. Those that are known to be nothing, as most are, are left out.

    But a number is one by what stands behind it, and a segment of a URL by what is before it.
    """
    if compiled is None:
        scanned = scan_in_python(text, vocabulary, min_any)
        if known:
            scanned.words = _without_nothing(text, scanned.words, known)
        return scanned
    *columns, words, seen = compiled.scan(text, vocabulary.names, vocabulary.starts, min_any)
    if known:
        compiled.drop_nothing(text, words, known, NOTHING)
    return Scan([_numbers(column) for column in columns], _numbers(words), seen)


def _without_nothing(text: bytes, words: memoryview[int], known: dict[bytes, Word]) -> memoryview[int]:
    kept = array("I")
    for at in range(0, len(words), 4):
        start, end, _, flags = word = words[at : at + 4]
        may_be_itself = flags & NUMBERS or (flags & DENSE and text[start - 1 : start] == b"/")
        if may_be_itself or known.get(text[start:end]) is not NOTHING:
            kept.extend(word)
    return memoryview(kept)


_NONE = memoryview(b"").cast("I")
"""Most headers and messages have no span: the views of nothing would take longer than their scan."""


def _numbers(column: bytearray) -> memoryview[int]:
    return memoryview(column).cast("I") if column else _NONE
