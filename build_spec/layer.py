"""Builds the layer: the frozen extension and the wrappers, in one zip whose bytes depend on nothing but its content.

dist/aftercall-layer-<arch>.zip
    extensions/aftercall      one file and nothing else in this folder
    aftercall/wrapper         for AWS_LAMBDA_EXEC_WRAPPER
    aftercall/<runtime>/      each runtime's wrapper script and hooks
"""

from __future__ import annotations

import argparse
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import elf

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LAMBDA_GLIBC = {"Amazon Linux 2": (2, 26), "Amazon Linux 2023": (2, 34)}
"""The C libraries of Lambda's bases: AL2 under python3.10/3.11 and java8/11/17, AL2023 under what is newer."""

EPOCH = (2000, 1, 1, 0, 0, 0)
"""One time for all entries: a zip knows none before 1980, and build times would change its bytes."""


def build(cache: Path, dist: Path) -> Path:
    """Build everything that goes into the layer, return the zip's path."""
    tree = cache / "layer"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "extensions").mkdir(parents=True)
    say("freezing the extension, launcher inside")
    frozen = ["--out", str(tree / "extensions" / "aftercall"), "--cache", str(cache)]
    _python(cache / "freeze", "-m", "build_spec.freeze", *frozen)
    say("building the Python wrapper")
    wrappers = tree / "aftercall"
    wrappers.mkdir()
    shutil.copy2(ROOT / "runtime_wrappers" / "wrapper", wrappers / "wrapper")
    out = ["--out", str(wrappers / "python"), "--cache", str(cache / "downloads")]
    _python(cache / "freeze", "runtime_wrappers/python/build.py", *out)
    dist.mkdir(parents=True, exist_ok=True)
    layer = dist / f"aftercall-layer-{elf.machine(str(tree / 'extensions' / 'aftercall'))}.zip"
    _zip(tree, layer)
    report(tree, layer, unpacked=cache / "frozen-contents")
    return layer


def _python(venv: Path, *arguments: str) -> None:
    subprocess.run([str(venv / "bin" / "python"), *arguments], check=True, cwd=ROOT)


def _zip(tree: Path, layer: Path) -> None:
    new = layer.with_suffix(".new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), EPOCH)
            mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            entry.create_system = 3  # Unix, so that the mode counts
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    new.replace(layer)


def report(tree: Path, layer: Path, unpacked: Path) -> None:
    """Say what was built, how large its parts are, and where it can run."""
    print(f"\n{layer.relative_to(ROOT) if layer.is_relative_to(ROOT) else layer}  {_mb(layer.stat().st_size)}")
    with zipfile.ZipFile(layer) as archive:
        groups: dict[str, list[zipfile.ZipInfo]] = {}
        for entry in archive.infolist():
            groups.setdefault("/".join(entry.filename.split("/")[:2]), []).append(entry)
    for name, entries in groups.items():
        zipped, plain = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
        print(f"  {name:24} {_mb(zipped):>9} zipped {_mb(plain):>9} unpacked, files: {len(entries)}")
    oldest, culprit = max((elf.needs(path).glibc, name) for path, name in _elf_files(tree, unpacked))
    print(f"  oldest glibc: {_dotted(oldest)} (asked for by {culprit})")
    for base, glibc in LAMBDA_GLIBC.items():
        verdict = "has it" if glibc >= oldest else "DOES NOT have it: this layer runs in the local sandbox only"
        print(f"  {base} (glibc {_dotted(glibc)}) {verdict}")


def _elf_files(tree: Path, unpacked: Path) -> Iterator[tuple[str, str]]:
    """Every ELF file of the layer, those packed in the frozen extension included, with the name to show."""
    extension = tree / "extensions" / "aftercall"
    for path in sorted(tree.rglob("*")):
        if path.is_file() and elf.is_elf(str(path)):
            yield str(path), str(path.relative_to(tree))
    shutil.rmtree(unpacked, ignore_errors=True)
    for name, data in _packed_files(extension):
        if data.startswith(elf.ELF_MAGIC):
            path = unpacked / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            yield str(path), f"{name} in extensions/aftercall"


def _packed_files(frozen: Path) -> Iterator[tuple[str, bytes]]:
    """What PyInstaller packed into the executable, by PyInstaller's own reader in the environment that has it."""
    script = (
        "import sys, pickle; from PyInstaller.archive.readers import CArchiveReader as Reader\n"
        "archive = Reader(sys.argv[1]); names = [name for name, entry in archive.toc.items() if entry[4] == 'b']\n"
        "pickle.dump([(name, archive.extract(name)) for name in names], sys.stdout.buffer)"
    )
    import pickle  # noqa: PLC0415 - only while building

    python = ROOT / ".cache" / "freeze" / "bin" / "python"
    output = subprocess.run([str(python), "-c", script, str(frozen)], check=True, capture_output=True).stdout
    yield from pickle.loads(output)  # noqa: S301 - our own child's words


def _mb(size: int) -> str:
    return f"{size / 1e6:.2f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


STARTED = time.monotonic()


def say(what: str) -> None:
    print(f"layer: {what} ({time.monotonic() - STARTED:.0f} s)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache", help="folder for what can be used again")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="folder for the zip")
    options = parser.parse_args()
    try:
        build(options.cache.resolve(), options.dist.resolve())
    except subprocess.CalledProcessError as error:
        print(f"layer: {' '.join(error.cmd[1:3])} ended with status {error.returncode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
