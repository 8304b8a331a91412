"""Builds the folder `aftercall` of the layer for Python: both wrapper scripts, the package, its native parts, bytecode.

    python build.py --out .cache/python-wrapper

leaves DIR/wrapper (picks a runtime), DIR/python/{wrapper,start.py,_aftercall/}. The same sources and compiler give the
same bytes. CC and CFLAGS are honoured. wrapt's C parts come from its wheels, by `pip download` with pinned hashes, and
stay in --cache: a second run needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
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
# 1.17.3 and no later: importing 2.x's C part takes 36 to 46 ms, this one's 0.5.
WRAPT = "wrapt==1.17.3"
WRAPT_HASHES = {
    "x86_64": {
        "cp39": "7e18f01b0c3e4a07fe6dfdb00e29049ba17eadbc5e7609a2a3a4af83ab7d710a",
        "cp310": "f9b2601381be482f70e5d1051a5965c25fb3625455a2bf520b5a077b22afb775",
        "cp311": "b32888aad8b6e68f83a8fdccbf3165f5469702a7544472bdf41f582970ed3311",
        "cp312": "042ec3bb8f319c147b1301f2393bc19dba6e176b7da446853406d041c36c7828",
        "cp313": "6fd1ad24dc235e4ab88cda009e19bf347aabb975e44fd5c2fb22a3f6e4141277",
        "cp314": "281262213373b6d5e4bb4353bc36d1ba4084e6d6b5d242863721ef2bf2c2930b",
    },
    "aarch64": {
        "cp39": "0f5f51a6466667a5a356e6381d362d259125b57f059103dd9fdc8c0cf1d14139",
        "cp310": "343e44b2a8e60e06a7e0d29c1671a0d9951f59174f3709962b5143f60a2a98bd",
        "cp311": "8cccf4f81371f257440c88faed6b74f1053eef90807b77e31ca057b2db74edb1",
        "cp312": "3af60380ba0b7b5aeb329bc4e402acd25bd877e98b3727b0135cb5c2efdaefe9",
        "cp313": "0ed61b7c2d49cee3c027372df5809a59d60cf1b6c2f81ee980a091f3afed6a2d",
        "cp314": "dc4a8d2b25efb6681ecacad42fca8859f88092d8732b170de6a5dddd80a1c8fa",
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


def unpack_wrapt(wheel: Path, package: Path) -> None:
    """Only `_wrappers`: wrapt's Python files would leave frames, and cost their import."""
    package.mkdir(exist_ok=True)
    initialiser = package / "__init__.py"
    if not initialiser.exists():
        initialiser.write_text('"""The C part of wrapt 1.17.3 (see LICENSE), under a name of our own."""\n')
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if re.fullmatch(r"wrapt/_wrappers\.[^/]*\.so", name)]
        package.joinpath(name.rpartition("/")[2]).write_bytes(archive.read(name))
        (text,) = [name for name in archive.namelist() if name.endswith("/LICENSE")]
        package.joinpath("LICENSE").write_bytes(archive.read(text))


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
