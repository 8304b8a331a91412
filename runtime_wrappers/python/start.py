# What python runs first: python3.12 [options] start.py bootstrap.py [args]. This file is never cached, so it is short:
# _aftercall.bootstrap prepares everything, and the last line runs the function's own bootstrap in this same __main__.
# It runs, and lets the function run, on every Python that there is: only what 2.7 understands stands here.
import sys

try:
    import _frozen_importlib as importlib
    import _frozen_importlib_external as external

    folder = __file__.rpartition("/")[0]
    spec = external.spec_from_file_location(
        "_aftercall",
        folder + "/_aftercall/__init__.py",
        submodule_search_locations=[folder + "/_aftercall"],
    )
    sys.modules["_aftercall"] = importlib.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["_aftercall"])
    from _aftercall.bootstrap import prepare

    run, what, arguments = prepare(__file__)
except BaseException:
    # Whatever it was: the function runs as if we were not there.
    import posix
    import sys

    level = posix.environ.get(b"AFTERCALL_LOG_LEVEL")
    if level == b"debug":
        sys.excepthook(*sys.exc_info())
    elif sys.version_info < (3,) and level != b"off":
        sys.stderr.write("aftercall: this function is not watched: Python 2 is not supported\n")
    with open("/proc/self/cmdline", "rb") as cmdline:
        words = cmdline.read().split(b"\0")[:-1]
    start = __file__
    if not isinstance(start, bytes):
        start = start.encode(sys.getfilesystemencoding(), "surrogateescape")
    words.remove(start)
    posix.execv(sys.executable, words)
globals().pop("run")(globals().pop("what"), globals().pop("arguments"))
