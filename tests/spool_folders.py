"""What may stand where the spool should be: each wrapper takes what the launcher makes, and nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A value of AFTERCALL_SPOOL_DIR, and the launcher's reading of it; /dev/null is no folder.
READINGS = {
    "/tmp/spool//": "/tmp/spool",
    "relative": "/dev/null",
    "./relative": "/dev/null",
    "/": "/dev/null",
    "///": "/dev/null",
}


def refused(parent: Path) -> dict[str, Path]:
    """By what is wrong with it, each with nothing in it. Only root can make one of another user's."""
    names = ("open to others", "closed to its owner", "set-group-id", "symlink", "file")
    made = {name: parent / name.replace(" ", "-") for name in names}
    made["open to others"].mkdir(0o755)
    made["closed to its owner"].mkdir(0o700)
    made["closed to its owner"].chmod(0o300)
    made["set-group-id"].mkdir(0o700)
    made["set-group-id"].chmod(0o2700)
    (parent / "behind").mkdir(0o700)
    made["symlink"].symlink_to(parent / "behind")
    made["file"].touch()
    if os.geteuid() == 0:
        made["another user's"] = parent / "another"
        made["another user's"].mkdir(0o700)
        os.chown(made["another user's"], 12345, 12345)
    return made


def contents(path: Path) -> list[str]:
    return os.listdir(path) if path.is_dir() else [path.read_text()] if path.read_text() else []
