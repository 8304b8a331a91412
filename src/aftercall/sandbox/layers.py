"""Layers, zip archives or unpacked folders, as they lie in /opt."""

import os
import platform
import shutil
import stat
import zipfile
from collections.abc import Sequence

from aftercall.sandbox.config import PathName, SandboxError

# e_machine of the ELF header (elf.h) for the two architectures of Lambda.
_MACHINES = {62: "x86_64", 183: "aarch64"}


def merge_layers(layers: Sequence[PathName], into: str) -> str:
    """The folder that shall be /opt: `into`, or the layer itself when it is one unpacked folder.

    A later layer's file replaces an earlier one's, as in Lambda.
    """
    paths = [os.fspath(layer) for layer in layers]
    if len(paths) == 1 and os.path.isdir(paths[0]):
        merged = os.path.abspath(paths[0])
    else:
        merged = into
        os.makedirs(merged, exist_ok=True)
        for path in paths:
            _add(path, merged)
    _check_architecture(merged)
    return merged


def extension_names(opt: str) -> list[str]:
    """What Lambda starts: every entry of extensions/ that is not a folder."""
    folder = os.path.join(opt, "extensions")
    if not os.path.isdir(folder):
        return []
    return sorted(name for name in os.listdir(folder) if not os.path.isdir(os.path.join(folder, name)))


def _add(path: str, merged: str) -> None:
    if os.path.isdir(path):
        shutil.copytree(path, merged, symlinks=True, dirs_exist_ok=True)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                _extract(archive, member, merged)
    except FileNotFoundError:
        raise SandboxError(f"layer {path!r} does not exist: build it with `make layer`, or correct --layer") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise SandboxError(
            f"layer {path!r} cannot be unpacked ({error}): give a zip archive or an unpacked folder"
        ) from error


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, merged: str) -> None:
    """Keeps modes and symlinks, which zipfile's own extract does not."""
    target = os.path.normpath(os.path.join(merged, member.filename))
    mode = member.external_attr >> 16
    # Resolved, so that no earlier symlink of the archive leads out.
    if os.path.commonpath([os.path.realpath(os.path.dirname(target)), os.path.realpath(merged)]) != os.path.realpath(
        merged
    ):
        raise SandboxError(
            f"layer {archive.filename!r} has an entry that leaves /opt, {member.filename!r}: do not use it"
        )
    if member.is_dir():
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.lexists(target):
        os.unlink(target)
    content = archive.read(member)
    if stat.S_ISLNK(mode):
        os.symlink(content.decode(), target)
        return
    with open(target, "wb") as file:
        file.write(content)
    os.chmod(target, stat.S_IMODE(mode) or 0o644)


def _check_architecture(opt: str) -> None:
    for name in extension_names(opt):
        found = _elf_machine(os.path.join(opt, "extensions", name))
        if found is not None and found != platform.machine():
            raise SandboxError(
                f"extension {name!r} of the layer is built for {found}, this machine is {platform.machine()}: "
                f"give the layer that was built for {platform.machine()}"
            )


def _elf_machine(path: str) -> str | None:
    """None for what is not ELF (a script) or cannot be read: starting it will tell."""
    try:
        with open(path, "rb") as file:
            header = file.read(20)
    except OSError:
        return None
    if len(header) < 20 or header[:4] != b"\x7fELF":
        return None
    number = int.from_bytes(header[18:20], "big" if header[5] == 2 else "little")
    return _MACHINES.get(number, f"ELF machine {number}")
