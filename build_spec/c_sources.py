"""The C of this repository: its dialect (.clang-format) and what gcc's analyzer finds on its paths.

python -m build_spec.c_sources          says what is wrong, and ends with 1 then
python -m build_spec.c_sources --write  formats the files
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("build_spec", "launcher", "runtime_wrappers", "src", "tests")
# What is shipped, each with what its own build says.
ANALYZED = {
    "launcher": ("-D_GNU_SOURCE", '-DAFTERCALL_VERSION="0"'),
    "runtime_wrappers/python/native": ("-DPy_LIMITED_API=0x03090000",),
    "runtime_wrappers/nodejs/native": ("-I.",),
    "src/aftercall/masking/compiled": ("-DPy_LIMITED_API=0x030b0000",),
}
FLAGS = ("-std=c11", "-O1", "-Wall", "-Werror", f"-isystem{sysconfig.get_path('include')}", "-c", "-o", os.devnull)
# gcc 12 takes a structure that a function behind a pointer returns for one that nobody has filled.
ANALYZER = ("-fanalyzer", "-Wno-analyzer-use-of-uninitialized-value")


def in_dialect(*, write: bool) -> bool:
    how = ("-i",) if write else ("--dry-run", "-Werror")
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]"))
    program = Path(sys.executable).with_name("clang-format")
    return subprocess.run([program, *how, *sorted(found)], cwd=ROOT, check=False).returncode == 0


def analyzed(folder: str, source: Path) -> str:
    """What gcc says of it."""
    command = [*_compiler(), *FLAGS, *ANALYZER, *ANALYZED[folder], source.name]
    return subprocess.run(command, cwd=ROOT / folder, capture_output=True, text=True, check=False).stderr


def _compiler() -> list[str]:
    return shlex.split(os.environ.get("CC", "cc"))


def is_gcc() -> bool:
    said = subprocess.run([*_compiler(), "--version"], capture_output=True, text=True, check=False).stdout
    return "Free Software Foundation" in said


def main() -> None:
    """Exit with 1 where something is wrong."""
    write = "--write" in sys.argv[1:]
    fine = in_dialect(write=write)
    if not write and is_gcc():  # clang has another analyzer
        sources = [(folder, source) for folder in ANALYZED for source in sorted((ROOT / folder).glob("*.c"))]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            said = "".join(pool.map(lambda each: analyzed(*each), sources))
        sys.stderr.write(said)
        fine = fine and not said
    sys.exit(not fine)


if __name__ == "__main__":
    main()
