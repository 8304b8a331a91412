"""Breaks one place of our hooks (see breakable.py), does what passes it, and says what the user's code saw."""

import contextvars
import importlib
import sys


def handler(event, context):
    """What is broken stays so until the next event, since the boundary is passed after the handler."""
    door = sys.modules["_aftercall"]
    door.broken.clear()
    door.broken.update(event.get("break", ()))
    for module in event.get("import", ()):
        importlib.import_module(module)
    exercise = getattr(importlib.import_module("exercises"), event.get("do", "idle"))
    # In a context of its own: a hook that is broken where it resets a variable leaves it set.
    answer = contextvars.copy_context().run(exercise, event["urls"])
    passed, known = sorted(door.passed), sorted(door.known)
    door.passed.clear()
    return {"answer": answer, "passed": passed, "known": known} if event.get("look") else answer
