"""Whose an exception is that comes up while our own code runs: ours is counted and swallowed, anybody else's goes on.

Signal handlers, trace and profile functions of the user's run, and raise, between two of our instructions, and time-out
libraries throw exceptions into a thread from outside. Then it goes on as if it had been raised where our code was
called, so our frames are taken off the top of its traceback.

Nothing here raises by itself: what comes out of it has interrupted it, and native/faults.c asks about that in turn.

A RecursionError or MemoryError of our own is dropped: where the user would have met it without us, the original meets
it now.
"""

import sys

from . import spool
from ._native import fault_with
from .capture_rules import variable

DEBUG = variable("AFTERCALL_LOG_LEVEL").lower() in ("debug", "trace")
HERE = __file__.rpartition("/")[0] + "/"
VARARGS = 0x04  # of co_flags
# What C code raises without arguments, and where what it raises is at home.
RAISED_BARE = (MemoryError, StopIteration, StopAsyncIteration)
BUILT_IN = ("builtins", "binascii", "_contextvars")


def is_users(error):
    """Say whether it was raised by somebody else's code; if so, take our frames off its traceback."""
    users = not isinstance(error, Exception)
    trace, innermost = error.__traceback__, None
    while trace is not None and not users:
        users = was_called_by_the_interpreter(trace.tb_frame)
        trace, innermost = trace.tb_next, trace
    if users or (innermost is not None and was_thrown_in(error, innermost)):
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
            trace = trace.tb_next
        error.__traceback__ = trace
        return True
    return False


def was_called_by_the_interpreter(frame):
    """What the interpreter calls by itself is given the frame that it interrupts, or (sys.monitoring) its code.

    Our code gives frames to nobody, so a function in the traceback whose caller is among its own arguments was not
    called by us. Nor was one that has deleted an argument, as handlers do with those that they do not use.
    """
    code, caller = frame.f_code, frame.f_back
    if caller is None:
        return False
    count = code.co_argcount + code.co_kwonlyargcount + (code.co_flags & VARARGS != 0)
    local = frame.f_locals
    for name in code.co_varnames[:count]:
        if name not in local:
            return True
        value = local[name]
        for given in value if type(value) is tuple else (value,):
            if given is caller or given is caller.f_code:
                return True
    return False


def was_thrown_in(error, innermost):
    """PyThreadState_SetAsyncExc: it stands at an instruction other than `raise`, and is a class without arguments, or
    one of somebody else's: the C code that our code calls raises neither.
    """
    bare = error.args == () and type(error) not in RAISED_BARE
    return (bare or type(error).__module__ not in BUILT_IN) and instruction_at(innermost) != RAISE


def instruction_at(trace):
    """The first byte of the instruction where it stands."""
    at, code = trace.tb_lasti, trace.tb_frame.f_code.co_code
    return code[at] if 0 <= at < len(code) else RAISE


def how_this_python_raises():
    try:
        raise LookupError
    except LookupError as error:
        return instruction_at(error.__traceback__)


RAISE = -1
RAISE = how_this_python_raises()


def count(name, error):
    """Of an exception that is ours."""
    spool.writer.count_fault(name)
    debug(f"{name}: {type(error).__name__}: {error} at {origin(error)}")


def origin(error):
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def debug(text):
    """One line on stderr, with AFTERCALL_LOG_LEVEL=debug alone."""
    if DEBUG and sys.stderr is not None:
        sys.stderr.write(f"aftercall: {text}\n")


fault_with(is_users, count)
