"""Which of Lambda's bases a layer starts on: what its ELF files, packed ones included, ask of the system."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from build_spec import contents, elf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GLIBC = {"Amazon Linux 2": (2, 26), "Amazon Linux 2023": (2, 34)}
"""The C libraries of Lambda's bases: AL2 under python3.10/3.11 and java8/11/17, AL2023 under what is newer."""

LIBRARIES = frozenset(
    {
        "libc.so.6",
        "libm.so.6",
        "libdl.so.2",
        "libpthread.so.0",
        "librt.so.1",
        "libutil.so.1",
        "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1",
    }
)
"""Parts of glibc, so on every base. Nothing else is: bases differ, and images hold what their users put there."""


class Demand(NamedTuple):
    """What the whole layer asks for, and the file that asks for most."""

    glibc: tuple[int, ...]
    asked_by: str
    foreign: dict[str, str]
    """Shared library that is neither glibc's nor packed -> the file that needs it."""

    def lacking(self) -> Iterator[str]:
        """One sentence for each base that the layer does not start on."""
        for base, glibc in GLIBC.items():
            if glibc < self.glibc:
                yield f"{base} has glibc {dotted(glibc)}, {self.asked_by} asks for {dotted(self.glibc)}"
        for library, file in sorted(self.foreign.items()):
            yield f"no base is sure to have {library}, which {file} asks for"


def demand(tree: Path, unpacked: Path) -> Demand:
    """Of the layer that lies in `tree`; what the frozen extension holds is written to the folder `unpacked`."""
    found = [(name, elf.needs(path)) for path, name in _elf_files(tree, unpacked)]
    packed = {name.partition(" ")[0].rpartition("/")[2] for name, _ in found}
    foreign = {
        library: name for name, needs in found for library in needs.libraries if library not in LIBRARIES | packed
    }
    glibc, asked_by = max((needs.glibc, name) for name, needs in found)
    return Demand(glibc, asked_by, foreign)


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _elf_files(tree: Path, unpacked: Path) -> Iterator[tuple[str, str]]:
    """Path of every ELF file of the layer, with the name to show."""
    for path in sorted(tree.rglob("*")):
        if path.is_file() and elf.is_elf(str(path)):
            yield str(path), str(path.relative_to(tree))
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir(parents=True)
    for entry in contents.read(tree / "extensions" / "aftercall"):
        if entry.kind == contents.NATIVE:
            path = unpacked / entry.name
            path.write_bytes(entry.data)
            yield str(path), f"{entry.name} in extensions/aftercall"
