"""_native.run_main ends the process as python itself would."""

from __future__ import annotations

import os
import signal
import subprocess
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = {
    "returns": "print('done')",
    "exception": "def f(): raise ValueError('no')\nf()",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('x') from error",
    "exit": "import sys; sys.exit(3)",
    "exit with a message": "import sys; sys.exit('bye')",
    "exit with nothing": "raise SystemExit",
    "exit with None and an atexit hook": "import atexit; atexit.register(print, 'at exit'); raise SystemExit(None)",
    "interrupt": "raise KeyboardInterrupt('by hand')",
    "subclass of interrupt": "class Mine(KeyboardInterrupt): pass\nraise Mine",
    "excepthook": "import sys\nsys.excepthook = lambda *what: print(what[0].__name__, what[2].tb_next)\nraise OSError",
    "broken excepthook": "import sys\nsys.excepthook = lambda *_: 1 / 0\nraise OSError('first')",
    "syntax error in an import": "exec(compile('x = = 1', 'made_up.py', 'exec'))",
    "generator exit": "raise GeneratorExit",
    "thread": "import threading, time\nthreading.Thread(target=lambda: (time.sleep(.1), print('late'))).start()\n1 / 0",
    "recursion": "import sys\nsys.setrecursionlimit(60)\ndef f(): f()\nf()",
    "depth": "import sys\ndef f(n):\n    try: return f(n + 1)\n    except RecursionError: return n\nprint(f(0))",
    "frames": "import sys, traceback\nprint(sys._getframe().f_back)\ntraceback.print_stack()",
    "warning": "import warnings\nwarnings.warn('above all', stacklevel=3)",
    "names": "print(sorted(globals()), __file__ if '__file__' in globals() else None)",
    "own stderr": "import io, sys\nprint(type(sys.stderr).__name__)\nsys.stderr = io.StringIO()\nraise ValueError",
    "closed stderr": "import os\nos.close(2)\nraise ValueError",
}
START = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from _aftercall._native import run_main
del sys.path[0], sys.argv[0]
__file__ = sys.argv[0]
with open(__file__) as file:
    code = compile(file.read(), __file__, "exec")
del sys, file
globals().pop("run_main")(globals().pop("code"), globals())
"""


def ended(*command: str | Path, cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_process_ends_as_without_us(python, wrapper, tmp_path, ending):
    (tmp_path / "script.py").write_text(ENDINGS[ending])
    (tmp_path / "start.py").write_text(START)
    plain = ended(python, tmp_path / "script.py", cwd=tmp_path)
    assert ended(python, "start.py", wrapper, tmp_path / "script.py", cwd=tmp_path) == plain


def test_a_callable_is_called(python, wrapper, tmp_path):
    text = """
        import sys
        sys.path.insert(0, sys.argv[1])
        from _aftercall._native import run_main

        def program(word):
            print(word)
            raise SystemExit(4)

        run_main(program, ("hello",))
    """
    (tmp_path / "start.py").write_text(textwrap.dedent(text))
    assert ended(python, "start.py", wrapper, cwd=tmp_path) == (4, "hello\n", "")


def test_called_elsewhere_it_runs_at_once(python, wrapper, tmp_path):
    text = "import sys; sys.path.insert(0, {!r}); from _aftercall._native import run_main\nrun_main(print, ('first',))"
    plain = text.format(str(wrapper)) + "; print('second')"
    assert ended(python, "-c", plain, cwd=tmp_path) == (0, "first\nsecond\n", "")
    (tmp_path / "module.py").write_text(plain)
    assert ended(python, "-m", "module", cwd=tmp_path) == (0, "first\nsecond\n", "")
    (tmp_path / "module.py").write_text(plain)
    assert ended(python, "module.py", cwd=tmp_path) == (0, "second\nfirst\n", "")


def test_an_interrupt_from_outside_kills_by_the_signal(python, wrapper, tmp_path):
    (tmp_path / "script.py").write_text("import time\nprint('ready', flush=True)\nwhile True: time.sleep(.1)")
    (tmp_path / "start.py").write_text(START)
    process = subprocess.Popen(
        [python, "start.py", wrapper, "script.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        # a shell's background jobs, which tests may be, ignore it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert errors.rstrip().endswith(b"KeyboardInterrupt")
