# mypy: ignore-errors
"""The type of a hooked function: what it holds, and when it lets go."""

import gc
import weakref

from _aftercall._native import Hook
from _aftercall.install import Hooked
from subjects import kept_after


def made(is_method=False):
    """A namespace whose function is hooked, so that function, namespace and wrapper lead to each other."""
    names = {"Marker": type("Marker", (), {})}
    exec("def function(*args):\n    return marker\nmarker = Marker()", names)
    names["function"] = Hooked(names["function"], Hook("test", None, lambda *_: None), is_method)
    return names


def test_a_cycle_through_a_hooked_function_is_collected():
    names = made()
    marker = weakref.ref(names["marker"])
    names["function"]()
    del names
    gc.collect()
    assert marker() is None


def test_a_destructor_in_such_a_cycle_can_still_call_it():
    answers = []

    class Owner:
        def close(self):
            answers.append("closed")

        def __del__(self):
            self.close()

    Owner.close = Hooked(Owner.close, Hook("test", None, lambda *_: None), True)
    owner = Owner()
    owner.itself = owner
    Owner.one = owner
    del owner, Owner
    gc.collect()
    assert answers == ["closed"]


def test_it_lets_go_without_the_collector():
    gc.disable()
    try:

        def function():
            return None

        reference = weakref.ref(function)
        hooked = Hooked(function, Hook("test", None, None), False)
        del function
        assert reference() is not None
        del hooked
        assert reference() is None
    finally:
        gc.enable()


def test_nothing_is_kept():
    def run():
        made()["function"]()
        gc.collect()

    assert kept_after(run, times=60) < 40
