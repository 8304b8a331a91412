"""Compiles the scan of masking, src/aftercall/masking/compiled, to _scanner.abi3.so beside scanner.py.

`make environment` does it for the tests and for the command in a checkout; freezing does it for the layer. A wheel of
the project has none: there the scan in Python is used, which finds the same at a hundredth of the speed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from build_spec.extension_module import CompileError, compile_module

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "aftercall" / "masking" / "compiled"
TARGET = SOURCES.parent / "_scanner.abi3.so"
OLDEST = (3, 11)
"""Python: what pyproject.toml requires, and the first whose limited API has buffers."""

WARNINGS = ("-Wshadow", "-Wconversion", "-Wstrict-prototypes")


def make(cache: Path) -> None:
    """Compile, unless what is there was made of the same sources by the same compiler. `cache` keeps the note of it."""
    made_of = cache / "scanner"
    if TARGET.exists() and made_of.exists() and made_of.read_text() == _digest():
        return
    new = TARGET.with_suffix(f".{os.getpid()}")
    compile_module(new, list(SOURCES.glob("*.c")), folder=SOURCES, oldest=OLDEST, warnings=WARNINGS)
    new.replace(TARGET)
    cache.mkdir(parents=True, exist_ok=True)
    made_of.write_text(_digest())


def _digest() -> str:
    """Of all that goes into the shared object, and of itself: one that was copied from another machine is not ours."""
    files = [*sorted(SOURCES.iterdir()), Path(__file__), Path(__file__).with_name("extension_module.py")]
    of_files = b"".join(path.read_bytes() for path in files)
    variables = "".join(f"{name}={os.environ.get(name)};" for name in ("CC", "CFLAGS"))
    return hashlib.sha256(of_files + TARGET.read_bytes() + variables.encode() + sys.version.encode()).hexdigest()


def main() -> int:
    try:
        make(ROOT / ".cache")
    except CompileError as error:
        print(f"scanner: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
