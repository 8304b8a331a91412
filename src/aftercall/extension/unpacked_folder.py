"""The folder that PyInstaller's one-file program unpacked itself to, in the user's /tmp: emptied once all is loaded.

Native libraries stay mapped and modules come from the executable's own archive; SIGKILL then leaves nothing behind.
The folder itself stays: PyInstaller's parent process warns on stderr when it is gone.
"""

from __future__ import annotations

import os
import sys

EARLY_CODECS = ("ascii", "latin-1", "utf-8", "utf-16", "utf-32", "idna", "punycode")
"""Codecs live in a zip inside this folder, and Python looks for them at first use."""


def load_codecs() -> None:
    for codec in EARLY_CODECS[:3]:
        "".encode(codec)


def empty() -> int:
    """Remove what is in it; gives the number of files removed. 0 when run from source."""
    folder = getattr(sys, "_MEIPASS", "")
    return _empty(folder) if folder and getattr(sys, "frozen", False) else 0


def _empty(folder: str) -> int:
    removed = 0
    for entry in os.scandir(folder):
        try:
            if entry.is_dir(follow_symlinks=False):
                removed += _empty(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
                removed += 1
        except OSError:
            continue  # it stays until the environment's end
    return removed
