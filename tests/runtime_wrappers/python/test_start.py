"""start.py: the program sees what it would see without us. Each program here runs with and without the wrapper."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

SEES = """
import sys
def plain(value):
    return repr(value).replace("<frozen importlib._bootstrap_external>", "<frozen>")
main = sys.modules["__main__"]
print(sys.argv, getattr(sys, "orig_argv", None), sys.path, sys.flags)
print({name: type(value).__name__ if name in ("__loader__", "__builtins__") else value
       for name, value in sorted(vars(main).items()) if name not in ("ALSO", "sys", "plain", "main", "__spec__")})
print(main.__spec__ and (main.__spec__.name, main.__spec__.origin), sys.meta_path, sys.path_hooks)
print(sorted(name for name in sys.modules if "_aftercall" not in name and name not in ALSO))
print(sorted(path for path in sys.path_importer_cache if "_aftercall" not in path and "lib-dynload" not in path))
import os
print(dict(os.environ), os.getcwd(), os.listdir("/proc/self/fd").__len__())
"""
# Modules of the standard library that the wrapper loads: the runtime client loads every one of them anyway.
ALSO = """
ALSO = {"_contextvars", "_json", "errno", "itertools", "types", "_types", "encodings.ascii"}
# Not there yet with -S.
ALSO |= {"_collections_abc", "genericpath", "os", "os.path", "posixpath", "_stat", "stat", "abc", "_abc"}
"""


def both(runner, command, **options):
    """(with us, without us), which must agree."""
    watched = runner.command(*command, **options)
    plain = runner.command("/bin/sh", "-c", 'exec "$@"', "sh", *command, wrapped=False, **options)
    return watched, plain


def agree(runner, command, **options):
    watched, plain = both(runner, command, **options)
    assert without_addresses(watched.stdout) == without_addresses(plain.stdout)
    assert without_addresses(watched.stderr) == without_addresses(plain.stderr)
    assert watched.returncode == plain.returncode
    return watched


def without_addresses(text):
    return re.sub(r"0x[0-9a-f]+", "0x", text)


@pytest.mark.parametrize(
    "options",
    [
        ["see.py", "a", "-m", ""],
        ["./see.py"],
        ["sub/../see.py"],
        ["link.py"],
        ["-u", "-X", "dev", "see.py"],
        ["-W", "error", "-B", "see.py"],
        ["-I", "see.py"],
        ["-E", "-s", "see.py"],
        ["-S", "see.py"],
        ["-OO", "see.py"],
        ["-m", "see", "a"],
        ["-I", "-m", "this_is_not_there"],
        ["-m", "package"],
        ["-m", "package.inner", "x"],
        ["--", "see.py"],
    ],
    ids=" ".join,
)
def test_the_program_sees_the_same(runner, python, options):
    program = runner.script(ALSO + SEES, "see.py")
    (runner.folder / "elsewhere").mkdir()
    shutil.copy(program, runner.folder / "elsewhere" / "real.py")
    (runner.folder / "link.py").symlink_to("elsewhere/real.py")
    (runner.folder / "sub").mkdir()
    (runner.folder / "package").mkdir()
    for name in ("__init__", "__main__", "inner"):
        shutil.copy(program, runner.folder / "package" / f"{name}.py")
    agree(runner, [python, *options], cwd=runner.folder)


@pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="Linux alone")
def test_safe_path(runner, python):
    runner.script(ALSO + SEES, "see.py")
    agree(runner, [python, "-P", "see.py"])
    agree(runner, [python, "see.py"], env=runner.environment(PYTHONSAFEPATH="1"))


@pytest.mark.parametrize(
    "text",
    [
        "import sys; sys.exit(3)",
        "import sys; sys.exit('told')",
        "raise SystemExit",
        "raise SystemExit(None)",
        "1/0",
        "def f():\n    raise ValueError('x') from KeyError('y')\nf()",
        "import sys; sys.excepthook = lambda *a: print('hooked', a[0])\n1/0",
        "syntax error",
        "import nothing_like_this",
        "'''doc'''\nprint(__doc__)",
        "print(__doc__)",
        "# -*- coding: latin-1 -*-\nprint(ascii('\xe9'))",
        "x: int = 1\nprint(sorted(n for n in globals() if n != '__conditional_annotations__'))",
        "from __future__ import annotations\ndef f(x: undefined): pass\nprint(f.__annotations__)",
        "import os; os._exit(5)",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "import atexit, sys; atexit.register(print, 'end'); sys.exit(1)",
        "raise KeyboardInterrupt",
        "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGINT)\nf()",
        "import threading\nthreading.Thread(target=lambda: 1/0, name='t').start()",
        "def f(): yield 1\nimport pickle\nclass A: pass\nprint(pickle.loads(pickle.dumps(A())).__class__.__module__)",
        "import warnings; warnings.warn('here')",
        "import pdb, inspect; print(inspect.getsource(inspect.currentframe()))",
        """if 1:
            import copy, inspect, pickle
            from socket import getaddrinfo
            print(pickle.loads(pickle.dumps(getaddrinfo)) is getaddrinfo, copy.deepcopy(getaddrinfo) is getaddrinfo)
            print(inspect.signature(getaddrinfo), getaddrinfo.__name__, inspect.isfunction(getaddrinfo))
            """,
    ],
)
def test_it_ends_the_same(runner, python, text):
    path = runner.folder / "program.py"
    path.write_bytes(text.encode("latin-1" if "latin-1" in text else "utf-8"))
    agree(runner, [python, "program.py"])
    agree(runner, [python, "-m", "program"])


@pytest.mark.parametrize("arguments", [["missing.py"], ["folder"], ["archive.zip"], ["compiled.pyc"], []])
def test_what_is_no_script_runs_without_us(runner, python, arguments):
    (runner.folder / "folder").mkdir()
    (runner.folder / "folder" / "__main__.py").write_text("import sys; print(sys.argv, sys.path[0])")
    shutil.make_archive(str(runner.folder / "archive"), "zip", runner.folder / "folder")
    source = runner.script("print('compiled')", "compiled.py")
    subprocess.run(
        [python, "-c", f"import py_compile; py_compile.compile({str(source)!r}, {str(source)!r} + 'c')"], check=True
    )
    agree(runner, [python, *arguments], input="print('from standard input')")


def test_a_chained_wrapper_that_adds_options_as_awss_example_does(runner, python):
    runner.script(ALSO + SEES, "see.py")
    theirs = runner.script(
        """\
        #!/bin/bash
        args=("$@")
        extra_args=("-X" "utf8" "-B")
        args=("${args[@]:0:$#-1}" "${extra_args[@]}" "${args[@]: -1}")
        exec "${args[@]}"
        """,
        "theirs",
    )
    theirs.chmod(0o755)
    watched = runner.command(python, "see.py", env=runner.environment(AFTERCALL_NEXT_WRAPPER=str(theirs)))
    plain = runner.command(
        "/bin/sh", "-c", 'exec "$@"', "sh", theirs, python, "see.py", wrapped=False,
        env=runner.environment(AFTERCALL_NEXT_WRAPPER=str(theirs)),
    )  # fmt: skip
    assert without_addresses(watched.stdout) == without_addresses(plain.stdout)
    assert watched.stderr == plain.stderr == ""


def test_children_are_what_they_are_without_us(runner, python):
    text = """
    import multiprocessing, os, subprocess, sys
    def child(queue):
        queue.put((sys.argv, sys.path[:1], sorted(n for n in sys.modules if "aftercall" in n), __name__))
    if __name__ == "__main__":
        for way in ("fork", "spawn", "forkserver"):
            context = multiprocessing.get_context(way)
            queue = context.SimpleQueue()
            process = context.Process(target=child, args=(queue,))
            process.start()
            argv, path, modules, name = queue.get()
            print(way, argv, path, name, modules if way != "fork" else "")
            process.join()
            print(process.exitcode)
        print(subprocess.run([sys.executable, "-c", "import sys, os; print(sys.argv, sys.path, sorted(os.environ))"],
                             capture_output=True, text=True).stdout)
        sys.stdout.flush()
        if not os.fork():
            os.execv(sys.executable, [sys.executable, "-c", "print('again')"])
        os.wait()
    """
    runner.script(text, "program.py")
    agree(runner, [python, "program.py"])
    agree(runner, [python, "-m", "program"])


def test_two_levels_of_recursion_are_taken_at_most(runner, python):
    # start.py's frame, and on 3.11 the C call that runs the program.
    runner.script("def f(n):\n    try: return f(n + 1)\n    except RecursionError: return n\nprint(f(0))", "program.py")
    watched, plain = both(runner, [python, "program.py"])
    assert 0 <= int(plain.stdout) - int(watched.stdout) <= 2


def test_a_broken_wrapper_lets_the_function_run_and_says_so(runner, python, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(runner.wrapper, broken)
    for library in broken.glob("_aftercall/_native*"):
        library.write_bytes(b"not a library")
    runner.wrapper = broken
    ran = runner.run(python, "import sys; print(sys.argv[1:], 'aftercall' in str(sys.modules.keys()))", "a")
    assert ran.stdout == "['a'] False\n"
    (process,) = ran.frames
    assert "ImportError" in process.header["not_watched"]
    assert ran.stderr == f"aftercall: this function is not watched: {process.header['not_watched']}\n"
    shutil.rmtree(broken / "_aftercall")
    assert runner.run(python, "print('runs')").stdout == "runs\n"
