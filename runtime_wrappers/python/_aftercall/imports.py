"""Hooks a module the moment it has been imported. No finder of ours: PathFinder.find_spec is hooked, and when it has
found a module of the table, that one loader's exec_module, for that one time. So sys.meta_path and sys.path stay what
they are, and no frame of ours stands in an import error.
"""

import sys
from _frozen_importlib_external import PathFinder

from ._native import Hook
from .hooks import MODULES
from .install import Wrapped, apply, point

# The last component of a name rules out most modules quickly.
LAST = frozenset(name.rpartition(".")[2] for name in MODULES)
# What packages carry copies of; the standard library's modules have other namesakes.
VENDORED = [name for name in MODULES if name.partition(".")[0] not in ("asyncio", "http", "socket", "ssl")]


def watch():
    """Hook what is imported already, and from now on whatever is imported."""
    for name, module in list(sys.modules.items()):
        target = target_of(name)
        if target is not None and module is not None:
            hook_module(module, target)
    apply(sys.modules[PathFinder.__module__], "importlib", (point("PathFinder.find_spec", after=found),))


def target_of(name):
    """The table's name for module `name`: its own, or its end for a copy such as `pip._vendor.urllib3.response`."""
    if name.rpartition(".")[2] not in LAST:
        return None
    if name in MODULES:
        return name
    for target in VENDORED:
        if name.endswith("." + target):
            return target
    return None


def found(_finder, spec, _error):
    if spec is None or spec.name.rpartition(".")[2] not in LAST:
        return
    target = target_of(spec.name)
    run = getattr(spec.loader, "exec_module", None)
    if target is None or run is None or "exec_module" in vars(spec.loader):
        return

    # One hook for each module, since it has to know the module's name in the table. It is gone before the module runs.
    def before(_loader, args, kwargs):
        spec.loader.__dict__.pop("exec_module", None)
        module = args[0] if args else kwargs["module"]
        return module if module.__name__ == spec.name else None  # an archive's modules share one loader

    def after(module, _result, error):
        if error is None:
            hook_module(module, target)

    spec.loader.exec_module = Wrapped(run, Hook("importlib:exec_module", before, after))


def hook_module(module, target):
    hooks = __import__(f"{__package__}.hooks.{MODULES[target]}", fromlist=("POINTS",))
    apply(module, target, hooks.POINTS[target])
    installed = getattr(hooks, "installed", None)
    if installed is not None:
        installed(module)
