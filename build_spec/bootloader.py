"""PyInstaller's bootloader, compiled with the launcher and the frozen contents inside.

The launcher's object file has a constructor function; linked into the bootloader it runs before anything of PyInstaller
does, so that the extension is registered before a byte of Python is read. The contents' object has modules, native
libraries, and the `dlopen` that finds them. The bootloader's build honours LDFLAGS, so nothing is patched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import PyInstaller

ROOT = Path(__file__).resolve().parents[1]
SDIST_SHA256 = {"6.22.3": "05eb2f5615503e72939a7224d68b4aff572c6b0438ee4a17d0a4b481f399362d"}
"""PyInstaller's version in build_spec/requirements.txt -> its sdist, whose bootloader/ is compiled."""


class BuildError(Exception):
    """The build cannot go on; the message names what is missing and the command that mends it."""


def build(cache: Path, contents: Path) -> Path:
    """Compile what has changed, return the path of the bootloader. `contents` is what build_spec/contents.py packed."""
    objects = _objects(cache, contents)
    sdist = _unpacked_sdist(cache)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in objects) + sys.version.encode()).hexdigest()[:16]
    bootloader = cache / f"bootloader-{PyInstaller.__version__}-{digest}"
    if not bootloader.exists():
        _compile(sdist, objects)
        for outdated in cache.glob("bootloader-*"):
            outdated.unlink()
        # One platform's folder holds what was just compiled; the sdist brings those of other systems only.
        (compiled,) = (sdist / "PyInstaller" / "bootloader").glob("Linux-*/run")
        shutil.copy2(compiled, bootloader.with_suffix(".new"))
        bootloader.with_suffix(".new").rename(bootloader)
    return bootloader


def _objects(cache: Path, contents: Path) -> list[Path]:
    build = cache / "launcher"
    variables = [f"BUILD={build}", f"CONTENTS={contents}", f"PYTHON_INCLUDE={sysconfig.get_path('include')}"]
    _run(["make", "-s", "-C", str(ROOT / "launcher"), "object", "contents", *variables], "the launcher")
    return [build / "launcher.o", build / "contents.o"]


def _compile(sdist: Path, objects: list[Path]) -> None:
    # Before glibc 2.34 these two were libraries of their own.
    flags = " ".join([*map(str, objects), "-ldl", "-lpthread"])
    environment = dict(os.environ, LDFLAGS=flags, PYI_STATIC_ZLIB="1")
    shutil.rmtree(sdist / "bootloader" / "build", ignore_errors=True)
    command = [sys.executable, "./waf", "configure", "build_release", "install_release"]
    _run(command, "PyInstaller's bootloader", cwd=sdist / "bootloader", env=environment)


def _unpacked_sdist(cache: Path) -> Path:
    version = PyInstaller.__version__
    folder = cache / f"pyinstaller-{version}"
    if not folder.exists():
        archive = _sdist(cache, version)
        with tarfile.open(archive) as tar:
            tar.extractall(cache / "unpacking")  # noqa: S202 - its hash was checked; 3.11.2 knows no filter
        (cache / "unpacking" / folder.name).rename(folder)
    return folder


def _sdist(cache: Path, version: str) -> Path:
    archive = cache / f"pyinstaller-{version}.tar.gz"
    if not archive.exists():
        # What builds its metadata may come as wheels: built from source as well, it takes most of a frozen build.
        options = ["--quiet", "--no-deps", "--no-binary", "pyinstaller", "--dest", str(cache)]
        command = [sys.executable, "-m", "pip", "download", *options, f"pyinstaller=={version}"]
        # pip asks a sdist for its metadata, and for that this one compiles its bootloader, unless told of a platform
        # whose bootloader it brings.
        environment = dict(os.environ, PYI_PLATFORM="Darwin-64bit")
        _run(command, "PyInstaller's sdist (from the package registry)", env=environment)
    expected, found = SDIST_SHA256.get(version), hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != expected:
        raise BuildError(f"{archive.name} has SHA-256 {found}, expected {expected}: pin it in build_spec/bootloader.py")
    return archive


def _run(command: list[str], what: str, **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise BuildError(f"building {what} failed with status {done.returncode} ({' '.join(command)}):\n{tail}")
