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


def _sends() -> bool:
    """Whether bodies are wanted, as far as it can be told without the settings, which import compiled modules.

    When this is wrong, all works as well and takes longer.
    """
    chosen = os.environ.get("AFTERCALL_EXPORTER", "").strip().lower()
    return chosen not in {"log", "none"} if chosen else any(map(os.environ.get, _ENDPOINTS))


_ENDPOINTS = ("AFTERCALL_JSON_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

if _sends():
    try:
        import aftercall_compiled
    except ImportError:  # there was no room for it
        pass
    else:
        from aftercall.extension.compiled_finder import CompiledFinder

        CompiledFinder(aftercall_compiled.make, aftercall_compiled.NAMES).install()

from aftercall.extension.__main__ import main  # noqa: E402 - found by the lines above

# A thread that hangs in an export must not hold the process; lines are written unbuffered.
os._exit(main())
