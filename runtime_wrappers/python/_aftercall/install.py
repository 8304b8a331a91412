"""Puts hooks on attributes and takes them off again. Hook points are data: see hooks/__init__.py."""

import sys
from _weakref import ref
from posix import register_at_fork

from . import __version__, spool
from ._native import Hook, Hooked
from .capture_rules import spool_folder
from .faults import debug
from .wrapt._wrappers import BoundFunctionWrapper, FunctionWrapper

# Weak reference to an owner -> the names of its attributes that were hooked; a module that nobody has any longer goes.
applied = {}


class BoundWrapped(BoundFunctionWrapper):
    """A bound method with a hook; pickled and copied like the method itself."""

    def __reduce_ex__(self, protocol):
        return getattr, (self.__self__, self.__name__)

    def __repr__(self):
        return repr(self.__wrapped__)


class Wrapped(FunctionWrapper):
    """Something hooked that is not a function: a tracer's wrapper, a method of C."""

    __bound_function_wrapper__ = BoundWrapped

    def __reduce_ex__(self, protocol):
        return self.__qualname__

    def __repr__(self):
        return repr(self.__wrapped__)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


FUNCTION = type(lambda: None)


def hooked(original, hook, is_method):
    return Hooked(original, hook, is_method) if type(original) is FUNCTION else Wrapped(original, hook)


def is_hooked(attribute):
    """Say whether a function, or a method as it was got from its object, is one of ours."""
    function = getattr(attribute, "__func__", attribute)
    return isinstance(function, Hooked) or isinstance(attribute, (Wrapped, BoundWrapped))


def point(attribute, before=None, after=None, awaits=False, replaces=False):
    """One hook point: `Class.method` or `function` of a module, and what runs around it (_native.Hook's arguments)."""
    return attribute, before, after, awaits, replaces


def apply(module, target, points):
    """Hook `points` of `module`; `target` is its name in the table (vendored copies have others)."""
    for attribute, before, after, awaits, replaces in points:
        path, _, name = attribute.rpartition(".")
        owner = getattr(module, path, None) if path else module
        original = None if owner is None else vars(owner).get(name)
        if original is None or isinstance(original, (Hooked, Wrapped)):
            debug(f"{module.__name__} has no {attribute} of its own to hook")
            continue
        hook = Hook(f"{target}:{attribute}", before, after, awaits, replaces)
        put(owner, name, hooked(original, hook, bool(path)))


def put(owner, name, wrapper):
    setattr(owner, name, wrapper)
    applied.setdefault(ref(owner, applied.pop), []).append(name)


def remove_all():
    """Take off every hook that is still ours: what somebody else has wrapped since stays as it is."""
    while applied:
        reference, names = applied.popitem()
        for name in names:
            attribute = vars(reference()).get(name)
            if isinstance(attribute, (Hooked, Wrapped)):
                setattr(reference(), name, attribute.__wrapped__)


def install():
    """Make the writer of this process and begin to watch imports."""
    from . import imports

    version = ".".join(map(str, sys.version_info[:3]))
    first = spool.writer is None
    spool.use(spool.Writer(spool_folder(), version, __version__))
    if first:
        register_at_fork(after_in_child=forked)
    imports.watch()


def forked():
    """A child of os.fork or multiprocessing; runs before any of its own code."""
    spool.writer.forked()


def uninstall():
    remove_all()
