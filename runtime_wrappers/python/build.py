"""Builds the folder `aftercall` of the layer for Python: both wrapper scripts, the package, its native parts, bytecode.

    python build.py --out .cache/python-wrapper

leaves DIR/wrapper (picks a runtime), DIR/python/{wrapper,start.py,_aftercall/}. The same sources and compiler give the
same bytes. CC, CFLAGS and STRIP are honoured. wrapt's C parts come from its wheels, by `pip download` with pinned
hashes, and stay in --cache: a second run needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from build_spec import extension_module, pythons

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
TAGS = ("cp39", "cp310", "cp311", "cp312", "cp313", "cp314")
# Its C part has wheels for all of these, and for 3.15 when that comes; it is loaded without the rest of wrapt.
WRAPT = "wrapt==2.5.2"
WRAPT_HASHES = {
    "x86_64": {
        "cp39": "8581eab7cb0a3bc6e8c8f64f853a1a814664d71f7ca74efb3011b4df2a40314b",
        "cp310": "0fa61d2f1033039aa47f8f1b4e076ca3c9d0fc08e448c4b1bd06d8b59da89cbf",
        "cp311": "0743950d3dda9940e56f81f5334ba051c4fe2e1421e4e4a4ef8eb8fb86a90894",
        "cp312": "092472b7b1494deef40dac5e9f6295013a9d51b112b5fbc4350f64dc2574e46a",
        "cp313": "8b039b3a296762db1908d6108365225393c4fb33c1dbc5f00aa36f8302eaeaa0",
        "cp314": "59b7e6d1dea7c3f38bab21954f587499c27c16ea537058eee4add6e4da1780ea",
    },
    "aarch64": {
        "cp39": "d8dc92a832446351ce3bf5876aa558e4f6b456ca0613d02969ce0db4762394b2",
        "cp310": "51465dcbab69d9c02e8ca943befa1eabc37ccb07f9335c240d78a78330285a2d",
        "cp311": "594c6d10b9cfb951a09f7338531a41d31194e7eee9dee206c0a8992421682719",
        "cp312": "d108bd98ab2c5ccbf55cf2154e0a73341df930030df2e01ee35d71a44a99d3ad",
        "cp313": "e1af6136ac5bcfab17190a70b25d8437eb8d8f9ca2b821a0655d39275a8cb7e7",
        "cp314": "cfd508866c421687a99bed9ce5b7b4f26fd9b93d3753685d81947ab37d54c496",
    },
}


class BuildError(Exception):
    """One line that says what is missing and what to do."""


def main() -> None:
    """Exit with 1 and one line on stderr where something is missing."""
    options = parse_arguments()
    try:
        build(options)
    except BuildError as error:
        sys.exit(f"build.py: {error}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder to fill; an earlier build is replaced")
    parser.add_argument(
        "--cache",
        type=Path,
        default=REPOSITORY / ".cache/downloads",
        help="where wrapt's wheels are kept (default: %(default)s)",
    )
    parser.add_argument(
        "--arch",
        choices=sorted(WRAPT_HASHES),
        default=platform.machine(),
        help="the layer's architecture (default: %(default)s)",
    )
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="PATH",
        help="an interpreter to precompile for; may be repeated (default: each python3.N on PATH or in pyenv)",
    )
    return parser.parse_args()


def build(options: argparse.Namespace) -> None:
    """Fill a folder beside --out and put it in its place, so that a failed build leaves the earlier one."""
    check_replaceable(options.out)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent, prefix=".building-") as scratch:
        folder = Path(scratch, "aftercall")
        copy_sources(folder)
        package = folder / "python/_aftercall"
        compile_native(package / "_native.abi3.so", options.arch)
        for wheel in wrapt_wheels(options.cache, options.arch):
            unpack_wrapt(wheel, package / "wrapt")
        for python in options.python or found_pythons():
            precompile(python, package)
        if options.arch == platform.machine():
            check_loads(folder / "python")
        normalise(folder)
        if not is_same(folder, options.out):
            put_in_place(folder, options.out)


def check_replaceable(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / "python/start.py").exists():
        raise BuildError(f"--out {out} is not empty and was not built by this program: name another folder")


# ---- sources ----


def copy_sources(folder: Path) -> None:
    """Both wrapper scripts, start.py and the package, without what other interpreters have left there."""
    python = folder / "python"
    python.mkdir(parents=True)
    shutil.copy(HERE.parent / "wrapper", folder / "wrapper")
    for name in ("wrapper", "start.py"):
        shutil.copy(HERE / name, python / name)
    shutil.copytree(HERE / "_aftercall", python / "_aftercall", ignore=shutil.ignore_patterns("__pycache__", "*.so"))


# ---- _native ----


def compile_native(target: Path, arch: str) -> None:
    """One shared object for all Pythons from 3.9 on, and for glibc 2.17 and later."""
    try:
        extension_module.compile_module(target, list((HERE / "native").glob("*.c")), folder=HERE, oldest=(3, 9))
    except extension_module.CompileError as error:
        raise BuildError(str(error)) from error
    if elf_machine(target) != arch:
        raise BuildError(f"the compiler makes {elf_machine(target)}, not --arch {arch}: name a cross compiler with CC")


def elf_machine(path: Path) -> str:
    """The architecture of an ELF file: e_machine at offset 18."""
    machine = int.from_bytes(path.read_bytes()[18:20], "little")
    return {62: "x86_64", 183: "aarch64"}.get(machine, f"ELF machine {machine}")


# ---- wrapt ----


def wrapt_wheels(cache: Path, arch: str) -> list[Path]:
    """The wheels of all Pythons, from the cache or downloaded into it."""
    hashes = WRAPT_HASHES[arch]
    cache.mkdir(parents=True, exist_ok=True)
    found = cached_wheels(cache, hashes)
    for tag in TAGS:
        if tag not in found:
            download(cache, arch, tag, hashes[tag])
    found = cached_wheels(cache, hashes)
    missing = [tag for tag in TAGS if tag not in found]
    if missing:
        names = ", ".join(missing)
        raise BuildError(
            f"{WRAPT} for {names} on {arch} is not in {cache} with its pinned hash: empty that folder and try again"
        )
    return [found[tag] for tag in TAGS]


def cached_wheels(cache: Path, hashes: dict[str, str]) -> dict[str, Path]:
    """Tag -> wheel, of those whose hash is right."""
    tags = {digest: tag for tag, digest in hashes.items()}
    wheels = ((hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel) for wheel in sorted(cache.glob("wrapt-*.whl")))
    return {tags[digest]: wheel for digest, wheel in wheels if digest in tags}


def download(cache: Path, arch: str, tag: str, digest: str) -> None:
    """By pip, since it knows the user's index, proxy and certificates."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.write(f"{WRAPT} --hash=sha256:{digest}\n")
        requirements.flush()
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--require-hashes", f"--requirement={requirements.name}", f"--dest={cache}"]
        command += ["--only-binary=:all:", f"--python-version={tag[2]}.{tag[3:]}", f"--abi={tag}"]
        command += [f"--platform={name}_{arch}" for name in ("manylinux2014", "manylinux_2_17", "manylinux_2_28")]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise BuildError(
            f"{WRAPT} for {tag} could not be downloaded (is there a network, and pip in {sys.executable}?):"
            f" {last_line(finished.stderr)}"
        )


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


