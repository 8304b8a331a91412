# mypy: ignore-errors
"""What the cases share: hooks made as install.py makes them, and the memory that repeated calls leave behind."""

import gc
import tracemalloc

from _aftercall._native import Hook, fault_with
from _aftercall.faults import is_users
from _aftercall.wrapt._wrappers import FunctionWrapper

faults = []


class UserError(Exception):
    pass


asked = (lambda error: is_users(error) or isinstance(error, UserError), lambda *told: faults.append(told))
fault_with(*asked)


def hooked(function, before=None, after=None, **options):
    del faults[:]
    return FunctionWrapper(function, Hook("test:hook", before, after, **options))


def seen():
    """(calls, before, after): hooks that note what they are given."""
    calls = []

    def before(instance, args, kwargs):
        calls.append(("before", instance, args, kwargs))
        return "state"

    def after(state, result, error):
        calls.append(("after", state, result, type(error) if error is not None else None))

    return calls, before, after


def kept_after(run, times=500):
    """Bytes that each run leaves allocated: a fraction of one, unless something leaks. The best of three, since caches
    of others (line caches, free lists) fill at their own times."""
    return min(measure_kept(run, times) for _ in range(3))


def measure_kept(run, times):
    for _ in range(50):
        run()
    tracemalloc.start()
    try:
        for _ in range(50):
            run()
        gc.collect()
        first = tracemalloc.get_traced_memory()[0]
        for _ in range(times):
            run()
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - first) / times
    finally:
        tracemalloc.stop()


def raises(kind, function, *args):
    """The exception of that kind which the call raises."""
    try:
        function(*args)
    except kind as error:
        return error
    raise AssertionError(f"{function} raised no {kind.__name__}")
