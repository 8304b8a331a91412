"""The extension's own log: lines on stdout, which Lambda writes to the function's log.

One write for each line, so that lines of several processes do not mix. Callers mask: a line never holds a secret.
"""

from __future__ import annotations

import os

STDOUT = 1
DEBUG = "debug"
WARN = "warn"
OFF = "off"

_level = WARN


def set_level(level: str) -> None:
    global _level  # noqa: PLW0603 - one process, one log
    _level = level


def is_debug() -> bool:
    return _level == DEBUG


def warn(text: str) -> None:
    """Something is wrong. `text` says what, with which value, and what is done about it."""
    if _level != OFF:
        write_line(f"aftercall: {text}")


def debug(text: str) -> None:
    """What the extension is doing."""
    if _level == DEBUG:
        write_line(f"aftercall: {text}")


def write_line(line: str) -> None:
    """Write the whole line, in several writes if the pipe is full. Raises OSError when stdout is closed."""
    data = memoryview((line.replace("\n", " ") + "\n").encode("utf-8", "replace"))
    while data:
        data = data[os.write(STDOUT, data) :]
