"""What the extension says of itself: lines on stdout, which Lambda writes to the function's log.

One write a line, so that lines of several processes do not mix. Never a secret: callers mask.
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
    """Something is wrong: what, which value, and what becomes of it."""
    if _level != OFF:
        write_line(f"aftercall: {text}")


def debug(text: str) -> None:
    """A phase as it passes."""
    if _level == DEBUG:
        write_line(f"aftercall: {text}")


def write_line(line: str) -> None:
    """The whole line, whatever the pipe takes at once. Raises OSError when stdout is closed."""
    data = memoryview((line.replace("\n", " ") + "\n").encode("utf-8", "replace"))
    while data:
        data = data[os.write(STDOUT, data) :]
