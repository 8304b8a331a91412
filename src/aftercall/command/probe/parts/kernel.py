"""System calls without a Python name, and what /proc says of a process. Python 3.9."""

import contextlib
import ctypes
import os
import struct

_libc = ctypes.CDLL(None, use_errno=True)
IN_MOVED_TO = 0x80


def inotify_watch(folder):
    """A descriptor that reports renames into `folder`. Raises OSError."""
    descriptor = _libc.inotify_init1(os.O_CLOEXEC)
    if descriptor < 0 or _libc.inotify_add_watch(descriptor, folder.encode(), IN_MOVED_TO) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return descriptor


def inotify_name(event):
    """The file name in the first event of what was read from the descriptor."""
    (length,) = struct.unpack_from("I", event, 12)
    return event[16 : 16 + length].rstrip(b"\0").decode()


def text_of(path):
    """The file's text, or the error's name where it cannot be read."""
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError as error:
        return type(error).__name__


def can_write(path, text):
    """Whether a control file takes `text`."""
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        return "%s (%s)" % (False, error.strerror)
    return True


def process():
    """What an extension and a function tell of themselves alike; times in seconds since boot."""
    stat = text_of("/proc/self/stat").rpartition(")")[2].split()
    namespace = "unknown"
    with contextlib.suppress(OSError):
        namespace = os.readlink("/proc/self/ns/pid")
    return {
        "pid": os.getpid(),
        "uid": os.getuid(),
        "pid_namespace": namespace,
        "session": os.getsid(0),
        "autogroup": text_of("/proc/self/autogroup"),
        "started": int(stat[19]) / os.sysconf("SC_CLK_TCK") if len(stat) > 19 else 0.0,
        "nice": os.nice(0),
        "environment": sorted(os.environ),
        "glibc": os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in os.confstr_names else "none",
    }
