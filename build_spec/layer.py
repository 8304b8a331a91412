"""Builds the layer: the frozen extension and the wrappers, in one zip whose bytes depend on nothing but its content.

dist/aftercall-layer-<arch>.zip
    extensions/aftercall      one file and nothing else in this folder
    aftercall/wrapper         for AWS_LAMBDA_EXEC_WRAPPER
    aftercall/<runtime>/      each runtime's wrapper script and hooks
    aftercall/about.json      version, architecture, the glibc it needs: what `aftercall publish` goes by

Each step can be run alone, as the Dockerfile does: `--only extension`, `--only python` and so on, then `--only zip`.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import ssl
import stat
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

from build_spec import bases, elf, maven

ROOT = Path(__file__).resolve().parents[1]
EPOCH = (2000, 1, 1, 0, 0, 0)
"""One time for all entries: a zip knows none before 1980, and build times would change its bytes."""


def freeze_extension(tree: Path, cache: Path) -> None:
    say("freezing the extension, launcher inside")
    _python("-m", "build_spec.operations", "--cache", str(cache / "downloads"))
    _python("-m", "build_spec.scanner")
    _python("-m", "build_spec.compiled_modules", "--cache", str(cache), environment="mypyc")
    (tree / "extensions").mkdir(parents=True, exist_ok=True)
    out = ["--out", str(tree / "extensions" / "aftercall"), "--cache", str(cache)]
    _python("-m", "build_spec.freeze", *out)


def build_python(tree: Path, cache: Path) -> None:
    say("building the Python wrapper")
    out = ["--out", str(tree / "aftercall"), "--cache", str(cache / "downloads")]
    _python("runtime_wrappers/python/build.py", *out)


def build_nodejs(tree: Path, _cache: Path) -> None:
    say("building the Node.js wrapper")
    out = ["--out", str(tree / "aftercall" / "nodejs")]
    subprocess.run([sys.executable, "runtime_wrappers/nodejs/build.py", *out], check=True, cwd=ROOT)


def build_java(tree: Path, cache: Path) -> None:
    say("building the Java agent")
    out = ["--out", str(tree / "aftercall" / "java"), "--cache", str(cache / "maven")]
    # Needs no package: the image that has a JDK need not have the environment of the freeze.
    subprocess.run([sys.executable, "runtime_wrappers/java/build.py", *out], check=True, cwd=ROOT)


STEPS = {
    "extension": freeze_extension,
    # The first of the wrappers, since it puts a whole folder in place: the picking script and python/.
    "python": build_python,
    "nodejs": build_nodejs,
    "java": build_java,
}


def zip_layer(tree: Path, cache: Path, dist: Path) -> tuple[Path, bases.Demand]:
    """Write about.json and the zip; returns its path and what it asks of a base."""
    demand = bases.demand(tree, unpacked=cache / "frozen-contents")
    architecture = elf.machine(str(tree / "extensions" / "aftercall"))
    about = {
        "version": version(),
        "architecture": architecture,
        "glibc": bases.dotted(demand.glibc),
        "lacking": list(demand.lacking()),
        "built_with": _built_with(),
    }
    (tree / "aftercall" / "about.json").write_text(json.dumps(about, indent=1) + "\n")
    dist.mkdir(parents=True, exist_ok=True)
    layer = dist / f"aftercall-layer-{architecture}.zip"
    _zip(tree, layer)
    return layer, demand


def _built_with() -> dict[str, str]:
    """Of the Python that runs this, which is the one that was frozen: what of it no pin tells (build_spec/sbom.py)."""
    return {
        "python": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION.split()[1],
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def version() -> str:
    """The project's, read without importing it: the environment of the build does not have it."""
    text = (ROOT / "src" / "aftercall" / "__init__.py").read_text()
    (found,) = re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    return str(found)


def _python(*arguments: str, environment: str = "freeze") -> None:
    python = ROOT / ".cache" / environment / "bin" / "python"
    subprocess.run([str(python), *arguments], check=True, cwd=ROOT)


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


def report(layer: Path, demand: bases.Demand) -> None:
    """Say what was built, how large its parts are, and where it can run."""
    print(f"\n{layer.relative_to(ROOT) if layer.is_relative_to(ROOT) else layer}  {_mb(layer.stat().st_size)}")
    with zipfile.ZipFile(layer) as archive:
        groups: dict[str, list[zipfile.ZipInfo]] = {}
        for entry in archive.infolist():
            groups.setdefault("/".join(entry.filename.split("/")[:2]), []).append(entry)
    for name, entries in groups.items():
        zipped, plain = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
        print(f"  {name:24} {_mb(zipped):>9} zipped {_mb(plain):>9} unpacked, files: {len(entries)}")
    lacking = list(demand.lacking())
    if not lacking:
        print(f"  starts on every base of Lambda: needs glibc {bases.dotted(demand.glibc)} and no other library")
    for sentence in lacking:
        print(f"  {sentence}")
    if lacking:
        print("  so this layer is for the local sandbox only; `docker build --output dist .` builds one for Lambda")


def _mb(size: int) -> str:
    return f"{size / 1e6:.2f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


STARTED = time.monotonic()


def wanted_steps() -> list[str]:
    """All; on a machine that cannot build the agent, all others."""
    if maven.is_there():
        return list(STEPS)
    say(f"no JDK: this layer does not watch Java functions; {maven.INSTALL}")
    return [name for name in STEPS if name != "java"]


def say(what: str) -> None:
    print(f"layer: {what} ({time.monotonic() - STARTED:.0f} s)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache", help="folder for what can be used again")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="folder for the zip")
    parser.add_argument("--tree", type=Path, help="folder for the layer as it lies in /opt (default: CACHE/layer)")
    parser.add_argument(
        "--only", action="append", choices=[*STEPS, "zip"], help="one step, into a tree that stays; may be given again"
    )
    parser.add_argument("--every-base", action="store_true", help="fail if it would not start on each base of Lambda")
    options = parser.parse_args()
    cache, dist = options.cache.resolve(), options.dist.resolve()
    tree = (options.tree or cache / "layer").resolve()
    if not options.only:
        shutil.rmtree(tree, ignore_errors=True)
    try:
        for name in options.only or wanted_steps():
            if name in STEPS:
                STEPS[name](tree, cache)
    except subprocess.CalledProcessError as error:
        print(f"layer: {' '.join(error.cmd[1:3])} ended with status {error.returncode}", file=sys.stderr)
        return 1
    if not options.only or "zip" in options.only:
        layer, demand = zip_layer(tree, cache, dist)
        report(layer, demand)
        if options.every_base and any(demand.lacking()):
            layer.unlink()
            print("layer: it would not start everywhere (see above), so it was removed again", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
