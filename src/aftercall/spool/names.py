"""Names in the spool folder: listed, changed and removed.

Never raises OSError; a missing folder counts as an empty one.
"""

from __future__ import annotations

import os

MAX_ASIDE = 4
"""Segments put aside for people to look at: few, since they hold raw bytes."""

SPARES = tuple(f"{k}.spare" for k in range(1, 5))
ASIDE = ".aside"
MAKING = ".making"


class Names:
    """The entries of one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.failures = 0
        """Whoever reports it resets it."""
        self.put_aside = 0
        """Whoever reports it resets it."""

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def list(self) -> list[str]:
        try:
            return os.listdir(self.folder)
        except OSError:
            return []

    def rename(self, name: str, new_name: str) -> bool:
        try:
            os.rename(self.path(name), self.path(new_name))
        except FileNotFoundError:
            return False
        except OSError:
            self.failures += 1
            return False
        return True

    def size(self, name: str) -> int:
        """In bytes; 0 if it is gone."""
        try:
            return os.lstat(self.path(name)).st_size
        except OSError:
            return 0

    def remove(self, name: str) -> None:
        try:
            os.unlink(self.path(name))
        except FileNotFoundError:
            return
        except OSError:
            self.failures += 1

    def set_aside(self, name: str, stem: str) -> None:
        """Keep it under a name that nobody reads."""
        if not self.rename(name, stem + ASIDE):
            return
        self.put_aside += 1
        kept = sorted(entry for entry in self.list() if entry.endswith(ASIDE))
        for entry in kept[:-MAX_ASIDE]:
            self.remove(entry)


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists; a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's
    return True
