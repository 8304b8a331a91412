"""What happens to an exception inside our own code: counted and swallowed, unless it is the user's.

The user's can come up there in two ways: raised by a Python signal handler that ran between two of our instructions, or
thrown into the thread from outside (PyThreadState_SetAsyncExc, as time-out libraries do).
"""

import sys

from . import spool
from .capture_rules import variable

HERE = __file__.rpartition("/")[0]
DEBUG = variable("AFTERCALL_LOG_LEVEL").lower() in ("debug", "trace")


def fault(name, error):
    """Say whether `error`, raised inside hook `name`, is to be raised; count it when not."""
    if is_users(error):
        return True
    spool.writer.count_fault(name)
    debug(f"{name}: {type(error).__name__}: {error} at {origin(error)}")
    return False


def is_users(error):
    if not isinstance(error, Exception):
        return True
    trace, innermost, handlers = error.__traceback__, None, None
    while trace is not None:
        innermost = trace.tb_frame.f_code
        if not innermost.co_filename.startswith(HERE):
            if handlers is None:
                handlers = signal_handlers()
            if innermost in handlers:
                return True
        trace = trace.tb_next
    # We raise nothing but built-in exceptions; a class of somebody else's at a line of ours was thrown in from outside.
    ours = innermost is not None and innermost.co_filename.startswith(HERE)
    return ours and type(error).__module__ not in ("builtins", "binascii", "_contextvars")


def signal_handlers():
    """The code objects of the user's Python signal handlers."""
    if "signal" not in sys.modules and "_signal" not in sys.modules:
        return ()
    from _signal import NSIG, getsignal

    return [code for code in (code_of(getsignal(number)) for number in range(1, NSIG)) if code is not None]


def code_of(handler):
    handler = getattr(handler, "func", handler)  # functools.partial
    handler = getattr(handler, "__func__", handler)
    code = getattr(handler, "__code__", None)
    if code is None and callable(handler):
        code = getattr(type(handler).__call__, "__code__", None)
    return code


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
