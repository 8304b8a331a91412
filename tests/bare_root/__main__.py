"""`make bare-root`: the README's two commands on a machine that has only what the README names.

A root of Debian, of the release that this machine is or the newest that is known, is made once by mmdebstrap in
.cache/bare-root. This checkout's last commit is cloned into it, and `make demo` and `make test-quick` run there: first
the demo without npm and a JDK, then both with them. The registries are reached as they are here, by the same variables
and files.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bare-root"
CHECKOUT = "aftercall"

NAMED = ("build-essential", "python3-dev", "python3-venv", "libpython3-dev", "npm", "openjdk-17-jdk-headless")
"""Debian's packages for what the README names; with what they need, and nothing that is only recommended."""

RUNTIMES = {"npm": "Node.js", "javac": "Java"}
"""Commands that a machine may lack -> whose functions are left out then."""

SETTINGS = re.compile(r"(?i).*(proxy|pip_|npm_config_|uv_|ssl_cert|ca_bundle|ca_certs).*")
"""Variables that tell how registries are reached."""

FILES = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs/java/cacerts",
    "/etc/pip.conf",
    "/etc/npmrc",
)
OF_HOME = (".config/pip/pip.conf", ".pip/pip.conf", ".npmrc", ".m2/settings.xml")

ENTER = """
mount --rbind "$0" "$0" && cd "$0"
for folder in proc sys dev; do mount --rbind "/$folder" "$folder"; done
mount -t tmpfs tmpfs tmp && mkdir -p .outside && pivot_root . .outside && umount -l /.outside
cd "$1" && shift && exec "$@"
"""


def missing() -> str:
    """One line where it cannot be done here."""
    if not shutil.which("mmdebstrap"):
        return "mmdebstrap: apt-get install mmdebstrap"
    return "" if os.geteuid() == 0 else "root, who may enter a root: sudo make bare-root"


def root() -> Path:
    """The bare root; made once, for a minute or two."""
    folder = CACHE / f"{release()}-{platform.machine()}"
    if not folder.is_dir():
        say(f"making a root of Debian {release()} with {', '.join(NAMED)}")
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        include = f"--include={','.join((*NAMED, 'ca-certificates'))}"
        subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", include, release(), new], check=True)
        new.rename(folder)
    return folder


def release() -> str:
    found = platform.freedesktop_os_release()
    return found.get("VERSION_CODENAME", "bookworm") if found.get("ID") == "debian" else "bookworm"


def prepare(folder: Path) -> None:
    """This checkout, and how registries are reached; nothing of an earlier run."""
    for used in ("root", CHECKOUT):
        shutil.rmtree(folder / used, ignore_errors=True)
    check_out(folder / CHECKOUT)
    home = {Path.home() / name: Path("root", name) for name in OF_HOME}
    for source, target in ({Path(name): Path(name[1:]) for name in FILES} | home).items():
        if source.is_file():
            (folder / target).unlink(missing_ok=True)
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / target)


def check_out(target: Path) -> None:
    """The last commit; of a tree without a repository all but what is built."""
    clone = ["git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", str(target)]
    if not shutil.which("git") or subprocess.run(clone, check=False).returncode:
        say("there is no repository to clone: copying the tree")
        built = shutil.ignore_patterns(".cache", "dist", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, target, symlinks=True, ignore=built)


@contextlib.contextmanager
def lacking(folder: Path, commands: tuple[str, ...]) -> Iterator[None]:
    """The commands are not on PATH."""
    programs = folder / "usr" / "bin"
    for command in commands:
        (programs / command).rename(programs / f".{command}")
    try:
        yield
    finally:
        for command in commands:
            (programs / f".{command}").rename(programs / command)


def demo(folder: Path, *absent: str) -> None:
    """`make demo` on a machine without these commands: it succeeds, and says what it left out and nothing else."""
    with lacking(folder, absent):
        said = run(folder, "make", "demo")
    for command, runtime in RUNTIMES.items():
        if (f"{runtime} functions are left out" in said) != (command in absent):
            sys.exit(f"bare-root: without {' and '.join(absent) or 'nothing'}, what is said of {runtime} is wrong")


def run(folder: Path, *command: str) -> str:
    """What the command said; its words are shown as they come. Ends this program where it fails."""
    environment = {name: value for name, value in os.environ.items() if SETTINGS.fullmatch(name)}
    environment |= {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8"}
    environment["AFTERCALL_NO_SKIP"] = "1"
    started = time.monotonic()
    said = []
    inside = ["unshare", "--mount", "--propagation=private", "sh", "-ec", ENTER, str(folder), f"/{CHECKOUT}", *command]
    with subprocess.Popen(inside, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as it:
        for line in it.stdout or ():
            print(line, end="", flush=True)
            said.append(line)
    say(f"{' '.join(command)} ended with status {it.returncode} after {time.monotonic() - started:.0f} s")
    if it.returncode:
        sys.exit(1)
    return "".join(said)


def say(what: str) -> None:
    print(f"bare-root: {what}", flush=True)


def main() -> int:
    if reason := missing():
        print(f"bare-root needs {reason}", file=sys.stderr)
        return 1
    folder = root()
    prepare(folder)
    demo(folder, "npm", "javac")
    demo(folder)
    run(folder, "make", "test-quick")
    return 0


if __name__ == "__main__":
    sys.exit(main())
