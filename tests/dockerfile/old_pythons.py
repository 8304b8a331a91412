"""CPythons for an old C library, put into a root: Maven's org.bytedeco:cpython, for tests alone (it is of 2023)."""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

from tests import pythons

MACHINES = {"x86_64": "linux-x86_64", "arm64": "linux-arm64"}


def put_into(prefix: Path, version: str, architecture: str) -> None:
    """Copy it, and mend what its build machine left in it."""
    if architecture == "arm64":
        with tempfile.TemporaryDirectory() as scratch:
            _copy(_unpacked_for_arm64(version, Path(scratch)), prefix, version)
        let_start_on_glibc_2_26(prefix / "lib" / f"libpython{version}.so.1.0")
    else:
        _copy(pythons.unpacked(version), prefix, version)


def _copy(home: Path, prefix: Path, version: str) -> None:
    for name in ("bin", "include", "lib"):
        shutil.copytree(home / name, prefix / name, symlinks=True, dirs_exist_ok=True)
    for library in home.glob("lib*.so*"):
        shutil.copy(library, prefix / "lib" / library.name)
    (prefix / "bin" / "python3").unlink(missing_ok=True)
    (prefix / "bin" / "python3").symlink_to(f"python{version}")
    (data,) = (prefix / "lib" / f"python{version}").glob("_sysconfigdata*.py")
    built_in = r"'/(?:__w|projects)/[^']*/linux-(?:x86_64|arm64)(/lib)?'"
    data.write_text(re.sub(built_in, r"'/usr/local\1'", data.read_text()))
    for stale in data.parent.glob("__pycache__/_sysconfigdata*"):
        stale.unlink()


def _unpacked_for_arm64(version: str, folder: Path) -> Path:
    with zipfile.ZipFile(pythons.download(version, str(folder), MACHINES["arm64"])) as archive:
        archive.extractall(folder)
    home = folder / "org/bytedeco/cpython" / MACHINES["arm64"]
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    return home


# ELF for 64 bits (System V ABI; LSB, "Symbol Versioning"): section types, and the layout of what is changed.
DYNAMIC_SYMBOLS, VERSIONS, VERSIONS_NEEDED = 11, 0x6FFFFFFF, 0x6FFFFFFE
SECTION = struct.Struct("<IIQQQQIIQQ")  # name, type, flags, address, offset, size, link, info, alignment, entry size
NEED = struct.Struct("<HHIII")  # version, count, file, first aux, next need
AUX = struct.Struct("<IHHII")  # hash, flags, index, name, next aux
SYMBOL_SIZE, SYMBOL_INFO = 24, 4
WEAK = 2


def let_start_on_glibc_2_26(library: Path) -> None:
    """Let arm64's libpython start on Lambda's oldest C library, though it was linked with glibc 2.27.

    Two functions ask for that, copy_file_range and memfd_create, which nothing in the layer calls: they become weak,
    so that a C library without them is no error, and ask for 2.17, where all of arm64 began.
    """
    data = bytearray(library.read_bytes())
    (table,) = struct.unpack_from("<Q", data, 40)
    (count,) = struct.unpack_from("<H", data, 60)
    sections = [SECTION.unpack_from(data, table + index * SECTION.size) for index in range(count)]
    symbols, versions, needed = (
        next(section for section in sections if section[1] == kind)
        for kind in (DYNAMIC_SYMBOLS, VERSIONS, VERSIONS_NEEDED)
    )
    names = sections[needed[6]][4]
    newer = set()
    need = needed[4]
    while True:
        _, entries, _, first, following = NEED.unpack_from(data, need)
        auxes = [need + first]
        for _ in range(entries - 1):
            auxes.append(auxes[-1] + AUX.unpack_from(data, auxes[-1])[4])
        texts = {aux: _text(data, names + AUX.unpack_from(data, aux)[3]) for aux in auxes}
        old = next((AUX.unpack_from(data, aux) for aux, text in texts.items() if text == "GLIBC_2.17"), None)
        for aux, text in texts.items():
            if old and text == "GLIBC_2.27":
                _, flags, index, _, next_aux = AUX.unpack_from(data, aux)
                AUX.pack_into(data, aux, old[0], flags, index, old[3], next_aux)
                newer.add(index)
        if not following:
            break
        need += following
    for number in range(versions[5] // 2):
        if struct.unpack_from("<H", data, versions[4] + 2 * number)[0] & 0x7FFF in newer:
            info = symbols[4] + number * SYMBOL_SIZE + SYMBOL_INFO
            data[info] = WEAK << 4 | data[info] & 0xF
    library.write_bytes(data)


def _text(data: bytearray, offset: int) -> str:
    return data[offset : data.index(0, offset)].decode()
