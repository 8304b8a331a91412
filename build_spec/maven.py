"""Artifacts from Maven Central, pinned by version and SHA-256 in files of ours.

Where `mvn` is, it fetches them, since it knows the user's mirrors and proxies; elsewhere jgo of .cache/develop does.

A line of such a file: `group:artifact:version sha256`, or with a classifier `group:artifact:jar:classifier:version`.
Each artifact is named by itself: nothing is resolved, nothing comes in by another's wish.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
INSTALL = "apt-get install openjdk-17-jdk-headless (Debian, Ubuntu)"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


class MavenError(Exception):
    """One line that says what is missing and what to do."""


@dataclass(frozen=True)
class Artifact:
    """One line of a file."""

    group: str
    name: str
    version: str
    sha256: str
    classifier: str = ""

    @property
    def key(self) -> str:
        return "-".join(word for word in (self.name, self.classifier) if word)

    @property
    def file(self) -> str:
        return "-".join(word for word in (self.name, self.version, self.classifier) if word) + ".jar"


def tool(name: str) -> str:
    """The path of `javac` or `java`: JAVA_HOME's before PATH's."""
    at_home = Path(os.environ.get("JAVA_HOME") or "/nowhere", "bin", name)
    found = str(at_home) if at_home.exists() else shutil.which(name)
    if found is None:
        raise MavenError(f"{name} is not on PATH; {INSTALL}")
    return found


def is_there() -> bool:
    """Whether this machine can build the Java wrapper at all."""
    return bool(shutil.which("javac")) or bool(os.environ.get("JAVA_HOME"))


def read(pins: Path) -> list[Artifact]:
    lines = [line.partition("#")[0].split() for line in pins.read_text().splitlines()]
    artifacts = []
    for words in lines:
        if words:
            group, name, *classified, version = words[0].split(":")
            classifier = classified[1] if classified else ""
            artifacts.append(Artifact(group, name, version, words[1] if len(words) > 1 else "", classifier))
    return artifacts


def fetch(pins: Path, cache: Path) -> dict[str, Path]:
    """Artifact name (with `-classifier`) -> its jar, below `cache`. What is there already is not asked for again."""
    artifacts = read(pins)
    folder = cache / "artifacts"
    missing = [artifact for artifact in artifacts if not (folder / artifact.file).exists()]
    if missing:
        _download(missing, folder, cache / "repository")
    return {artifact.key: folder / artifact.file for artifact in artifacts}


def _download(artifacts: list[Artifact], folder: Path, repository: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as partial:
        copy(artifacts, Path(partial), repository)
        for artifact in artifacts:
            path = Path(partial, artifact.file)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest != artifact.sha256:
                raise MavenError(
                    f"{artifact.file} has the SHA-256 {digest}, not {artifact.sha256}: correct its pin if you trust it"
                )
            path.rename(folder / artifact.file)


def copy(artifacts: list[Artifact], folder: Path, repository: Path) -> None:
    """Into the folder, whatever their bytes are; `repository` keeps what was fetched on the way."""
    command = (
        _by_maven(artifacts, folder, repository) if shutil.which("mvn") else _by_jgo(artifacts, folder, repository)
    )
    repository.mkdir(parents=True, exist_ok=True)
    with Path(repository, ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # jgo takes a file for whole that another process is still fetching
        finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if finished.returncode:
        said = [line for line in (finished.stdout + finished.stderr).splitlines() if "rror" in line.lower()]
        words = said[-1] if said else "no words of its own"
        raise MavenError(f"{artifacts[0].name} and the like could not be fetched by {command[0]}: {words[:300]}")


def _by_maven(artifacts: list[Artifact], folder: Path, repository: Path) -> list[str]:
    pom = folder / "pom.xml"
    pom.write_text(_pom(artifacts, str(folder)))
    return ["mvn", "-q", "-B", "-ntp", f"-Dmaven.repo.local={repository}", "-f", str(pom), COPY]


def _by_jgo(artifacts: list[Artifact], folder: Path, repository: Path) -> list[str]:
    python = ROOT / ".cache" / "develop" / "bin" / "python"
    if not python.exists():
        raise MavenError("neither mvn nor jgo is there to fetch jars: make environment")
    names = [f"{artifact.group}:{artifact.name}:{artifact.version}:{artifact.classifier}" for artifact in artifacts]
    return [str(python), "-m", "build_spec.jars", str(folder), str(repository), *names]


def _pom(artifacts: list[Artifact], out: str) -> str:
    items = "".join(
        f"<artifactItem><groupId>{escape(artifact.group)}</groupId><artifactId>{escape(artifact.name)}</artifactId>"
        f"<version>{escape(artifact.version)}</version><classifier>{escape(artifact.classifier)}</classifier></artifactItem>"
        for artifact in artifacts
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>aftercall</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>"
        "<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>"
        "<artifactId>maven-dependency-plugin</artifactId><configuration>"
        f"<outputDirectory>{escape(out)}</outputDirectory><artifactItems>{items}</artifactItems>"
        "</configuration></plugin></plugins></build></project>"
    )
