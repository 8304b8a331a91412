"""Builds the folder `aftercall/java` of the layer: the wrapper script and the agent.

    python build.py --out .cache/java-wrapper

leaves DIR/{wrapper,aftercall.jar}. The same sources and JDK give the same bytes. ASM and what the hooks are compiled
against come from Maven Central, pinned by version and SHA-256 in artifacts.txt, and stay in --cache.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from build_spec import maven
from build_spec.java_class import hierarchy, renamed

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
JAR = "aftercall.jar"
EPOCH = (2000, 1, 1, 0, 0, 0)

# The function may have an ASM of its own.
SHADED = {"org/objectweb/asm/": "aftercall/asm/"}
# Of ASM's core these read and write generic signatures, which nothing here does.
UNUSED = "org/objectweb/asm/signature/"
RUNTIME_API = "com/amazonaws/services/lambda/runtime/api/client/runtimeapi/"
APART = (
    "java/lang/AftercallDefiner.class",
    "java/lang/AftercallUrlConnection.class",
    "java/io/AftercallBuffered.class",
)
"""Of the JDK's packages, what does not come with the rest."""
FIRST_IMAGES = {
    "aftercall/woven/RuntimeClientBefore24": "aftercall/woven/RuntimeClientOfFirstImages",
    RUNTIME_API: "lambdainternal/runtimeapi/",
}


def main() -> None:
    """Exit with 1 and one line on stderr where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder to fill; an earlier build is replaced")
    parser.add_argument(
        "--cache",
        type=Path,
        default=REPOSITORY / ".cache/maven",
        help="where artifacts are kept (default: %(default)s)",
    )
    options = parser.parse_args()
    try:
        build(options.out, options.cache)
    except maven.MavenError as error:
        sys.exit(f"build.py: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"build.py: {error.cmd[0]} ended with status {error.returncode}; its own words stand above")


def build(out: Path, cache: Path) -> None:
    javac = maven.tool("javac")
    jars = maven.fetch(HERE / "artifacts.txt", cache)
    with tempfile.TemporaryDirectory(prefix="aftercall-java-") as scratch:
        classes, classes9 = Path(scratch, "8"), Path(scratch, "9")
        folders = ("bridge", "agent", "jdk", "start", "stubs", "woven")
        run_javac(javac, "8", [*jars.values()], classes, [file for name in folders for file in java_files(name)])
        run_javac(javac, "9", [classes], classes9, java_files("start9"))
        entries = start_classes(classes) | parts(classes, classes9) | boot(classes, jars["asm"])
    out.mkdir(parents=True, exist_ok=True)
    write_jar(out / JAR, entries)
    shutil.copy(HERE / "wrapper", out / "wrapper")


def java_files(folder: str) -> list[Path]:
    return sorted((HERE / folder).rglob("*.java"))


def run_javac(javac: str, release: str, class_path: list[Path], out: Path, sources: list[Path]) -> None:
    # No debug tables: their line numbers stand in no trace that anybody sees. -options: 8 is old, on purpose.
    options = ["--release", release, "-g:none", "-Xlint:all,-options,-classfile,-serial", "-Werror", "-implicit:none"]
    path = ":".join(map(str, class_path))
    subprocess.run([javac, *options, "-cp", path, "-d", str(out), *map(str, sources)], check=True)


def start_classes(classes: Path) -> dict[str, bytes]:
    """What the system class loader finds, and the JVM begins with."""
    return {
        path.relative_to(classes).as_posix(): path.read_bytes()
        for path in sorted((classes / "aftercall/start").glob("*.class"))
    }


def parts(classes: Path, classes9: Path) -> dict[str, bytes]:
    """What is defined by itself: the first of all, and the hooks of a library when that is there."""
    files = [*(classes / name for name in APART), *(classes / "aftercall/woven").glob("*.class")]
    found = {path.relative_to(classes).with_suffix("").as_posix(): path.read_bytes() for path in files}
    before24 = "aftercall/woven/RuntimeClientBefore24"
    found[FIRST_IMAGES[before24]] = renamed(found[before24], FIRST_IMAGES)
    found |= {
        path.relative_to(classes9).with_suffix("").as_posix(): path.read_bytes() for path in classes9.rglob("*.class")
    }
    return {f"parts/{name.replace('/', '.')}.bin": content for name, content in found.items()}


def boot(classes: Path, asm: Path) -> dict[str, bytes]:
    """What the boot loader gets at once, as AftercallDefiner reads it, with ASM's licence."""
    bridge = [path for path in (classes / "java/lang").glob("*.class") if f"java/lang/{path.name}" not in APART]
    bridge += (classes / "sun/nio/ch").glob("Aftercall*.class")
    found = [renamed(path.read_bytes(), SHADED) for path in [*bridge, *(classes / "aftercall/agent").glob("*.class")]]
    with zipfile.ZipFile(asm) as archive:
        core = [
            name for name in archive.namelist() if name.startswith("org/objectweb/asm/") and name.endswith(".class")
        ]
        found += [renamed(archive.read(name), SHADED) for name in core if not name.startswith(UNUSED)]
    sized = [struct.pack(">I", len(content)) + content for content in supers_first(found)]
    licence = (HERE / "LICENSE-asm.txt").read_bytes()
    return {"boot.bin": b"".join(sized) + struct.pack(">I", 0), "META-INF/LICENSE-asm.txt": licence}


def supers_first(classes: list[bytes]) -> list[bytes]:
    """By name, but each after those of them that it extends or implements."""
    left = dict(sorted((hierarchy(content)[0], content) for content in classes))
    ordered: list[bytes] = []
    while left:
        ready = [name for name, content in left.items() if left.keys().isdisjoint(hierarchy(content)[1:])]
        ordered += [left.pop(name) for name in ready]
    return ordered


def write_jar(path: Path, entries: dict[str, bytes]) -> None:
    """The manifest first, as the JVM expects; then by name, so that the same content makes the same bytes."""
    manifest = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\nPremain-Class: aftercall.start.PreMain\r\n\r\n"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in {**manifest, **dict(sorted(entries.items()))}.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    main()
