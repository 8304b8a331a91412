"""Compiles the package for the Python that runs this: `python3.12 bytecode.py FOLDER/_aftercall`.

Without bytecode for its Python a function's start takes some 15 ms more. The layer is read-only and its files' times
are the zip's, so the bytecode is never checked against its source. Its paths are relative: no path of the build machine
is in it, and the importer puts the real ones in.
"""

import os
import py_compile
import sys


def main(package: str) -> None:
    """Fill the `__pycache__` folders; raises py_compile.PyCompileError."""
    os.chdir(os.path.dirname(os.path.abspath(package)))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for folder, _, files in os.walk(os.path.basename(package)):
        for name in files:
            if name.endswith(".py"):
                py_compile.compile(os.path.join(folder, name), doraise=True, invalidation_mode=mode)


if __name__ == "__main__":
    main(sys.argv[1])
