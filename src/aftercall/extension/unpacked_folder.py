"""The folder that PyInstaller's one-file program unpacked itself to, in the user's /tmp: emptied once all is loaded.

Native libraries stay mapped and modules come from the executable's own archive; SIGKILL then leaves nothing behind.
The folder itself stays: PyInstaller's parent process warns on stderr when it is gone.
"""

from __future__ import annotations

import os
import sys


def empty() -> int:
    """Remove what is in it; gives the number of files removed. 0 when run from source."""
    folder = getattr(sys, "_MEIPASS", "")
    if not folder or not getattr(sys, "frozen", False):
        return 0
    # The archive of base modules goes with it; build_spec/ packs them into the executable as well.
    archive = os.path.join(folder, "base_library.zip")
    sys.path[:] = [path for path in sys.path if path != archive]
    sys.path_importer_cache.pop(archive, None)
    return _empty(folder)


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
