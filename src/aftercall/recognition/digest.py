"""SHA-256 by CPython's own native module: `hashlib` would load OpenSSL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

try:
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found] # before Python 3.12
    except ImportError:
        from hashlib import sha256


def digest_of(parts: Iterable[bytes]) -> str:
    """The first 32 hexadecimal digits of the hash over the parts, joined by `|`."""
    return str(sha256(b"|".join(parts)).hexdigest())[:32]
