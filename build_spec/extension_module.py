"""Compiles an extension module in Python's limited API: one shared object for all Pythons from an oldest one on.

The wrapper's part in C and the scan of masking are compiled by this. CC and CFLAGS are honoured. The C library that the
compiler links against is the oldest that the module runs on.
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


class CompileError(Exception):
    """One line that says what is missing and what to do."""


def compile_module(
    target: Path, sources: Sequence[Path], *, folder: Path, oldest: tuple[int, int], warnings: Sequence[str] = ()
) -> None:
    """Write the shared object `target`. `folder`: of the sources, so that no path of this machine gets in."""
    command = _command(oldest)
    command += [*warnings, f"-ffile-prefix-map={folder}=.", f"-isystem{_headers()}"]
    # In one call and in a fixed order: the same bytes each time.
    command += [*map(str, sorted(sources)), *LINK, "-o", str(target)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.stderr.write(finished.stderr)
        raise CompileError(f"{command[0]} could not compile {target.name} (its own words stand above)")


def _command(oldest: tuple[int, int]) -> list[str]:
    compiler = shlex.split(os.environ.get("CC", "cc"))
    if not shutil.which(compiler[0]):
        raise CompileError(f"no C compiler: {compiler[0]} is not on PATH; install gcc, or name one with CC")
    limited = f"-DPy_LIMITED_API=0x{oldest[0]:02x}{oldest[1]:02x}0000"
    return [*compiler, *COMPILE, limited, *WARNINGS, *shlex.split(os.environ.get("CFLAGS", ""))]


def _headers() -> str:
    headers = sysconfig.get_path("include")
    if not Path(headers, "Python.h").exists():
        raise CompileError(f"{headers}/Python.h is missing: install python3-dev, or build with another Python")
    return headers
