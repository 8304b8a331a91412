"""What becomes of an exception inside our own code: counted and swallowed, or the user's (native/faults.c)."""

import sys

from . import spool
from ._native import is_users, raise_opcode
from .capture_rules import variable

DEBUG = variable("AFTERCALL_LOG_LEVEL").lower() in ("debug", "trace")


def fault(name, error):
    """Say whether `error`, raised inside hook `name`, is to be raised; count it when not."""
    if is_users(error):
        return True
    spool.writer.count_fault(name)
    debug(f"{name}: {type(error).__name__}: {error} at {origin(error)}")
    return False


def instruction_of(error):
    """The first byte of the instruction that raised it."""
    trace = error.__traceback__
    return trace.tb_frame.f_code.co_code[trace.tb_lasti]


def tell_how_this_python_raises():
    try:
        raise LookupError
    except LookupError as error:
        raise_opcode(instruction_of(error))


tell_how_this_python_raises()


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
