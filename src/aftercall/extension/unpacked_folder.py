"""PyInstaller's unpacked folder, emptied once everything native is loaded.

/tmp is the user's: thirty time-outs, each ended by SIGKILL, would otherwise leave thirty copies there. Mapped libraries
stay when their files go, and modules come from the executable's own archive. The empty folder stays: PyInstaller's
parent process warns at exit when it is gone.
"""

from __future__ import annotations

import os
import sys


def empty() -> None:
    """Nothing happens when this is no frozen program. What cannot be removed stays."""
    folder = getattr(sys, "_MEIPASS", None)
    if not folder:
        return
    # The archive of base modules goes with it; build_spec/ packs them into the executable as well.
    archive = os.path.join(folder, "base_library.zip")
    sys.path[:] = [path for path in sys.path if path != archive]
    sys.path_importer_cache.pop(archive, None)
    for place, _, names in os.walk(folder, topdown=False):
        try:
            for name in names:
                os.unlink(os.path.join(place, name))
            if place != folder:
                os.rmdir(place)
        except OSError:
            return
