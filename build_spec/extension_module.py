"""Compiles shared objects that a runtime loads.

An extension module in Python's limited API is one for all Pythons from an oldest one on: the wrapper's part in C and
the scan of masking. An add-on in Node-API is one for all releases of Node.js. CC and CFLAGS are honoured. The C library
that the compiler links against is the oldest that the module runs on; the add-on names none.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WARNINGS = ("-Wall", "-Wextra", "-Werror")
# Hidden but for PyInit: what the module shares inside must not meet a symbol of the function's own libraries.
COMPILE = ("-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-DNDEBUG")
LINK = ("-shared", "-Wl,--build-id=none", "-Wl,-s")
# No start files, no library, no helper of the compiler's: what it calls is found in what the process has loaded, be
# that glibc or musl.
ADDON = ("-nostdlib", "-fno-stack-protector", "-Wshadow", "-Wconversion", "-Wstrict-prototypes")


class CompileError(Exception):
    """One line that says what is missing and what to do."""


def compile_module(
    target: Path, sources: Sequence[Path], *, folder: Path, oldest: tuple[int, int], warnings: Sequence[str] = ()
) -> None:
    """Write the shared object `target`. `folder`: of the sources, so that no path of this machine gets in."""
    limited = f"-DPy_LIMITED_API=0x{oldest[0]:02x}{oldest[1]:02x}0000"
    _compile(target, sources, folder, [limited, *warnings, f"-isystem{python_headers()}", *LINK])


def compile_addon(target: Path, sources: Sequence[Path], *, folder: Path, headers: Path) -> None:
    """The same of an add-on. `headers` is the folder of node_api.h."""
    _compile(target, sources, folder, [*ADDON, f"-I{headers}", *LINK])


def _compile(target: Path, sources: Sequence[Path], folder: Path, more: Sequence[str]) -> None:
    # In one call and in a fixed order: the same bytes each time. From the folder, so that no path gets in:
    # -ffile-prefix-map needs gcc 8, and Amazon Linux 2 has 7.
    names = sorted(os.path.relpath(source, folder) for source in sources)
    command = [*_command(), *names, *more, "-o", str(target.resolve())]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.stderr.write(finished.stderr)
        raise CompileError(f"{command[0]} could not compile {target.name} (its own words stand above)")


def _command() -> list[str]:
    return [*compiler(), *COMPILE, *WARNINGS, *shlex.split(os.environ.get("CFLAGS", ""))]


def compiler() -> list[str]:
    command = shlex.split(os.environ.get("CC", "cc"))
    if not shutil.which(command[0]):
        raise CompileError(f"no C compiler: {command[0]} is not on PATH; install gcc, or name one with CC")
    return command


def python_headers() -> str:
    headers = sysconfig.get_path("include")
    if not Path(headers, "Python.h").exists():
        raise CompileError(f"{headers}/Python.h is missing: install python3-dev, or build with another Python")
    return headers