# The C part asks `wrapt.exceptions` for one class, and would find the function's own wrapt, or none.
INITIALISER = f'''"""The C part of {WRAPT.replace("==", " ")} (see LICENSE), under a name of our own."""

import sys


class WrapperNotInitializedError(ValueError):
    """As in wrapt.exceptions."""


theirs = {{name: sys.modules[name] for name in ("wrapt", "wrapt.exceptions") if name in sys.modules}}
sys.modules["wrapt"] = sys.modules["wrapt.exceptions"] = sys.modules[__name__]
try:
    from . import _wrappers
finally:
    del sys.modules["wrapt"], sys.modules["wrapt.exceptions"]
    sys.modules.update(theirs)
'''


def unpack_wrapt(wheel: Path, package: Path) -> None:
    """Only `_wrappers`: wrapt's Python files would leave frames, and cost their import."""
    package.mkdir(exist_ok=True)
    initialiser = package / "__init__.py"
    if not initialiser.exists():
        initialiser.write_text(INITIALISER)
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if re.fullmatch(r"wrapt/_wrappers\.[^/]*\.so", name)]
        library = package / name.rpartition("/")[2]
        library.write_bytes(archive.read(name))
        (text,) = [name for name in archive.namelist() if name.endswith("/LICENSE")]
        package.joinpath("LICENSE").write_bytes(archive.read(text))
    strip(library)


def strip(library: Path) -> None:
    """Without what debuggers read, which is three quarters of it."""
    command = [os.environ.get("STRIP", "strip"), "--strip-unneeded", str(library)]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BuildError(f"no {command[0]}: install binutils, or name one with STRIP") from None
    if finished.returncode:
        raise BuildError(
            f"{command[0]} cannot read {library.name} ({last_line(finished.stderr)}): name another with STRIP"
        )


# ---- bytecode ----


def found_pythons() -> list[str]:
    """Interpreters to precompile for."""
    return [found for version in pythons.VERSIONS if (found := pythons.on_machine(version))]


def precompile(python: str, package: Path) -> None:
    finished = subprocess.run(
        [python, "-S", str(HERE / "bytecode.py"), str(package)], capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise BuildError(f"{python} cannot compile the package: {last_line(finished.stderr)}")


# ---- the result ----


def check_loads(folder: Path) -> None:
    """Import both native parts under the running interpreter, as the wrapper does."""
    program = "import sys; sys.path.insert(0, sys.argv[1]); import _aftercall._native, _aftercall.wrapt._wrappers"
    command = [sys.executable, "-S", "-B", "-c", program, str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise BuildError(f"the native parts do not load under {sys.executable}: {last_line(finished.stderr)}")


def is_same(folder: Path, other: Path) -> bool:
    """True when nothing would change: programs that run from the earlier folder are left alone."""
    return other.is_dir() and contents(folder) == contents(other)


def contents(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Relative path -> (mode, bytes) of each file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): (path.stat().st_mode, path.read_bytes()) for path in files}


def put_in_place(folder: Path, out: Path) -> None:
    """Two renames, so that the folder is hardly ever missing; the earlier one goes with the scratch folder."""
    if out.exists():
        out.rename(folder.with_name("earlier"))
    folder.rename(out)


def normalise(folder: Path) -> None:
    """Modes that do not depend on the umask: Lambda runs the layer as another user."""
    for path in [folder, *folder.rglob("*")]:
        runs = path.is_dir() or path.name == "wrapper" or path.suffix == ".so"
        path.chmod(0o755 if runs else 0o644)


if __name__ == "__main__":
    main()
