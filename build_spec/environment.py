"""Makes the environments that the build and the tests run in, under .cache/ of the checkout and nowhere else.

Run by whatever python3 the machine has, so it is written for old ones too: a wrong one must end in a sentence, not in a
syntax error.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from typing import Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.path.join(ROOT, ".cache")
REQUIREMENTS = os.path.join(ROOT, "build_spec", "requirements")
OLDEST = (3, 11)


def missing_prerequisites() -> Iterator[str]:
    """One sentence for each thing that this script cannot install itself, with the command that does."""
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:2]))
        yield f"Python 3.11 or newer, {sys.executable} is {have}: name another with `make PYTHON=python3.12`"
        return
    if any(letter.isspace() for letter in ROOT):
        yield "a checkout without spaces in its path, since make cannot build in one: " + repr(ROOT)
    if not _has_module("venv") or not _has_module("ensurepip"):
        yield "python3 with venv: apt-get install python3-venv (Debian, Ubuntu)"
    include = sysconfig.get_path("include")
    if not os.path.exists(os.path.join(include, "Python.h")):
        yield f"Python.h, not in {include}: apt-get install python3-dev (Debian, Ubuntu), dnf install python3-devel"
    if not _has_shared_libpython():
        yield (
            f"a shared libpython for PyInstaller, {sys.executable} has none: apt-get install libpython3-dev "
            "(Debian, Ubuntu), or PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.13"
        )
    if not shutil.which(os.environ.get("CC", "cc").split()[0]):
        yield "a C compiler (cc): apt-get install build-essential (Debian, Ubuntu), dnf install gcc make"
    for tool in ("objcopy", "objdump", "ld"):
        if not shutil.which(tool):
            yield f"{tool}: apt-get install binutils (Debian, Ubuntu), dnf install binutils"
    if not shutil.which("ldd"):
        yield "ldd: apt-get install libc-bin (Debian, Ubuntu); aftercall is built on Linux with glibc"


def _has_shared_libpython() -> bool:
    folder, name = sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or "none"
    # Debian keeps it in a multi-arch folder below LIBDIR.
    places = (folder, os.path.join(folder, sysconfig.get_config_var("MULTIARCH") or ""))
    enabled = bool(sysconfig.get_config_var("Py_ENABLE_SHARED"))
    return enabled and any(os.path.exists(os.path.join(place, name)) for place in places)


def make(name: str) -> None:
    """Make .cache/<name> hold exactly what requirements/<name>.txt pins; nothing happens when it does."""
    folder = os.path.join(CACHE, name)
    pinned = os.path.join(REQUIREMENTS, name + ".txt")
    stamp = os.path.join(folder, ".pinned")
    wanted = _digest(pinned)
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return
    started = time.monotonic()
    print(f"environment: installing {os.path.relpath(pinned, ROOT)} into .cache/{name}", flush=True)
    if not os.path.exists(os.path.join(folder, "bin", "python")):
        # pip is pinned like all else; what ensurepip would bring takes ten seconds and is thrown away.
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", "--without-pip", folder])
    _install(folder, pinned)
    with open(stamp, "w") as file:
        file.write(wanted)
    print(f"environment: .cache/{name} is ready ({time.monotonic() - started:.0f} s)", flush=True)


def _install(folder: str, pinned: str) -> None:
    """By uv, which takes seconds; by pip where uv cannot (it does not read pip's own configuration)."""
    python = os.path.join(folder, "bin", "python")
    environment = dict(os.environ, UV_CACHE_DIR=os.path.join(CACHE, "uv-cache"), UV_NATIVE_TLS="1")
    environment.setdefault("UV_LINK_MODE", "copy")
    sync = [_uv(), "pip", "sync", "--quiet", "--require-hashes", "--python", python, pinned]
    if subprocess.call(sync, env=environment) != 0:
        print("environment: uv could not; trying with pip, which takes a minute or two", flush=True)
        subprocess.check_call([sys.executable, "-m", "venv", folder])
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pinned])
    if os.path.basename(folder) == "develop":
        # The command `aftercall`, from the sources.
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.check_call([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT])


def lock() -> None:
    """Pin the newest versions that requirements/*.in allow."""
    environment = dict(os.environ, UV_CACHE_DIR=os.path.join(CACHE, "uv-cache"), UV_NATIVE_TLS="1")
    compile_ = [_uv(), "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--universal"]
    compile_ += ["--python-version", ".".join(map(str, OLDEST)), "--no-emit-index-url", "--no-header", "--no-annotate"]
    for name in ("uv", "freeze", "mypyc", "models", "develop"):
        alone = ["--no-deps"] if name == "models" else []
        subprocess.check_call([*compile_, *alone, name + ".in", "-o", name + ".txt"], env=environment, cwd=REQUIREMENTS)


def _uv() -> str:
    folder = os.path.join(CACHE, "uv")
    program = os.path.join(folder, "bin", "uv")
    if not os.path.exists(program):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", folder])
        pinned = os.path.join(REQUIREMENTS, "uv.txt")
        pip = [os.path.join(folder, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.check_call([*pip, "--require-hashes", "-r", pinned])
    return program


def _has_module(name: str) -> bool:
    return subprocess.call([sys.executable, "-c", "import " + name], stderr=subprocess.DEVNULL) == 0


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read() + sys.version.encode()).hexdigest()


def main() -> int:
    missing = list(missing_prerequisites())
    for sentence in missing:
        print("aftercall needs: " + sentence, file=sys.stderr)
    if missing:
        return 1
    if sys.argv[1:] == ["--lock"]:
        lock()
        return 0
    for name in sys.argv[1:]:
        try:
            make(name)
        except subprocess.CalledProcessError as error:
            why = f"{error.cmd[0]} ended with status {error.returncode}; is the package registry reachable?"
            print(f"environment: .cache/{name} could not be made: {why}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
