"""Freezes the extension: launcher, interpreter and modules in one file, by PyInstaller.

Run by the python of .cache/freeze, where nothing is installed but PyInstaller and what the extension imports.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from build_spec import bootloader, frozen, trim

ROOT = Path(__file__).resolve().parents[1]


def freeze(cache: Path, out: Path) -> None:
    """Write the frozen extension to the file `out`."""
    broken = list(frozen.uncompiled(ROOT / "src" / "aftercall"))
    if broken:
        raise bootloader.BuildError("\n".join(broken))
    environment = dict(
        os.environ,
        AFTERCALL_CACHE=str(cache),
        AFTERCALL_EXCLUDED_MODULES=" ".join(trim.EXCLUDED_MODULES),
        AFTERCALL_EXTENSION_MODULES=" ".join(trim.KEPT_EXTENSION_MODULES),
        # The same bytes from every build.
        PYTHONHASHSEED="0",
        PYINSTALLER_CONFIG_DIR=str(cache / "pyinstaller"),
    )
    command = [sys.executable, "-m", "PyInstaller", "--log-level", "ERROR", "--noconfirm"]
    command += ["--workpath", str(cache / "freezing"), "--distpath", str(out.parent)]
    command.append(str(ROOT / "build_spec" / "aftercall.spec"))
    # PyInstaller greets with three lines whatever the log level says: its words are shown only when it fails.
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise bootloader.BuildError(f"PyInstaller ended with status {done.returncode}:\n{done.stdout}{done.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the file to write; its name must be aftercall")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache", help="folder for what can be used again")
    options = parser.parse_args()
    try:
        freeze(options.cache.resolve(), options.out.resolve())
    except bootloader.BuildError as error:
        print(f"freeze: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
