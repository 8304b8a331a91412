"""What the frozen file runs."""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import ExtensionFileLoader

from _aftercall_native_modules import FILES  # made by build_spec/frozen.py


class NativeFinder:
    """Extension modules that the executable carries; launcher/native_libraries.c finds them whatever their folder."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        file = FILES.get(name)
        if file is None:
            return None
        origin = f"{sys.executable}/{file}"
        return ModuleSpec(name, ExtensionFileLoader(name, origin), origin=origin)


# Built-in and frozen modules stay as they are; there is no folder to search.
sys.meta_path[2:] = [NativeFinder]
sys.path.clear()

from aftercall.extension.__main__ import main  # noqa: E402 - found by the lines above

# A thread that hangs in an export must not hold the process; lines are written unbuffered.
os._exit(main())
