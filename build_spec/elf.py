"""What an ELF file asks of the system that starts it, read with binutils' objdump."""

from __future__ import annotations

import re
import subprocess
from typing import NamedTuple

ELF_MAGIC = b"\x7fELF"
MACHINES = {62: "x86_64", 183: "arm64"}
"""e_machine -> the architecture's name in layers and in `aws lambda`'s options (EM_X86_64, EM_AARCH64)."""


class Needs(NamedTuple):
    """Highest glibc symbol version, (2, 17) for GLIBC_2.17, and the names of the shared libraries."""

    glibc: tuple[int, ...]
    libraries: tuple[str, ...]


def is_elf(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(4) == ELF_MAGIC


def machine(path: str) -> str:
    """`x86_64`, `arm64`, or the number of another machine."""
    with open(path, "rb") as file:
        number = int.from_bytes(file.read(20)[18:20], "little")
    return MACHINES.get(number, str(number))


def needs(path: str) -> Needs:
    dump = subprocess.run(["objdump", "-p", path], check=True, capture_output=True, text=True).stdout
    versions = [tuple(map(int, found.split("."))) for found in re.findall(r"\bGLIBC_(\d[\d.]*)", dump)]
    return Needs(max(versions, default=(0,)), tuple(re.findall(r"^\s+NEEDED\s+(\S+)$", dump, re.MULTILINE)))
