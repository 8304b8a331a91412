"""Gives back to the function's bootstrap what start.py took, and says how to run it.

What CPython does for `python script args` and `python -m module args` is in Modules/main.c (pymain_run_file,
pymain_run_module) and Python/pathconfig.c (_PyPathConfig_ComputeSysPathArgv0).
"""

import sys
from _frozen_importlib_external import SourceFileLoader
from posix import execv, getcwd
from posixpath import realpath

OLDEST, NEWEST = (3, 9), (3, 14)
INTERPRETER_FLAGS = frozenset("BbdEIOPqRsSuv")
OPTIONS_WITH_VALUE = ("-X", "-W", "--check-hash-based-pycs")


def prepare(start):
    """Install the hooks and return (run, what, arguments): run(what, arguments) is the bootstrap.

    `start` is start.py's own `__file__`. Raises when something cannot be done as python would: start.py then lets
    the interpreter begin again without us.
    """
    arguments = sys.argv[1:]
    moved = interpreter_options(arguments)
    if moved:
        begin_again(start, arguments[:moved])
    if arguments[0][:2] == "-m":
        prepare_target, target = module_target, arguments
    else:
        prepare_target, target = script_target, arguments[0]
    run_main = native_or_reason()
    if run_main is None:
        raise ImportError("not watched")
    what, with_arguments = prepare_target(start, target)
    restore_orig_argv(start)
    return run_main, what, with_arguments


def interpreter_options(words):
    """Count the words before the script that a chained wrapper meant for the interpreter (`-X importtime`)."""
    count = 0
    while count < len(words):
        word = words[count]
        if word in OPTIONS_WITH_VALUE:
            count += 2
        elif word[:2] in ("-X", "-W") or (len(word) > 1 and word[0] == "-" and INTERPRETER_FLAGS.issuperset(word[1:])):
            count += 1
        else:
            break
    if count >= len(words) or words[count][:2] == "-c":
        raise ValueError("no script and no module")
    return count


def begin_again(start, options):
    """Run the same command with `options` before start.py, where the interpreter takes them."""
    words = process_words()
    at = words.index(start)
    execv(sys.executable, [*words[:at], *options, start, *words[at + 1 + len(options) :]])


def process_words():
    with open("/proc/self/cmdline", "rb") as cmdline:
        words = cmdline.read().split(b"\0")[:-1]
    return [word.decode(sys.getfilesystemencoding(), "surrogateescape") for word in words]


def native_or_reason():
    """Install the hooks; return _native.run_main, or None where this Python is not watched (then that is told)."""
    reason = unsupported()
    if reason is None:
        try:
            from . import install
            from ._native import run_main
        except ImportError as error:
            reason = f"{type(error).__name__}: {error}"
        else:
            install.install()
            return run_main
    from . import not_watched

    not_watched.tell(reason)
    return None


def unsupported():
    """Say why this Python is not watched, or None; asked before the native parts load: some would crash."""
    name, version = sys.implementation.name, sys.version_info[:2]
    if name != "cpython":
        return f"{name} is not supported"
    if "t" in sys.abiflags:
        return "a free-threaded Python is not supported"  # our objects have another layout there
    if not OLDEST <= version <= NEWEST:
        return "Python {}.{} is not supported".format(*version)
    return None


def script_target(start, script):
    """`python script`: its folder on sys.path, its code compiled as python compiles it, in a fresh __main__."""
    path = absolute(script)
    with open(path, "rb") as file:
        source = file.read()
    # No inherited flags: a __future__ import of ours must not reach it. A syntax error makes python begin again without
    # us, and it then prints what it always prints.
    code = compile(source, path, "exec", dont_inherit=True)
    sys.argv[:] = sys.argv[1:]
    replace_first_path(start, realpath(path).rpartition("/")[0] or "/")
    sys.path_importer_cache[path] = None  # where python looked to tell a script from a folder or an archive
    fresh_main(__file__=path, __loader__=SourceFileLoader("__main__", path))
    return code, sys.modules["__main__"].__dict__


def module_target(start, words):
    """`python -m module`: what pymain_run_module does; runpy's own frames are there without us as well."""
    name, rest = (words[1], words[2:]) if words[0] == "-m" else (words[0][2:], words[1:])
    from runpy import _run_module_as_main

    sys.argv[:] = ["-m", *rest]
    replace_first_path(start, getcwd())
    fresh_main(__loader__=sys.modules["builtins"].__loader__)
    main = sys.modules["__main__"].__dict__
    main.pop("__file__", None)
    main.pop("__cached__", None)
    return _run_module_as_main, (name, True)


def fresh_main(**names):
    """Leave in __main__ what python itself puts there. start.py's last line takes its own three names out again."""
    main = sys.modules["__main__"].__dict__
    for name in [name for name in main if name[:2] != "__"]:
        del main[name]
    main.update(__doc__=None, __package__=None, __spec__=None, **names)


def replace_first_path(start, path):
    """Put `path` where python has put start.py's folder, unless it was told (-I, -P) to put nothing there."""
    sys.path_importer_cache.pop(start, None)
    sys.path_importer_cache.pop(start.rpartition("/")[0], None)
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[0] = path


def restore_orig_argv(start):
    words = getattr(sys, "orig_argv", None)  # 3.10
    if words:
        words.remove(start)


def absolute(path):
    """As Python/fileutils.c's _Py_abspath: joined to the working directory, not normalised."""
    if path[:1] == "/":
        return path
    return getcwd() + "/" + path
