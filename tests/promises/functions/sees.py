"""What a function can see of the process that it runs in, as JSON with nothing in it that varies by itself."""

import gc
import os
import pkgutil
import signal
import sys
import threading
import warnings

# Our parts, and the interpreter's half of contextvars, which they load: named in docs/limitations.md.
OURS = ("_aftercall", "_contextvars")


def interpreter(event, context):
    return {
        "argv": sys.argv,
        "orig_argv": getattr(sys, "orig_argv", None),
        "flags": repr(sys.flags),
        "executable": sys.executable,
        "xoptions": sys._xoptions,
        "warnoptions": sys.warnoptions,
        "warnings": [repr(entry) for entry in warnings.filters],
        "prefixes": [sys.prefix, sys.base_prefix, sys.exec_prefix],
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval(), sys.flags.utf8_mode],
        "tracing": [sys.gettrace(), sys.getprofile()],
        "hooks": [repr(sys.excepthook), repr(threading.excepthook), repr(sys.displayhook), repr(sys.breakpointhook)],
        "streams": [repr(stream) for stream in (sys.stdin, sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)],
        "builtins": sorted(vars(__import__("builtins"))),
        "sys": sorted(name for name in vars(sys)),
    }


def environment(event, context):
    return {"environ": dict(os.environ), "bytes": len(os.environb), "cwd": os.getcwd(), "umask": umask()}


def umask():
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def imports(event, context):
    return {
        "path": sys.path,
        "meta_path": [repr(finder) for finder in sys.meta_path],
        "path_hooks": [repr(hook) for hook in sys.path_hooks],
        "path_importer_cache": sorted(path for path in sys.path_importer_cache if "/_aftercall" not in path),
        "modules": sorted(name for name in sys.modules if not name.startswith(OURS)),
        "importable": sorted({module.name for module in pkgutil.iter_modules()}),
        "main": {
            name: type(value).__name__ if name.startswith("__") and name != "__file__" else repr(value)
            for name, value in vars(sys.modules["__main__"]).items()
        },
    }


def context_variables(event, context):
    import contextvars

    return [variable.name for variable in contextvars.copy_context()]


def distributions(event, context):
    from importlib import metadata

    return sorted({f"{found.metadata['Name']} {found.version}" for found in metadata.distributions()})


def process(event, context):
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    # Not the kernel's count of threads: the runtime client has one of its own now and then, with us and without.
    kept = ("Name", "Umask", "SigBlk", "SigIgn", "SigCgt", "Seccomp", "NoNewPrivs", "CapEff")
    return {
        "status": {name: status.get(name) for name in kept},
        "threads": [thread.name for thread in threading.enumerate()],
        "gc": [gc.get_threshold(), gc.isenabled(), gc.get_debug(), [repr(back) for back in gc.callbacks]],
        "descriptors": descriptors(),
        "handlers": {str(number): repr(signal.getsignal(number)) for number in signal.valid_signals()},
        "wakeup": signal.set_wakeup_fd(-1),
        "nice": os.nice(0),
        "affinity": sorted(os.sched_getaffinity(0)),
        "is_leader": os.getpid() == os.getpgid(0),
    }


def descriptors():
    """The kinds of what is open, each as often as it is. Which number one has depends on what was open beside it."""
    gc.collect()  # calls that were given up leave sockets in cycles
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}").partition(":[")[0])
        except OSError:  # that of the listing itself
            pass
    return sorted(found)


def stack(event, context):
    import inspect

    return [[entry.filename, entry.function] for entry in inspect.stack()]


def recursion(event, context):
    """How deep the handler's thread can go, and a new one: to the level."""
    depths = [depth()]
    thread = threading.Thread(target=lambda: depths.append(depth()))
    thread.start()
    thread.join()
    return depths


def depth(level=0):
    try:
        return depth(level + 1)
    except RecursionError:
        return level


def context(event, context):
    names = sorted(name for name in vars(context) if "deadline" not in name)
    return {name: repr(getattr(context, name)) for name in names}


def versions(event, context):
    """What the user's own packages are, and where they lie."""
    import requests
    import urllib3
    import wrapt

    return [[module.__name__, module.__version__, module.__file__] for module in (wrapt, urllib3, requests)]
