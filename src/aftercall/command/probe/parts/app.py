"""The probe in the function's place: looks, reads what the extension saw, answers with the verdicts. Python 3.9."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import assumptions
import kernel

FOLDER = "/tmp/aftercall-probe"
_invocations = 0


def handler(event, context):
    global _invocations  # noqa: PLW0603 - counts in this environment
    _invocations += 1
    ring()
    time.sleep(0.3)  # longer than the buffering of telemetry and than the extension takes to look
    try:
        with open(os.path.join(FOLDER, "extension.json")) as file:
            extension = json.load(file)
    except (OSError, ValueError) as error:
        return {"lines": ["DOES NOT HOLD  the layer's extension runs and shares /tmp: %s" % error], "rows": []}
    rows = list(assumptions.rows(extension, facts(), second=_invocations > 1))
    return {"lines": assumptions.text(rows), "rows": rows}


def facts():
    return {**kernel.process(), "argv": argv(), "rename": rename(), "tmp": tmp(), **client()}


def ring():
    """As a wrapper does: write, then rename."""
    place = os.path.join(FOLDER, "ringing")
    try:
        with open(place, "w"):
            pass
        os.rename(place, os.path.join(FOLDER, "bell-%d" % time.time_ns()))
    except OSError:
        """The row of inotify shows it."""


def argv():
    """What the wrapper script was called with."""
    text = kernel.text_of("/tmp/aftercall-probe.argv")
    return text.split("\n") if "/" in text else []


def rename():
    """Whether what is appended through an open descriptor is in the file under its new name."""
    old, new = os.path.join(FOLDER, "old"), os.path.join(FOLDER, "new")
    try:
        descriptor = os.open(old, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, b"1")
        os.rename(old, new)
        os.write(descriptor, b"2")
        os.close(descriptor)
        with open(new) as file:
            return file.read() == "12"
    except OSError as error:
        return "False (%s)" % error.strerror


def tmp():
    size = os.statvfs("/tmp")
    mounts = [line.split() for line in kernel.text_of("/proc/mounts").split("\n")]
    kind = next((words[2] for words in mounts if len(words) > 2 and words[1] == "/tmp"), "of the root")
    return "%s, %d MB free" % (kind, size.f_bavail * size.f_frsize // 1_000_000)


def client():
    """Where awslambdaric lies, and whether one of its classes has the method that is hooked."""
    module = sys.modules.get("awslambdaric.lambda_runtime_client")
    if module is None:
        return {"client": "awslambdaric is not loaded", "client_hookable": False}
    classes = [name for name, value in vars(module).items() if "wait_next_invocation" in getattr(value, "__dict__", ())]
    return {"client": "%s, %s" % (module.__file__, classes), "client_hookable": bool(classes)}
